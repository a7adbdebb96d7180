#include "training/augment.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

#include "training/canvas.h"

namespace longhand::training {
namespace {

// Another gamma and level of the ink, as pens and scanners make them.
void change_contrast(Canvas& canvas, float strength, CounterRandom& random) {
  const float gamma = std::exp(random.either_way(strength));
  const float level = 1 - strength * random.uniform();
  for (float& value : canvas.values) {
    if (value > 0) value = level * std::pow(value, gamma);
  }
}

// A rectangle without ink, as where a pen skipped: up to a third of the frame long, narrow.
void cut_out(Canvas& canvas, CounterRandom& random) {
  const float side = static_cast<float>(canvas.width);
  const float width = side * random.uniform(0.03F, 0.14F);
  const float height = side * random.uniform(0.03F, 0.14F);
  const int left = static_cast<int>(random.uniform(0.25F, 0.75F) * side - width / 2);
  const int top = static_cast<int>(random.uniform(0.25F, 0.75F) * side - height / 2);
  for (int y = top; y < top + static_cast<int>(height); ++y) {
    for (int x = left; x < left + static_cast<int>(width); ++x) canvas.at(x, y) = 0;
  }
}

// Up to four thin straight gaps through all of it, as of a pen that skips.
void break_strokes(Canvas& canvas, CounterRandom& random) {
  const float side = static_cast<float>(canvas.width);
  for (std::uint64_t left = 1 + random.below(4); left > 0; --left) {
    const float angle = random.uniform(0, std::numbers::pi_v<float>);
    const float dx = std::cos(angle), dy = std::sin(angle);
    const float place = side * random.either_way(0.25F);
    const float half = kCanvasScale * random.uniform(0.2F, 0.8F);
    for (int y = 0; y < canvas.height; ++y) {
      for (int x = 0; x < canvas.width; ++x) {
        const float along = (static_cast<float>(x) - side / 2) * dx;
        const float away = std::abs(along + (static_cast<float>(y) - side / 2) * dy - place);
        canvas.at(x, y) *= std::clamp(away - half + 0.5F, 0.0F, 1.0F);
      }
    }
  }
}

void add_noise(ink::GreyImage& picture, float deviation, CounterRandom& random) {
  for (std::uint8_t& pixel : picture.pixels) {
    // The sum of two uniform numbers: near enough to a normal one, and cheap.
    const float noise = (random.uniform() + random.uniform() - 1) * 2.45F * deviation;
    const float level = static_cast<float>(pixel) + 255 * noise;
    pixel = static_cast<std::uint8_t>(std::clamp(level, 0.0F, 255.0F) + 0.5F);
  }
}

}  // namespace

ink::GreyImage render(Canvas canvas, const Augmentation& strengths,
                      ink::Normalization normalization, CounterRandom& random) {
  if (strengths.stroke > 0) {
    // Strokes can grow further than they can shrink before a picture is spoilt.
    const auto most = static_cast<float>(strengths.stroke) * kCanvasScale;
    change_stroke(canvas, random.uniform(-0.6F * most, most));
  }
  if (strengths.cutout > 0 && random.chance(static_cast<float>(strengths.cutout))) {
    cut_out(canvas, random);
  }
  if (strengths.breaks > 0 && random.chance(static_cast<float>(strengths.breaks))) {
    break_strokes(canvas, random);
  }
  // Half of the pictures keep their levels, as what is to be read mostly does.
  if (strengths.contrast > 0 && random.chance(0.5F)) {
    change_contrast(canvas, static_cast<float>(strengths.contrast), random);
  }
  int side = canvas.width / 2;
  if (strengths.low_resolution > 0 && random.chance(static_cast<float>(strengths.low_resolution))) {
    side = side * (10 + static_cast<int>(random.below(15))) / 28;
  } else if (normalization != ink::Normalization::kRaw && random.chance(0.5F)) {
    side = canvas.width;  // as smooth as a picture from a board
  }
  ink::GreyImage result = to_picture(canvas, side);
  if (strengths.noise > 0 && random.chance(1.0F / 3)) {
    add_noise(result, static_cast<float>(strengths.noise) * random.uniform(), random);
  }
  return result;
}

ink::GreyImage augment(const ink::GreyImage& picture, const Augmentation& strengths,
                       ink::Normalization normalization, CounterRandom random) {
  Canvas canvas = bend(picture, strengths, canvas_side(normalization), random);
  return render(std::move(canvas), strengths, normalization, random);
}

}  // namespace longhand::training
