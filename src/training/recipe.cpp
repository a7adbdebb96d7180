#include "training/recipe.h"

#include <chrono>
#include <cstdio>
#include <set>
#include <utility>

#include "base/sha256.h"
#include "data/dataset.h"
#include "recognizer/card.h"
#include "training/recipe_data.h"
#include "training/recipe_table.h"

namespace longhand::training {
namespace {

constexpr std::size_t kMostRecipeBytes = std::size_t{16} << 20;

void read_network(RecipeTable table, std::vector<Layer>& layers, Initialization& init) {
  table.layers("layers", layers);
  RecipeTable sub = table.sub("initialization");
  sub.choice("kind", init.kind,
             {{"he", Initialization::Kind::kHe},
              {"truncated-normal", Initialization::Kind::kTruncatedNormal}});
  sub.number("deviation", init.deviation, 0, 10);
  sub.number("bias", init.bias, -10, 10);
}

void read_optimizer(RecipeTable table, Optimizer& optimizer) {
  table.choice("kind", optimizer.kind,
               {{"adam", Optimizer::Kind::kAdam},
                {"adamw", Optimizer::Kind::kAdamW},
                {"sgd", Optimizer::Kind::kSgd}});
  table.number("rate", optimizer.rate, 1e-9, 100);
  table.number("weight_decay", optimizer.weight_decay, 0, 10);
  table.number("beta1", optimizer.beta1, 0, 0.99999);
  table.number("beta2", optimizer.beta2, 0, 0.9999999);
  table.number("epsilon", optimizer.epsilon, 1e-12, 1);
  table.number("momentum", optimizer.momentum, 0, 0.99999);
}

void read_schedule(RecipeTable table, Schedule& schedule) {
  table.choice("kind", schedule.kind,
               {{"constant", Schedule::Kind::kConstant},
                {"cosine", Schedule::Kind::kCosine},
                {"one-cycle", Schedule::Kind::kOneCycle}});
  table.number("warmup", schedule.warmup, 0, 0.9);
  table.number("final", schedule.final_rate, 0, 1);
}

void read_training(RecipeTable table, TrainingPlan& plan) {
  table.integer("batch", plan.batch, 1, 65'536);
  table.integer("epochs", plan.epochs, 0, 1'000'000);
  table.integer("steps", plan.steps, 0, 1'000'000'000);
  table.number("ema", plan.ema, 0, 0.999999);
  table.number("label_smoothing", plan.label_smoothing, 0, 0.9);
  table.boolean("balance", plan.balance);
  table.number("negatives", plan.negatives, 0, 1);
  table.choice("choose", plan.choose,
               {{"loss", TrainingPlan::Choice::kLoss},
                {"accuracy", TrainingPlan::Choice::kAccuracy},
                {"last", TrainingPlan::Choice::kLast}});
  table.path("start", plan.start);
  table.paths("teachers", plan.teachers);
  table.number("teaching", plan.teaching, 0, 1);
  table.number("nothing", plan.nothing, 0, 1);
  table.integer("checkpoint_every", plan.checkpoint_every, 1, 1'000'000'000);
  table.integer("threads", plan.threads, 1, 256);
  table.integer("loaders", plan.loaders, 1, 256);
  if (plan.balance && !plan.teachers.empty()) {
    table.refuse("balance", "it can't be true with teachers, who answer for their own frequencies");
  }
  if ((plan.epochs > 0) == (plan.steps > 0)) {
    table.refuse("epochs", "either epochs or steps must be given, and more than 0");
  }
}

void read_augmentation(RecipeTable table, const TrainingPlan& plan, Augmentation& bend) {
  bend.enabled = table.given();
  table.integer("seed", bend.seed, 0, 9'007'199'254'740'992);
  table.number("rotation", bend.rotation, 0, 180);
  table.number("shear", bend.shear, 0, 1);
  table.number("scale", bend.scale, 0, 1);
  table.number("translation", bend.translation, 0, 0.5);
  table.number("elastic", bend.elastic, 0, 0.5);
  table.number("elastic_grid", bend.elastic_grid, 2, 16);
  table.number("stroke", bend.stroke, 0, 3);
  table.number("contrast", bend.contrast, 0, 1);
  table.number("noise", bend.noise, 0, 1);
  table.number("cutout", bend.cutout, 0, 1);
  table.number("breaks", bend.breaks, 0, 1);
  table.number("low_resolution", bend.low_resolution, 0, 1);
  table.integer("calm_epochs", bend.calm_epochs, 0, 100'000);
  table.number("calm", bend.calm, 0, 1);
  if (bend.calm_epochs > 0 && bend.calm_epochs > plan.epochs) {
    table.refuse("calm_epochs", "it must be at most training.epochs");
  }
}

// The card of such a model, by the rules of cards: what one refuses would be found out when the
// training is over.
Result<recognizer::Card> card_with(const std::string& name, const std::string& alphabet_name,
                                   const std::vector<std::string>& characters, int glyphs) {
  recognizer::Card card;
  card.name = name;
  card.alphabet_name = alphabet_name;
  card.alphabet = characters;
  auto metadata = recognizer::to_metadata(card);
  metadata["glyphs"] = std::to_string(glyphs);
  return recognizer::card_from_metadata(metadata);
}

void read_alphabet(RecipeTable& table, Recipe& recipe) {
  recipe.alphabet_name = "digits";
  std::string characters;
  table.text("alphabet", recipe.alphabet_name);
  table.text("characters", characters);
  std::int64_t glyphs = 1;
  table.integer("glyphs", glyphs, 1, 2);
  const std::string_view key = characters.empty() ? "alphabet" : "characters";
  auto alphabet = characters.empty() ? recognizer::builtin_alphabet(recipe.alphabet_name)
                                     : recognizer::split_code_points(characters);
  if (!alphabet) return table.refuse(key, alphabet.error().message);
  recipe.characters = std::move(*alphabet);
  recipe.glyphs = static_cast<int>(glyphs);
  if (const auto card = card_with("x", recipe.alphabet_name, {"0"}, 1); !card) {
    table.refuse("alphabet", card.error().message);
  }
  auto card = card_with("x", "x", recipe.characters, recipe.glyphs);
  if (!card) return table.refuse(key, card.error().message);
  recipe.alphabet = std::move(card->alphabet);
}

bool is_date(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) return false;
  char whole[40];
  std::snprintf(whole, sizeof whole, "%04d-%02u-%02u", year, month, day);
  return text == whole &&
         std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month),
                                     std::chrono::day(day))
             .ok();
}

void read_root(RecipeTable& table, Recipe& recipe) {
  table.text("name", recipe.name);
  read_alphabet(table, recipe);
  std::string normalization = "raw";
  table.text("normalization", normalization);
  if (const auto known = ink::parse_normalization(normalization)) {
    recipe.normalization = *known;
  } else {
    table.refuse("normalization", "it must be \"raw\", \"ink-1\" or \"ink-2\"");
  }
  std::int64_t seed = 1;
  table.integer("seed", seed, 0, 9'007'199'254'740'992);
  recipe.seed = static_cast<std::uint64_t>(seed);
  table.text("date", recipe.date);
  if (!recipe.date.empty() && !is_date(recipe.date)) {
    table.refuse("date", "it must be a day that there is, such as 2026-11-23");
  }
  if (const auto card = card_with(recipe.name, "x", {"0"}, 1); !card) {
    table.refuse("name", card.error().message);
  }
}

std::string digest_of(const std::string& settings) {
  return to_hex(sha256(std::as_bytes(std::span(settings.data(), settings.size()))));
}

void read_export(RecipeTable table, Recipe& recipe) {
  table.choice("weights", recipe.export_weights,
               {{"float32", WeightType::kFloat32},
                {"float16", WeightType::kFloat16},
                {"int8", WeightType::kInt8},
                {"int4", WeightType::kInt4}});
  table.number("lookalike_temperature", recipe.lookalike_temperature, 0.1, 10);
}

}  // namespace

Result<Recipe> parse_recipe(std::string_view toml, std::string_view file_name,
                            const std::vector<std::string>& settings) {
  auto document = RecipeDocument::parse(toml, file_name, settings);
  if (!document) return tl::unexpected(document.error());
  Recipe recipe;
  recipe.data.split_seed = recipe.augmentation.seed = -1;
  recipe.file = std::filesystem::path(file_name).filename().string();
  RecipeTable root = document->root();
  read_root(root, recipe);
  read_data(root.sub("data"), recipe.glyphs, recipe.data);
  read_network(root.sub("network"), recipe.layers, recipe.initialization);
  read_optimizer(root.sub("optimizer"), recipe.optimizer);
  read_schedule(root.sub("schedule"), recipe.schedule);
  read_training(root.sub("training"), recipe.training);
  read_augmentation(root.sub("augmentation"), recipe.training, recipe.augmentation);
  read_export(root.sub("export"), recipe);
  if (auto error = document->finish()) return tl::unexpected(*error);
  if (recipe.data.split_seed < 0) {
    recipe.data.split_seed = static_cast<std::int64_t>(recipe.seed);
  }
  if (recipe.augmentation.seed < 0) {
    recipe.augmentation.seed = static_cast<std::int64_t>(recipe.seed);
  }
  // Neither the date changes what is learnt, nor where the data lie, how often to save, the number
  // of loaders, or how confidences are calibrated in the end.
  const std::set<std::string_view> without = {"date",    "root",       "checkpoint_every",
                                              "loaders", "calibrates", "lookalike_temperature"};
  recipe.digest = digest_of(document->canonical(without));
  recipe.weights_digest =
      digest_of(document->canonical(without, {"name", "data.name", "data.terms", "data.test"}));
  return recipe;
}

Result<Recipe> load_recipe(const std::filesystem::path& file,
                           const std::vector<std::string>& settings) {
  const auto bytes = data::read_file(file, kMostRecipeBytes);
  if (!bytes) return fail(bytes.error().code, "the recipe: " + bytes.error().message);
  return parse_recipe({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, file.string(),
                      settings);
}

}  // namespace longhand::training
