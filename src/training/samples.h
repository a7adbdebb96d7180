#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "ink/image.h"
#include "training/recipe.h"

namespace longhand::training {

// The samples of one source: [begin, end) of all, how many of them an epoch takes, and the share of
// the augmentation's bending that they take.
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t per_epoch = 0;
  double bend = 1;
};

// Labelled pictures to learn from.
struct Samples {
  // The label of a picture that is no character: its target is the same for every class.
  static constexpr std::int32_t kNothing = -1;

  std::vector<ink::Raster> pictures;  // as found
  std::vector<std::int32_t> labels;   // places in the alphabet, or kNothing
  std::vector<Part> parts;            // of all samples, in order; none: one, whole in each epoch
  std::size_t size() const { return labels.size(); }
};

// What a training learns from and what it chooses its epoch by: never the same sample, and where
// writers are known never the same writer.
struct TrainingData {
  Samples train;
  Samples validation;
  std::vector<std::size_t> calibrating;  // places in validation of what fits the temperature
  std::size_t skipped = 0;  // of another alphabet
};

// Reads all sources of the recipe. A fault names the source; one that is not there also says what
// to do about it.
Result<TrainingData> load_training_data(const Recipe& recipe);
// The whole of a source, characters that are not asked for included. `seed` draws made-up ones.
Result<data::Dataset> load_source(const DataSource& source,
                                  const std::vector<std::string>& alphabet, std::uint64_t seed);

// The pictures of samples as the network sees them without augmentation: size() * 784 bytes, ink
// 255. A picture without ink is empty.
std::vector<std::uint8_t> normalize_all(const Samples& samples, ink::Normalization normalization);

// The picture's ink, bright on black, to be bent by augment(). With kRaw the picture as it is.
ink::GreyImage ink_of(const ink::Raster& picture, ink::Normalization normalization);

}  // namespace longhand::training
