#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "ink/image.h"
#include "training/recipe.h"

namespace longhand::training {

// Labelled pictures to learn from.
struct Samples {
  std::vector<ink::Raster> pictures;  // as found
  std::vector<std::int32_t> labels;   // places in the alphabet
  std::size_t size() const { return labels.size(); }
};

// What a training learns from and what it chooses its epoch by: never the same sample, and where
// writers are known never the same writer.
struct TrainingData {
  Samples train;
  Samples validation;
  std::size_t skipped = 0;  // of another alphabet
};

Result<TrainingData> load_training_data(const Recipe& recipe);
// All of a source that the alphabet has.
Result<Samples> load_samples(const DataSource& source, const Recipe& recipe);
// The whole of a source, for the test at the end.
Result<data::Dataset> load_source(const DataSource& source,
                                  const std::vector<std::string>& alphabet);

// The pictures of samples as the network sees them without augmentation: size() * 784 bytes, ink
// 255. A picture without ink is empty.
std::vector<std::uint8_t> normalize_all(const Samples& samples, ink::Normalization normalization);

// The picture's ink, bright on black, to be bent by augment(). With kRaw the picture as it is.
ink::GreyImage ink_of(const ink::Raster& picture, ink::Normalization normalization);

}  // namespace longhand::training
