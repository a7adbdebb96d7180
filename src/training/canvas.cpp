#include "training/canvas.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace longhand::training {
namespace {

constexpr float kFrame = 28;  // pixels of MNIST

// Weights of a uniform cubic B-spline at `at` in [0, 1) of a span.
std::array<float, 4> spline(float at) {
  const float a = 1 - at;
  const float square = at * at;
  const float cube = square * at;
  return {a * a * a / 6, (3 * cube - 6 * square + 4) / 6, (-3 * cube + 3 * square + 3 * at + 1) / 6,
          cube / 6};
}

// A smooth random displacement: a cubic B-spline over a grid of random knots.
class ElasticField {
 public:
  ElasticField(int side, int spans, float deviation, CounterRandom& random)
      : side_(side),
        knots_(spans + 3),
        x_(knots_ * knots_),
        y_(knots_ * knots_),
        rows_(2 * knots_) {
    // A B-spline of independent knots has about half their deviation.
    for (std::size_t i = 0; i < x_.size(); ++i) {
      x_[i] = 2 * deviation * random.normal();
      y_[i] = 2 * deviation * random.normal();
    }
    for (int column = 0; column < side; ++column) taps_.push_back(tap(column));
  }

  // Prepares a row; displacement() then answers for its columns.
  void start_row(int row) {
    const auto [first, weights] = tap(row);
    for (std::size_t k = 0; k < knots_; ++k) {
      rows_[k] = rows_[knots_ + k] = 0;
      for (std::size_t i = 0; i < 4; ++i) {
        rows_[k] += weights[i] * x_[(first + i) * knots_ + k];
        rows_[knots_ + k] += weights[i] * y_[(first + i) * knots_ + k];
      }
    }
  }

  std::pair<float, float> displacement(int column) const {
    const auto& [first, weights] = taps_[static_cast<std::size_t>(column)];
    float dx = 0;
    float dy = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      dx += weights[i] * rows_[first + i];
      dy += weights[i] * rows_[knots_ + first + i];
    }
    return {dx, dy};
  }

 private:
  struct Tap {
    std::size_t first;
    std::array<float, 4> weights;
  };

  Tap tap(int place) const {
    const float spans = static_cast<float>(knots_ - 3);
    const float at = (static_cast<float>(place) + 0.5F) / static_cast<float>(side_) * spans;
    const float first = std::min(std::floor(at), spans - 1);
    return {static_cast<std::size_t>(first), spline(at - first)};
  }

  int side_;
  std::size_t knots_;
  std::vector<float> x_;
  std::vector<float> y_;
  std::vector<float> rows_;
  std::vector<Tap> taps_;
};

// The picture with a black margin, so that sampling needs no tests but one clamp.
class Source {
 public:
  explicit Source(const ink::GreyImage& picture) : plane_(picture.width + 2, picture.height + 2) {
    for (int y = 0; y < picture.height; ++y) {
      for (int x = 0; x < picture.width; ++x) {
        plane_.at(x + 1, y + 1) = static_cast<float>(picture.at(x, y)) / 255.0F;
      }
    }
  }

  // (0, 0) is the centre of the picture's first pixel.
  float at(float x, float y) const {
    x = std::clamp(x + 1, 0.0F, static_cast<float>(plane_.width - 1) - 1e-3F);
    y = std::clamp(y + 1, 0.0F, static_cast<float>(plane_.height - 1) - 1e-3F);
    const int left = static_cast<int>(x);
    const int top = static_cast<int>(y);
    const float u = x - static_cast<float>(left);
    const float v = y - static_cast<float>(top);
    const float* above = plane_.row(top) + left;
    const float* below = plane_.row(top + 1) + left;
    const float high = above[0] + u * (above[1] - above[0]);
    const float low = below[0] + u * (below[1] - below[0]);
    return high + v * (low - high);
  }

 private:
  ink::Plane plane_;
};

// From a place on the canvas, relative to its centre, to one in the picture, in pixels of MNIST.
struct Affine {
  float xx, xy, yx, yy, dx, dy;

  static Affine draw(const Augmentation& strengths, CounterRandom& random) {
    const auto amount = [&random](double strength) {
      return random.either_way(static_cast<float>(strength));
    };
    const float angle = amount(strengths.rotation) * std::numbers::pi_v<float> / 180;
    const float shear = amount(strengths.shear);
    const float wide = std::exp(amount(strengths.scale));
    const float high = std::exp(amount(strengths.scale));
    const float c = std::cos(angle);
    const float s = std::sin(angle);
    const float dx = kFrame * amount(strengths.translation);
    const float dy = kFrame * amount(strengths.translation);
    return {c * wide, (shear * c - s) * wide, s * high, (shear * s + c) * high, dx, dy};
  }
};

// The larger (or with `grow` false the smaller) of each place and its four neighbours.
Canvas neighbours(const Canvas& canvas, bool grow) {
  Canvas result = canvas;
  const auto better = [grow](float a, float b) { return grow ? std::max(a, b) : std::min(a, b); };
  for (int y = 1; y + 1 < canvas.height; ++y) {
    const float* above = canvas.row(y - 1);
    const float* here = canvas.row(y);
    const float* below = canvas.row(y + 1);
    float* out = result.row(y);
    for (int x = 1; x + 1 < canvas.width; ++x) {
      out[x] =
          better(better(better(here[x - 1], here[x + 1]), better(above[x], below[x])), here[x]);
    }
  }
  return result;
}

float largest(const Canvas& canvas) {
  return *std::max_element(canvas.values.begin(), canvas.values.end());
}

}  // namespace

int canvas_side(ink::Normalization normalization) {
  return normalization == ink::Normalization::kRaw ? 56 : 72;
}

Canvas bend(const ink::GreyImage& picture, const Augmentation& strengths, int side,
            CounterRandom& random) {
  const Affine affine = Affine::draw(strengths, random);
  const float elastic = kFrame * static_cast<float>(strengths.elastic);
  ElasticField field(side, static_cast<int>(strengths.elastic_grid) - 1, elastic, random);
  const Source source(picture);
  const float pixels = static_cast<float>(std::max(picture.width, picture.height)) / kFrame;
  const float centre_x = static_cast<float>(picture.width) / 2 - 0.5F;
  const float centre_y = static_cast<float>(picture.height) / 2 - 0.5F;
  const float middle = static_cast<float>(side) / 2 - 0.5F;
  Canvas canvas(side, side);
  for (int y = 0; y < side; ++y) {
    if (elastic > 0) field.start_row(y);
    const float v = (static_cast<float>(y) - middle) / kCanvasScale;
    float* out = canvas.row(y);
    for (int x = 0; x < side; ++x) {
      const float u = (static_cast<float>(x) - middle) / kCanvasScale;
      const auto [ex, ey] = elastic > 0 ? field.displacement(x) : std::pair{0.0F, 0.0F};
      const float px = affine.xx * u + affine.xy * v + affine.dx + ex;
      const float py = affine.yx * u + affine.yy * v + affine.dy + ey;
      out[x] = source.at(centre_x + px * pixels, centre_y + py * pixels);
    }
  }
  return canvas;
}

void change_stroke(Canvas& canvas, float radius) {
  const bool grow = radius > 0;
  const float before = largest(canvas);
  for (float left = std::abs(radius); left > 0; left -= 1) {
    const Canvas next = neighbours(canvas, grow);
    if (!grow && largest(next) < 0.7F * before) return;
    const float share = std::min(left, 1.0F);
    for (std::size_t i = 0; i < canvas.size(); ++i) {
      canvas.values[i] += share * (next.values[i] - canvas.values[i]);
    }
  }
}

ink::GreyImage to_picture(const Canvas& canvas, int side) {
  // Row by row, then column by column: how much of each source place falls into each pixel.
  const float ratio = static_cast<float>(canvas.width) / static_cast<float>(side);
  const auto covered = [ratio](int pixel, int place) {
    const float from = std::max(static_cast<float>(pixel) * ratio, static_cast<float>(place));
    const float to = std::min(static_cast<float>(pixel + 1) * ratio, static_cast<float>(place + 1));
    return std::max(0.0F, to - from) / ratio;
  };
  ink::GreyImage result(side, side);
  ink::Plane narrow(side, canvas.height);
  const auto first = [ratio](int pixel) {
    return static_cast<int>(static_cast<float>(pixel) * ratio);
  };
  for (int x = 0; x < side; ++x) {
    for (int from = first(x); from < std::min(first(x + 1) + 1, canvas.width); ++from) {
      const float weight = covered(x, from);
      for (int y = 0; y < canvas.height; ++y) narrow.at(x, y) += weight * canvas.at(from, y);
    }
  }
  std::vector<float> row(static_cast<std::size_t>(side));
  for (int y = 0; y < side; ++y) {
    std::fill(row.begin(), row.end(), 0.0F);
    for (int from = first(y); from < std::min(first(y + 1) + 1, canvas.height); ++from) {
      const float weight = covered(y, from);
      for (int x = 0; x < side; ++x)
        row[static_cast<std::size_t>(x)] += weight * narrow.at(x, from);
    }
    for (int x = 0; x < side; ++x) {
      const float level = std::clamp(row[static_cast<std::size_t>(x)], 0.0F, 1.0F);
      result.at(x, y) = static_cast<std::uint8_t>(level * 255 + 0.5F);
    }
  }
  return result;
}

}  // namespace longhand::training
