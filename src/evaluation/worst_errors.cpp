#include <algorithm>

#include "evaluation/report.h"
#include "ink/drawing.h"

namespace longhand::evaluation {
namespace {

constexpr int kMostPixels = 112;  // a side of a picture in the report

// Means over boxes of whole source pixels; small pictures stay as they are.
ink::GreyImage shrunk(const ink::GreyImage& image) {
  const int longest = std::max(image.width, image.height);
  if (longest <= kMostPixels) return image;
  const auto scaled = [&](int side) {
    return std::max(1, static_cast<int>(static_cast<std::int64_t>(side) * kMostPixels / longest));
  };
  ink::GreyImage small(scaled(image.width), scaled(image.height));
  const auto edge = [](int i, int of, int source) {
    return static_cast<int>(static_cast<std::int64_t>(i) * source / of);
  };
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      const int x0 = edge(x, small.width, image.width);
      const int x1 = std::max(x0 + 1, edge(x + 1, small.width, image.width));
      const int y0 = edge(y, small.height, image.height);
      const int y1 = std::max(y0 + 1, edge(y + 1, small.height, image.height));
      std::int64_t sum = 0;
      for (int v = y0; v < y1; ++v)
        for (int u = x0; u < x1; ++u) sum += image.at(u, v);
      small.at(x, y) = static_cast<std::uint8_t>(sum / (std::int64_t{x1 - x0} * (y1 - y0)));
    }
  }
  return small;
}

// Laid on paper or on slate, whichever the opaque pixels stand out from.
ink::GreyImage laid_on_ground(const ink::Raster& raster) {
  if (raster.alpha.empty()) return raster.grey;
  std::int64_t sum = 0;
  std::int64_t weight = 0;
  for (std::size_t i = 0; i < raster.grey.pixels.size(); ++i) {
    sum += std::int64_t{raster.grey.pixels[i]} * raster.alpha.pixels[i];
    weight += raster.alpha.pixels[i];
  }
  const int ground = weight > 0 && sum / weight >= 128 ? 0 : 255;
  ink::GreyImage image = raster.grey;
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const int alpha = raster.alpha.pixels[i];
    image.pixels[i] =
        static_cast<std::uint8_t>((image.pixels[i] * alpha + ground * (255 - alpha)) / 255);
  }
  return image;
}

ink::GreyImage picture_of(const ink::Raster& raster) {
  return shrunk(laid_on_ground(raster));
}

ink::GreyImage picture_of(const ink::Strokes& strokes) {
  return ink::draw_fitted(strokes, kMostPixels, 10, 5);
}

}  // namespace

std::vector<WrongReading> worst_errors(const Evaluation& evaluation, const data::Dataset& set,
                                       std::size_t most) {
  std::vector<const Outcome*> wrong;
  for (const Outcome& outcome : evaluation.outcomes)
    if (outcome.read != outcome.label) wrong.push_back(&outcome);
  std::stable_sort(wrong.begin(), wrong.end(), [](const Outcome* a, const Outcome* b) {
    return a->confidence > b->confidence;
  });
  wrong.resize(std::min(wrong.size(), most));
  std::vector<WrongReading> errors;
  for (const Outcome* outcome : wrong) {
    const data::Sample& sample = set.samples.at(outcome->sample);
    WrongReading error;
    error.label = sample.label;
    if (outcome->read >= 0)
      error.read = evaluation.alphabet[static_cast<std::size_t>(outcome->read)];
    error.confidence = static_cast<double>(outcome->confidence);
    error.source = sample.source;
    error.given = std::visit([](const auto& input) { return picture_of(input); }, sample.input);
    error.seen = outcome->seen;
    errors.push_back(std::move(error));
  }
  return errors;
}

}  // namespace longhand::evaluation
