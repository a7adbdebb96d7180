#include "training/samples.h"

#include <algorithm>
#include <map>
#include <utility>

#include "data/split.h"
#include "ink/find_ink.h"
#include "ink/rasterize.h"

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
                                  const std::vector<std::string>& alphabet) {
  if (!source.folder.empty()) return data::read_folder(source.folder);
  data::IdxOptions options;
  options.transpose = source.transpose;
  options.alphabet = alphabet;
  if (!source.writers.empty()) options.writers = source.writers;
  return data::read_idx(source.images, source.labels, options);
}

Result<TrainingData> load_training_data(const Recipe& recipe) {
  auto set = load_source(recipe.data.train, recipe.alphabet);
  if (!set) return tl::unexpected(set.error());
  TrainingData result;
  const auto place = places(recipe.alphabet);
  std::vector<data::Sample> usable;
  for (data::Sample& sample : set->samples) {
    if (place.count(sample.label) == 0) {
      ++result.skipped;
    } else {
      usable.push_back(std::move(sample));
    }
  }
  const auto count = static_cast<std::int64_t>(usable.size());
  if (count <= recipe.data.validation) {
    return fail(ErrorCode::kCorruptData, "the training set has " + std::to_string(count) +
                                             " usable samples; data.validation would hold out " +
                                             std::to_string(recipe.data.validation) +
                                             " of them and leave none");
  }
  std::vector<int> writers;
  for (const data::Sample& sample : usable) writers.push_back(sample.writer);
  const bool known = std::all_of(writers.begin(), writers.end(), [](int w) { return w >= 0; });
  if (!known) writers.clear();
  const double share = static_cast<double>(recipe.data.validation) / static_cast<double>(count);
  data::Split split = data::hold_out(usable.size(), writers, share,
                                     static_cast<std::uint64_t>(recipe.data.split_seed));
  if (recipe.data.limit > 0 && static_cast<std::int64_t>(split.kept.size()) > recipe.data.limit) {
    split.kept.resize(static_cast<std::size_t>(recipe.data.limit));
  }
  const auto gather = [&](const std::vector<std::size_t>& from, Samples& to) {
    for (const std::size_t i : from) {
      to.labels.push_back(place.at(usable[i].label));
      to.pictures.push_back(picture_of(usable[i]));
    }
  };
  gather(split.kept, result.train);
  gather(split.held_out, result.validation);
  return result;
}

Result<Samples> load_samples(const DataSource& source, const Recipe& recipe) {
  auto set = load_source(source, recipe.alphabet);
  if (!set) return tl::unexpected(set.error());
  const auto place = places(recipe.alphabet);
  Samples samples;
  for (data::Sample& sample : set->samples) {
    const auto found = place.find(sample.label);
    if (found == place.end()) continue;
    samples.labels.push_back(found->second);
    samples.pictures.push_back(picture_of(sample));
  }
  return samples;
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
  const auto patch = ink::find_ink(picture);
  if (!patch) return picture.grey;
  ink::GreyImage result(patch->coverage.width, patch->coverage.height);
  for (std::size_t i = 0; i < result.pixels.size(); ++i) {
    const float level = std::clamp(patch->coverage.values[i], 0.0F, 1.0F);
    result.pixels[i] = static_cast<std::uint8_t>(level * 255 + 0.5F);
  }
  return result;
}

}  // namespace longhand::training
