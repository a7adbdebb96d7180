#include "training/preview.h"

#include <algorithm>
#include <cmath>

#include "training/loader.h"
#include "training/samples.h"

namespace longhand::training {
namespace {

constexpr int kColumns = 24;
constexpr int kCharacterRows = 10;
constexpr int kNegativeRows = 5;
constexpr int kCell = 30;  // 28 pixels and a line between

void paste(const float* glyph, int cell, ink::GreyImage& sheet) {
  const int left = cell % kColumns * kCell + 1;
  const int top = cell / kColumns * kCell + 1;
  for (int y = 0; y < ink::Glyph::kSize; ++y) {
    for (int x = 0; x < ink::Glyph::kSize; ++x) {
      sheet.at(left + x, top + y) =
          static_cast<std::uint8_t>(std::lround(255 * glyph[y * ink::Glyph::kSize + x]));
    }
  }
}

}  // namespace

Result<ink::GreyImage> preview(const Recipe& recipe) {
  const auto data = load_training_data(recipe);
  if (!data) return tl::unexpected(data.error());
  Recipe shown = recipe;
  shown.training.batch = std::min<std::int64_t>(kColumns * kCharacterRows,
                                                static_cast<std::int64_t>(data->train.size()));
  shown.training.negatives = 0;
  const BatchMaker maker(shown, data->train);
  constexpr std::size_t kPixels = ink::Glyph::kSize * ink::Glyph::kSize;
  ink::GreyImage sheet(kColumns * kCell + 1, (kCharacterRows + kNegativeRows) * kCell + 1, 64);
  const Batch batch = maker.make(0);
  for (std::size_t i = 0; i < batch.labels.size(); ++i) {
    paste(batch.inputs.data() + i * kPixels, static_cast<int>(i), sheet);
  }
  constexpr int kNegatives = kColumns * kNegativeRows;
  const auto negatives = maker.negatives(kNegatives);
  for (int i = 0; i < kNegatives; ++i) {
    paste(negatives.data() + static_cast<std::size_t>(i) * kPixels, kColumns * kCharacterRows + i,
          sheet);
  }
  return sheet;
}

}  // namespace longhand::training
