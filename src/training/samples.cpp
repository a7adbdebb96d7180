#include "training/samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "data/split.h"
#include "ink/find_ink.h"
#include "ink/rasterize.h"
#include "training/counter_random.h"
#include "training/font_glyphs.h"
#include "training/glyph_forms.h"
#include "training/touching.h"

namespace longhand::training {
namespace {

constexpr std::size_t kGlyphPixels =
    static_cast<std::size_t>(ink::Glyph::kSize) * static_cast<std::size_t>(ink::Glyph::kSize);

// Strokes become pictures once, at a size that loses nothing that 28 pixels could show.
ink::Raster draw(const ink::Strokes& strokes) {
  constexpr float kSide = 96;
  constexpr float kMargin = 12;
  const ink::Box box = ink::bounds(strokes);
  const float largest = std::max({box.w, box.h, 1e-6F});
  const float scale = (kSide - 2 * kMargin) / largest;
  ink::Strokes fitted = strokes;
  for (ink::Stroke& stroke : fitted.strokes) {
    for (ink::Point& point : stroke) {
      point.x = (point.x - box.x - box.w / 2) * scale + kSide / 2;
      point.y = (point.y - box.y - box.h / 2) * scale + kSide / 2;
    }
  }
  ink::Brush brush;
  brush.width = 7;
  return {ink::rasterize(fitted, static_cast<int>(kSide), static_cast<int>(kSide), brush), {}};
}

ink::Raster picture_of(data::Sample& sample) {
  if (auto* raster = std::get_if<ink::Raster>(&sample.input)) return std::move(*raster);
  return draw(std::get<ink::Strokes>(sample.input));
}

std::map<std::string, std::int32_t> places(const std::vector<std::string>& alphabet) {
  std::map<std::string, std::int32_t> result;
  for (const std::string& character : alphabet) {
    result.emplace(character, static_cast<std::int32_t>(result.size()));
  }
  return result;
}

}  // namespace

Result<data::Dataset> load_source(const DataSource& source,
                                  const std::vector<std::string>& alphabet, std::uint64_t seed) {
  if (!source.folder.empty()) return data::read_folder(source.folder);
  if (!source.strokes.empty()) return data::read_strokes(source.strokes);
  if (!source.fonts.empty()) {
    return draw_fonts(source.fonts, source.characters.empty() ? alphabet : source.characters);
  }
  if (!source.forms.empty()) {
    auto forms = read_forms(source.forms);
    if (!forms) return tl::unexpected(forms.error());
    return draw_forms(*forms, source.characters.empty() ? alphabet : source.characters,
                      static_cast<std::size_t>(source.count), seed);
  }
  data::IdxOptions options;
  options.transpose = source.transpose;
  options.alphabet = alphabet;
  if (!source.writers.empty()) options.writers = source.writers;
  if (!source.label_map.empty()) options.label_map = source.label_map;
  return data::read_idx(source.images, source.labels, options);
}

namespace {

Error in_source(Error error, const DataSource& source, const Recipe& recipe) {
  if (recipe.data.train.size() < 2) return error;
  error.message = "data.train, " + source.name + ": " + error.message;
  if (error.code == ErrorCode::kNotFound) {
    error.message +=
        " (docs/training.md says where each set comes from; --set data.root=DIR reads "
        "them from another folder, --set 'data.without=[\"" +
        source.name + "\"]' learns without this one)";
  }
  return error;
}

// What of a source can be used, and what of that is held out.
struct Usable {
  std::vector<data::Sample> samples;
  std::size_t skipped = 0;
};

Result<Usable> load_usable(const DataSource& source, const Recipe& recipe) {
  const std::vector<std::string>& single =
      recipe.glyphs == 1 ? recipe.alphabet : recipe.characters;
  auto set = load_source(source, single, static_cast<std::uint64_t>(recipe.data.split_seed));
  if (!set) return tl::unexpected(in_source(set.error(), source, recipe));
  const auto& wanted = source.characters.empty() ? single : source.characters;
  const std::set<std::string> characters(wanted.begin(), wanted.end());
  const std::set<std::string> alphabet(single.begin(), single.end());
  Usable usable;
  for (data::Sample& sample : set->samples) {
    const bool known = source.nothing || alphabet.count(sample.label) != 0;
    if (!known || characters.count(sample.label) == 0) {
      ++usable.skipped;
    } else {
      usable.samples.push_back(std::move(sample));
    }
  }
  return usable;
}

// Whole writers where all are known, else single samples.
data::Split hold_out(const std::vector<data::Sample>& samples, std::int64_t count,
                     const Recipe& recipe) {
  std::vector<int> writers;
  for (const data::Sample& sample : samples) writers.push_back(sample.writer);
  const bool known = std::all_of(writers.begin(), writers.end(), [](int w) { return w >= 0; });
  if (!known) writers.clear();
  const double share =
      static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(1, samples.size()));
  return data::hold_out(samples.size(), writers, share,
                        static_cast<std::uint64_t>(recipe.data.split_seed));
}

// How many samples of each source to hold out: what it says, else its share of data.validation.
std::vector<std::int64_t> held_out(const Recipe& recipe, const std::vector<Usable>& sources) {
  double sharing = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (recipe.data.train[i].validation < 0) {
      sharing += static_cast<double>(sources[i].samples.size());
    }
  }
  std::vector<std::int64_t> counts;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const double share = static_cast<double>(sources[i].samples.size()) / std::max(1.0, sharing);
    counts.push_back(recipe.data.train[i].validation >= 0
                         ? recipe.data.train[i].validation
                         : std::llround(share * static_cast<double>(recipe.data.validation)));
  }
  return counts;
}

Result<void> check_enough(const Recipe& recipe, const DataSource& source, std::int64_t count,
                          std::int64_t held_out) {
  if (count > held_out) return {};
  const bool own = source.validation >= 0;
  const std::string of = recipe.data.train.size() < 2 ? "the training set" : source.name;
  return fail(ErrorCode::kCorruptData, of + " has " + std::to_string(count) + " usable samples; " +
                                           (own ? "its validation" : "data.validation") +
                                           " would hold out " + std::to_string(held_out) +
                                           " of them and leave none");
}

void gather(std::vector<data::Sample>& samples, const std::vector<std::size_t>& from,
            const std::map<std::string, std::int32_t>& place, bool nothing, Samples& to) {
  for (const std::size_t sample : from) {
    to.labels.push_back(nothing ? Samples::kNothing : place.at(samples[sample].label));
    to.pictures.push_back(picture_of(samples[sample]));
  }
}

// How many samples of a part an epoch takes.
std::size_t per_epoch_of(const DataSource& source, std::size_t size, std::int64_t limit) {
  const std::size_t wanted =
      source.per_epoch > 0 ? static_cast<std::size_t>(source.per_epoch) : size;
  return limit > 0 ? std::min(wanted, static_cast<std::size_t>(limit)) : wanted;
}

// One source, split: what is held out goes to validation, the rest is a part of what is learnt
// from.
void add_source(const DataSource& source, std::vector<data::Sample>& samples,
                const data::Split& split, const Recipe& recipe, TrainingData& data) {
  const std::size_t size = split.kept.size();
  data.train.parts.push_back({data.train.size(), data.train.size() + size,
                              per_epoch_of(source, size, recipe.data.limit), source.bend});
  const auto place = places(recipe.alphabet);
  gather(samples, split.kept, place, source.nothing, data.train);
  gather(samples, split.held_out, place, source.nothing, data.validation);
}

// Pairs put together from some of a source's samples, or what wrong cuts show in place of pairs.
void gather_pairs(const std::vector<ink::GreyImage>& inks, const std::vector<data::Sample>& samples,
                  const std::vector<std::size_t>& from, std::size_t count, bool wrong,
                  const Recipe& recipe, Samples& to) {
  const auto place = places(recipe.alphabet);
  for (std::size_t i = 0; i < count; ++i) {
    CounterRandom random({use(RandomUse::kPairs),
                          static_cast<std::uint64_t>(recipe.data.split_seed), from.front(),
                          wrong ? 1U : 0U, i});
    std::array<std::size_t, 3> chosen{};
    std::array<const ink::GreyImage*, 3> characters{};
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      chosen[k] = from[static_cast<std::size_t>(random.below(from.size()))];
      characters[k] = &inks[chosen[k]];
    }
    const std::span all(characters);
    to.pictures.push_back(
        {wrong ? put_together_wrongly(all, random) : put_together(all.first(2), random), {}});
    to.labels.push_back(wrong ? Samples::kNothing
                              : place.at(samples[chosen[0]].label + samples[chosen[1]].label));
  }
}

// One source of pairs: those of the characters held out go to validation.
void add_pairs(const DataSource& source, std::vector<data::Sample>& samples,
               const data::Split& split, const Recipe& recipe, TrainingData& data) {
  std::vector<ink::GreyImage> inks;
  for (data::Sample& sample : samples) {
    inks.push_back(ink_of(picture_of(sample), recipe.normalization));
  }
  const auto all = static_cast<double>(source.pairs + source.wrong_pairs);
  for (const auto& [count, wrong] :
       {std::pair(source.pairs, false), std::pair(source.wrong_pairs, true)}) {
    if (count == 0) continue;
    const auto size = static_cast<std::size_t>(count);
    const double share = static_cast<double>(count) / all;
    const auto taken = per_epoch_of(source, static_cast<std::size_t>(all), recipe.data.limit);
    data.train.parts.push_back(
        {data.train.size(), data.train.size() + size,
         static_cast<std::size_t>(std::llround(share * static_cast<double>(taken))), source.bend});
    gather_pairs(inks, samples, split.kept, size, wrong, recipe, data.train);
  }
  if (split.held_out.empty()) return;
  gather_pairs(inks, samples, split.held_out, split.held_out.size(), false, recipe,
               data.validation);
}

}  // namespace

Result<TrainingData> load_training_data(const Recipe& recipe) {
  TrainingData result;
  std::vector<Usable> sources;
  for (const DataSource& source : recipe.data.train) {
    auto usable = load_usable(source, recipe);
    if (!usable) return tl::unexpected(usable.error());
    result.skipped += usable->skipped;
    sources.push_back(std::move(*usable));
  }
  const auto counts = held_out(recipe, sources);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const DataSource& source = recipe.data.train[i];
    std::vector<data::Sample>& samples = sources[i].samples;
    const auto size = static_cast<std::int64_t>(samples.size());
    if (auto ok = check_enough(recipe, source, size, counts[i]); !ok) {
      return tl::unexpected(ok.error());
    }
    data::Split split = hold_out(samples, counts[i], recipe);
    const auto limit = static_cast<std::size_t>(recipe.data.limit);
    if (limit > 0 && split.kept.size() > limit) split.kept.resize(limit);
    const std::size_t before = result.validation.size();
    (recipe.glyphs == 1 ? add_source : add_pairs)(source, samples, split, recipe, result);
    for (std::size_t k = before; source.calibrates && k < result.validation.size(); ++k) {
      result.calibrating.push_back(k);
    }
  }
  if (result.validation.size() == 0) {
    return fail(ErrorCode::kCorruptData,
                "nothing is held out for validation; data.validation, or that of a source, must be "
                "more than 0");
  }
  if (result.calibrating.empty()) {
    return fail(ErrorCode::kCorruptData,
                "nothing that is held out fits the temperature; of a source with a validation, "
                "calibrates must not be false");
  }
  return result;
}

std::vector<std::uint8_t> normalize_all(const Samples& samples, ink::Normalization normalization) {
  std::vector<std::uint8_t> result(samples.size() * kGlyphPixels);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto glyph = ink::normalize(samples.pictures[i], normalization);
    if (!glyph) continue;
    std::copy(glyph->image.pixels.begin(), glyph->image.pixels.end(),
              result.begin() + static_cast<std::ptrdiff_t>(i * kGlyphPixels));
  }
  return result;
}

ink::GreyImage ink_of(const ink::Raster& picture, ink::Normalization normalization) {
  if (normalization == ink::Normalization::kRaw) return picture.grey;
  const auto patch =
      ink::find_ink(picture, normalization == ink::Normalization::kInk1 ? ink::InkSteps::ink1()
                                                                        : ink::InkSteps::ink2());
  if (!patch) return picture.grey;
  ink::GreyImage result(patch->coverage.width, patch->coverage.height);
  for (std::size_t i = 0; i < result.pixels.size(); ++i) {
    const float level = std::clamp(patch->coverage.values[i], 0.0F, 1.0F);
    result.pixels[i] = static_cast<std::uint8_t>(level * 255 + 0.5F);
  }
  return result;
}

}  // namespace longhand::training
