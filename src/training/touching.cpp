#include "training/touching.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace longhand::training {
namespace {

constexpr int kInk = 96;          // as bright as this is ink
constexpr float kSizes = 0.1F;    // how much larger or smaller than usual,
constexpr float kDrift = 0.08F;   // and above or below the line, in shares of the height
constexpr float kDeepest = 0.1F;  // how far beyond the first touch, likewise,
constexpr float kOver = 0.25F;    // but no further than this share of the narrower one's width
constexpr int kEdge = 2;          // pixels that scaled() adds for soft edges
constexpr int kLeastInk = 8;      // pixels of a part

struct Extent {
  int x0 = 0, y0 = 0, x1 = -1, y1 = -1;  // inclusive
  int width() const { return x1 - x0 + 1; }
  int height() const { return y1 - y0 + 1; }
};

// All of the picture where there is no ink.
Extent extent_of(const ink::GreyImage& picture) {
  Extent e{picture.width, picture.height, -1, -1};
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (picture.at(x, y) < kInk) continue;
      e.x0 = std::min(e.x0, x), e.x1 = std::max(e.x1, x);
      e.y0 = std::min(e.y0, y), e.y1 = std::max(e.y1, y);
    }
  }
  return e.x1 < 0 ? Extent{0, 0, picture.width - 1, picture.height - 1} : e;
}

// The ink's extent with its longer side `size` pixels, and its softer edge.
ink::GreyImage scaled(const ink::GreyImage& picture, float size) {
  const Extent from = extent_of(picture);
  const float scale = size / static_cast<float>(std::max(from.width(), from.height()));
  const auto places = [&](int extent) {
    return std::max(1, static_cast<int>(std::lround(static_cast<float>(extent) * scale))) + kEdge;
  };
  ink::GreyImage result(places(from.width()), places(from.height()));
  const auto at = [&](int x, int y) {
    const bool outside = x < 0 || y < 0 || x >= picture.width || y >= picture.height;
    return outside ? 0.0F : static_cast<float>(picture.at(x, y));
  };
  for (int y = 0; y < result.height; ++y) {
    const float fy =
        (static_cast<float>(y) - 0.5F) / scale - 0.5F + static_cast<float>(from.y0);
    const int iy = static_cast<int>(std::floor(fy));
    const float ty = fy - static_cast<float>(iy);
    for (int x = 0; x < result.width; ++x) {
      const float fx =
          (static_cast<float>(x) - 0.5F) / scale - 0.5F + static_cast<float>(from.x0);
      const int ix = static_cast<int>(std::floor(fx));
      const float tx = fx - static_cast<float>(ix);
      const float above = (1 - tx) * at(ix, iy) + tx * at(ix + 1, iy);
      const float below = (1 - tx) * at(ix, iy + 1) + tx * at(ix + 1, iy + 1);
      result.at(x, y) = static_cast<std::uint8_t>((1 - ty) * above + ty * below + 0.5F);
    }
  }
  return result;
}

bool shares_ink(const ink::GreyImage& sheet, const ink::GreyImage& next, int x, int y) {
  for (int j = 0; j < next.height; ++j) {
    for (int i = std::max(0, -x); i < next.width && i + x < sheet.width; ++i) {
      if (next.at(i, j) >= kInk && sheet.at(i + x, j + y) >= kInk) return true;
    }
  }
  return false;
}

// A sheet of one height, to which characters are added at the right.
class Sheet {
 public:
  explicit Sheet(CounterRandom& random)
      : random_(random), ink_(0, static_cast<int>(kTouchingHeight * 1.7F)) {}

  void add(const ink::GreyImage& character) {
    const float middle =
        static_cast<float>(ink_.height) / 2 + random_.either_way(kDrift) * kTouchingHeight;
    const int top = static_cast<int>(middle - static_cast<float>(character.height) / 2);
    const int y = std::clamp(top, 0, ink_.height - character.height);
    int x = 0;
    if (ink_.width > 0) {
      x = ink_.width - 1;
      while (x > -character.width && !shares_ink(ink_, character, x, y)) --x;
      const auto width = static_cast<float>(std::min(character.width, last_width_) - kEdge);
      const float most = std::min(kDeepest * kTouchingHeight, kOver * width);
      x -= static_cast<int>(std::lround(random_.uniform(0, most)));
    }
    lay(character, x, y);
    last_width_ = character.width;
  }

  // With paper at both sides, by which ink is told from it.
  ink::GreyImage take() {
    constexpr int kPaper = 8;
    ink::GreyImage sheet(ink_.width + 2 * kPaper, ink_.height);
    for (int y = 0; y < ink_.height; ++y) {
      for (int x = 0; x < ink_.width; ++x) sheet.at(x + kPaper, y) = ink_.at(x, y);
    }
    return sheet;
  }

 private:
  void lay(const ink::GreyImage& character, int x, int y) {
    const int left = std::max(0, -x);
    ink::GreyImage wide(left + std::max(ink_.width, x + character.width), ink_.height);
    for (int j = 0; j < ink_.height; ++j) {
      for (int i = 0; i < ink_.width; ++i) wide.at(left + i, j) = ink_.at(i, j);
    }
    for (int j = 0; j < character.height; ++j) {
      for (int i = 0; i < character.width; ++i) {
        std::uint8_t& place = wide.at(left + x + i, y + j);
        place = std::max(place, character.at(i, j));
      }
    }
    ink_ = std::move(wide);
  }

  CounterRandom& random_;
  ink::GreyImage ink_;
  int last_width_ = 0;
};

float size_of_one(CounterRandom& random) {
  return kTouchingHeight * (1 + random.either_way(kSizes));
}

// What lies left (or right) of a slanting cut; all of it where that is next to nothing.
ink::GreyImage part_of(const ink::GreyImage& character, bool left, CounterRandom& random) {
  const float at = static_cast<float>(character.width) * random.uniform(0.25F, 0.75F);
  const float slope = random.either_way(0.3F);
  ink::GreyImage part = character;
  int inked = 0;
  for (int y = 0; y < part.height; ++y) {
    const float cut = at + slope * (static_cast<float>(y) - static_cast<float>(part.height) / 2);
    for (int x = 0; x < part.width; ++x) {
      if ((static_cast<float>(x) < cut) != left) part.at(x, y) = 0;
      inked += part.at(x, y) >= kInk ? 1 : 0;
    }
  }
  return inked < kLeastInk ? character : part;
}

}  // namespace

ink::GreyImage put_together(std::span<const ink::GreyImage* const> characters,
                            CounterRandom& random) {
  Sheet sheet(random);
  for (const ink::GreyImage* character : characters) {
    sheet.add(scaled(*character, size_of_one(random)));
  }
  return sheet.take();
}

ink::GreyImage put_together_wrongly(std::span<const ink::GreyImage* const> characters,
                                    CounterRandom& random) {
  const float kind = random.uniform();
  if (kind < 0.25F) return put_together(characters.first(1), random);
  if (kind < 0.4F) return put_together(characters.first(3), random);
  const std::size_t count = kind < 0.7F ? 3 : 2;
  const std::size_t cut = random.chance(0.5F) ? 0 : count - 1;
  Sheet sheet(random);
  for (std::size_t i = 0; i < count; ++i) {
    const ink::GreyImage whole = scaled(*characters[i], size_of_one(random));
    sheet.add(i == cut ? part_of(whole, cut != 0, random) : whole);
  }
  return sheet.take();
}

}  // namespace longhand::training
