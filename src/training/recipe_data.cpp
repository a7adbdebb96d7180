#include "training/recipe_data.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "recognizer/card.h"

namespace longhand::training {
namespace {

constexpr std::int64_t kMostSamples = 100'000'000;

void check_kind(RecipeTable& table, const DataSource& source) {
  if (source.images.empty() != source.labels.empty()) {
    table.refuse("images", "images and labels belong together: both or neither must be given");
  }
  const int kinds =
      static_cast<int>(!source.images.empty()) + static_cast<int>(!source.folder.empty()) +
      static_cast<int>(!source.strokes.empty()) + static_cast<int>(!source.forms.empty()) +
      static_cast<int>(!source.fonts.empty());
  if (kinds > 1) {
    table.refuse("folder",
                 "one of images with labels, folder, strokes, forms and fonts must be given, not "
                 "several");
  }
}

void read_characters(RecipeTable& table, std::vector<std::string>& characters) {
  std::string text;
  table.text("characters", text);
  auto split = recognizer::split_code_points(text);
  if (!split) return table.refuse("characters", split.error().message);
  characters = std::move(*split);
}

// `root` opens every path that is relative.
void read_source(RecipeTable table, const std::filesystem::path& root, DataSource& source) {
  table.text("name", source.name);
  table.text("terms", source.terms);
  const auto path = [&](std::string_view key, std::filesystem::path& value) {
    table.path(key, value);
    if (!value.empty()) value = root / value;
  };
  path("images", source.images);
  path("labels", source.labels);
  path("writers", source.writers);
  path("label_map", source.label_map);
  path("folder", source.folder);
  path("strokes", source.strokes);
  path("fonts", source.fonts);
  table.path("forms", source.forms);  // part of the project, not of the data
  table.integer("count", source.count, 1, kMostSamples);
  if (source.forms.empty() != (source.count == 0)) {
    table.refuse("count", "forms and count (how many pictures to draw) belong together");
  }
  table.boolean("transpose", source.transpose);
  read_characters(table, source.characters);
  table.integer("per_epoch", source.per_epoch, 1, kMostSamples);
  table.integer("validation", source.validation, 0, kMostSamples);
  table.integer("pairs", source.pairs, 1, kMostSamples);
  table.integer("wrong_pairs", source.wrong_pairs, 0, kMostSamples);
  table.number("bend", source.bend, 0, 1);
  table.boolean("calibrates", source.calibrates);
  table.boolean("nothing", source.nothing);
  if (source.nothing) {
    if (source.characters.empty()) {
      table.refuse("characters", "a source of what is no character must say what to take of it");
    }
    source.validation = 0;  // accuracy is of characters
  }
  check_kind(table, source);
}

// Leaves out the sources that `without` names.
void drop(RecipeTable& table, const std::vector<std::string>& without, DataRecipe& data) {
  for (const std::string& name : without) {
    const auto found = std::find_if(data.train.begin(), data.train.end(),
                                    [&](const DataSource& source) { return source.name == name; });
    if (found == data.train.end()) {
      table.refuse("without", "no source of data.train is named \"" + name + "\"");
      return;
    }
    data.train.erase(found);
  }
  if (data.train.empty()) table.refuse("without", "it must leave a source to learn from");
}

// Pairs are for recipes whose classes are of two characters, and such recipes learn from nothing
// else.
void check_pairs(RecipeTable& table, int glyphs, const DataRecipe& data) {
  for (const DataSource& source : data.train) {
    if (glyphs == 2 && source.pairs == 0) {
      table.refuse("train", "with glyphs = 2 each source must say how many pairs to put together");
    } else if (glyphs == 1 && source.pairs + source.wrong_pairs > 0) {
      table.refuse("train", "pairs and wrong_pairs are for recipes with glyphs = 2");
    } else if (glyphs == 2 && source.nothing) {
      table.refuse("train", "with glyphs = 2 wrong_pairs are what is nothing");
    }
  }
  if (glyphs == 2 && data.test.given()) {
    table.refuse("test", "a test set of pairs can't be read; leave it out");
  }
}

// What the card says where the sources say it and [data] does not.
std::string joined(const std::vector<DataSource>& sources, bool terms) {
  std::string text;
  for (const DataSource& source : sources) {
    if (source.name.empty() || (terms && source.terms.empty())) continue;
    if (!text.empty()) text += terms ? "; " : ", ";
    text += terms ? source.name + ": " + source.terms : source.name;
  }
  return text;
}

}  // namespace

void read_data(RecipeTable table, int glyphs, DataRecipe& data) {
  table.text("name", data.name);
  table.text("terms", data.terms);
  std::filesystem::path root;
  table.path("root", root);
  auto tables = table.tables("train");
  std::set<std::string> names;
  for (RecipeTable& each : tables) {
    DataSource& source = data.train.emplace_back();
    read_source(each, root, source);
    if (!source.given()) {
      each.refuse("images",
                  "a source must name images and labels, a folder, strokes, forms or fonts");
    }
    if (tables.size() > 1 && !names.insert(source.name).second) {
      each.refuse("name", "each of several sources must have a name of its own");
    }
  }
  if (tables.empty()) table.refuse("train", "it must name images and labels, or a folder");
  read_source(table.sub("test"), root, data.test);
  std::vector<std::string> without;
  table.texts("without", without);
  drop(table, without, data);
  check_pairs(table, glyphs, data);
  table.integer("validation", data.validation, 0, kMostSamples);
  table.integer("split_seed", data.split_seed, 0, 9'007'199'254'740'992);
  table.integer("limit", data.limit, 0, 1'000'000'000);
  if (data.name.empty()) data.name = joined(data.train, false);
  if (data.terms.empty()) data.terms = joined(data.train, true);
}

}  // namespace longhand::training
