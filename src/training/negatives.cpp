#include "training/negatives.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "training/augment.h"
#include "training/canvas.h"

namespace longhand::training {
namespace {

constexpr float kTurn = 2 * std::numbers::pi_v<float>;

// Draws on a canvas with a round pen; coordinates in places.
class Pen {
 public:
  Pen(Canvas& canvas, float width) : canvas_(canvas), radius_(width / 2) {}

  void line(float x0, float y0, float x1, float y1) {
    const float reach = radius_ + 1;
    const int left = clip(std::min(x0, x1) - reach, canvas_.width);
    const int right = clip(std::max(x0, x1) + reach, canvas_.width);
    const int top = clip(std::min(y0, y1) - reach, canvas_.height);
    const int bottom = clip(std::max(y0, y1) + reach, canvas_.height);
    const float dx = x1 - x0;
    const float dy = y1 - y0;
    const float square = std::max(dx * dx + dy * dy, 1e-6F);
    for (int y = top; y <= bottom; ++y) {
      for (int x = left; x <= right; ++x) {
        const float px = static_cast<float>(x) - x0;
        const float py = static_cast<float>(y) - y0;
        const float at = std::clamp((px * dx + py * dy) / square, 0.0F, 1.0F);
        const float away = std::hypot(px - at * dx, py - at * dy);
        float& value = canvas_.at(x, y);
        value = std::max(value, std::clamp(radius_ + 0.5F - away, 0.0F, 1.0F));
      }
    }
  }

 private:
  static int clip(float value, int size) {
    return std::clamp(static_cast<int>(value), 0, size - 1);
  }

  Canvas& canvas_;
  float radius_;
};

class NegativeMaker {
 public:
  NegativeMaker(const Samples& samples, const Augmentation& strengths,
                ink::Normalization normalization, CounterRandom random)
      : samples_(samples),
        strengths_(strengths),
        normalization_(normalization),
        random_(random),
        side_(canvas_side(normalization)),
        canvas_(side_, side_) {}

  Canvas make() {
    switch (random_.below(22)) {
      case 0:
      case 1:
      case 2:
      case 3:
        scribble();
        break;
      case 4:
      case 5:
      case 6:
        crossed_lines();
        break;
      case 7:
        zigzag();
        break;
      case 8:
        blots();
        break;
      case 9:
      case 10:
        overlap();
        break;
      case 11:
      case 12:
        glue();
        break;
      case 13:
        strike_out();
        break;
      case 14:
        spiral();
        break;
      case 15:
      case 16:
      case 17:
        fragment();
        break;
      case 18:
      case 19:
      case 20:
        neighbours();
        break;
      default:
        specks();
    }
    return std::move(canvas_);
  }

 private:
  float size() const { return static_cast<float>(side_); }
  float place() { return size() * random_.uniform(0.15F, 0.85F); }
  Pen pen() { return {canvas_, random_.uniform(2.0F, 7.0F)}; }
  int between(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }

  // Strokes that turn at random.
  void scribble() {
    Pen with = pen();
    for (int strokes = between(1, 4); strokes > 0; --strokes) {
      float x = place();
      float y = place();
      float angle = random_.uniform(0, kTurn);
      float turning = 0;
      for (int parts = between(24, 48); parts > 0; --parts) {
        turning = 0.7F * turning + random_.either_way(0.7F);
        angle += turning;
        const float length = random_.uniform(2.0F, 6.0F);
        const float to_x = std::clamp(x + length * std::cos(angle), 2.0F, size() - 3);
        const float to_y = std::clamp(y + length * std::sin(angle), 2.0F, size() - 3);
        with.line(x, y, to_x, to_y);
        x = to_x;
        y = to_y;
      }
    }
  }

  // Grids, stars, crosses: straight lines through a common region.
  void crossed_lines() {
    Pen with = pen();
    const float start = random_.uniform(0, kTurn);
    const int lines = between(4, 8);
    const bool star = random_.chance(0.5F);
    for (int i = 0; i < lines; ++i) {
      const float angle =
          star ? start + kTurn / 2 * static_cast<float>(i) / static_cast<float>(lines)
               : random_.uniform(0, kTurn);
      const float x = star ? size() / 2 : place();
      const float y = star ? size() / 2 : place();
      const float half = size() * random_.uniform(0.2F, 0.4F);
      const float dx = half * std::cos(angle);
      const float dy = half * std::sin(angle);
      with.line(x - dx, y - dy, x + dx, y + dy);
    }
  }

  void zigzag() {
    Pen with = pen();
    const int corners = between(6, 12);
    const bool upright = random_.chance(0.5F);
    float x0 = 0;
    float y0 = 0;
    for (int i = 0; i <= corners; ++i) {
      const float along =
          size() * (0.15F + 0.7F * static_cast<float>(i) / static_cast<float>(corners));
      const float across =
          size() * (i % 2 == 0 ? random_.uniform(0.15F, 0.4F) : random_.uniform(0.6F, 0.85F));
      const float x = upright ? across : along;
      const float y = upright ? along : across;
      if (i > 0) with.line(x0, y0, x, y);
      x0 = x;
      y0 = y;
    }
  }

  void spiral() {
    Pen with = pen();
    const float turns = random_.uniform(2.0F, 4.0F);
    const float start = random_.uniform(0, kTurn);
    const float sense = random_.chance(0.5F) ? 1.0F : -1.0F;
    const float most = size() * random_.uniform(0.3F, 0.42F);
    float x0 = size() / 2;
    float y0 = size() / 2;
    constexpr int kParts = 60;
    for (int i = 1; i <= kParts; ++i) {
      const float at = static_cast<float>(i) / kParts;
      const float angle = start + sense * kTurn * turns * at;
      const float x = size() / 2 + most * at * std::cos(angle);
      const float y = size() / 2 + most * at * std::sin(angle);
      with.line(x0, y0, x, y);
      x0 = x;
      y0 = y;
    }
  }

  void blots() {
    for (int left = between(1, 3); left > 0; --left) {
      const float width = size() * random_.uniform(0.25F, 0.6F);
      Pen with(canvas_, width);
      const float x = place();
      const float y = place();
      const float angle = random_.uniform(0, kTurn);
      const float length = width * random_.uniform(0.0F, 0.4F);
      with.line(x, y, x + length * std::cos(angle), y + length * std::sin(angle));
    }
  }

  void specks() {
    for (int left = between(6, 40); left > 0; --left) {
      Pen with(canvas_, random_.uniform(1.0F, 5.0F));
      const float x = place();
      const float y = place();
      with.line(x, y, x + random_.either_way(2), y + random_.either_way(2));
    }
  }

  std::size_t any_sample() { return static_cast<std::size_t>(random_.below(samples_.size())); }

  // Another character than `first`; in a set of one character only, `first` again.
  std::size_t other_sample(std::size_t first) {
    std::size_t other = any_sample();
    for (int tries = 0; tries < 100 && samples_.labels[other] == samples_.labels[first]; ++tries) {
      other = any_sample();
    }
    return other;
  }

  Canvas bent(std::size_t sample) {
    return bend(ink_of(samples_.pictures[sample], normalization_), strengths_, side_, random_);
  }

  // What `from` holds, moved by (dx, dy) places and only where `keep` allows, added to the canvas.
  template <typename Keep>
  void lay(const Canvas& from, int dx, int dy, Keep keep) {
    for (int y = 0; y < side_; ++y) {
      for (int x = 0; x < side_; ++x) {
        const int fx = x - dx;
        const int fy = y - dy;
        if (fx < 0 || fy < 0 || fx >= side_ || fy >= side_ || !keep(x, y)) continue;
        canvas_.at(x, y) = std::max(canvas_.at(x, y), from.at(fx, fy));
      }
    }
  }

  void overlap() {
    const std::size_t first = any_sample();
    const Canvas one = bent(first);
    const Canvas two = bent(other_sample(first));
    const auto all = [](int, int) { return true; };
    lay(one, -between(side_ / 16, side_ / 7), between(-side_ / 12, side_ / 12), all);
    lay(two, between(side_ / 16, side_ / 7), between(-side_ / 12, side_ / 12), all);
  }

  // The two halves stand askew, so that they rarely make a third character.
  void glue() {
    const std::size_t first = any_sample();
    const Canvas one = bent(first);
    const Canvas two = bent(other_sample(first));
    const bool upright = random_.chance(0.5F);
    const int middle = side_ / 2;
    const int shift = between(side_ / 6, side_ / 4) * (random_.chance(0.5F) ? 1 : -1);
    lay(one, 0, 0, [&](int x, int y) { return (upright ? y : x) < middle; });
    lay(two, upright ? shift : 0, upright ? 0 : shift,
        [&](int x, int y) { return (upright ? y : x) >= middle; });
  }

  // Which columns hold ink; the middle one where none does.
  std::pair<int, int> columns_of(const Canvas& from) const {
    int left = side_, right = -1;
    for (int y = 0; y < side_; ++y) {
      for (int x = 0; x < side_; ++x) {
        if (from.at(x, y) < 0.3F) continue;
        left = std::min(left, x), right = std::max(right, x);
      }
    }
    return right < 0 ? std::pair{side_ / 2, side_ / 2} : std::pair{left, right};
  }

  // Left of a slanting line that leaves `share` of those columns on that side, or right of it.
  auto beside_cut(std::pair<int, int> columns, float share, bool keep_left) {
    const auto [left, right] = columns;
    const float at = static_cast<float>(left) + share * static_cast<float>(right - left + 1);
    const float slope = random_.either_way(0.3F);
    return [=, middle = size() / 2](int x, int y) {
      const float cut = at + slope * (static_cast<float>(y) - middle);
      return (static_cast<float>(x) < cut) == keep_left;
    };
  }

  // A part of a character, as a wrong cut through a number leaves it.
  void fragment() {
    const Canvas whole = bent(any_sample());
    const bool left = random_.chance(0.5F);
    const float share = random_.uniform(0.35F, 0.65F);
    lay(whole, 0, 0, beside_cut(columns_of(whole), share, left));
  }

  // A character with its neighbour or a part of it, which touches it.
  void neighbours() {
    const std::size_t first = any_sample();
    const Canvas one = bent(first);
    const Canvas two = bent(other_sample(first));
    const auto [left1, right1] = columns_of(one);
    const auto [left2, right2] = columns_of(two);
    const int touch = between(0, side_ / 16);
    const float share = random_.uniform(0.35F, 1.2F);  // of the second that is there
    const int width2 = static_cast<int>(std::min(1.0F, share) * static_cast<float>(right2 - left2));
    const bool after = random_.chance(0.5F);
    // Both together stand in the middle.
    const int beside = after ? width2 - touch : touch - width2;
    const int shift = (side_ - left1 - right1 - beside) / 2;
    const int to = after ? right1 + shift + 1 - touch - left2 : left1 + shift - 1 + touch - right2;
    lay(one, shift, 0, [](int, int) { return true; });
    lay(two, to, between(-side_ / 16, side_ / 16),
        beside_cut({left2 + to, right2 + to}, after ? share : 1 - share, after));
  }

  void strike_out() {
    canvas_ = bent(any_sample());
    Pen with = pen();
    for (int lines = between(3, 6); lines > 0; --lines) {
      with.line(size() * random_.uniform(0.05F, 0.3F), place(),
                size() * random_.uniform(0.7F, 0.95F), place());
    }
  }

  const Samples& samples_;
  const Augmentation& strengths_;
  ink::Normalization normalization_;
  CounterRandom random_;
  int side_;
  Canvas canvas_;
};

}  // namespace

ink::GreyImage make_negative(const Samples& samples, const Augmentation& strengths,
                             ink::Normalization normalization, CounterRandom random) {
  Canvas canvas = NegativeMaker(samples, strengths, normalization, random).make();
  return render(std::move(canvas), strengths, normalization, random);
}

}  // namespace longhand::training
