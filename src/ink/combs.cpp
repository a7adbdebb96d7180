#include "ink/combs.h"

#include <algorithm>

namespace longhand::ink {
namespace {

constexpr float kWidest = 0.35F;                            // of its length
constexpr float kLeastLength = 0.08F, kMostLength = 0.75F;  // of the writing's height
constexpr int kReach = 2;       // places of soft edge between a tick and its line
constexpr float kAlike = 0.3F;  // of their length, that ticks differ by at most
constexpr std::size_t kFewest = 3;

bool any(const Mask& printed, int x0, int x1, int y0, int y1) {
  for (int y = std::max(0, y0); y <= std::min(printed.height - 1, y1); ++y) {
    for (int x = std::max(0, x0); x <= std::min(printed.width - 1, x1); ++x) {
      if (printed.at(x, y)) return true;
    }
  }
  return false;
}

// A line's places are left to what crosses it, so that it may also go on beside a tick's end.
bool ends_at(const Mask& printed, const Component& c) {
  const int end = c.height() / 4;
  const int x0 = c.x0 - kReach, x1 = c.x1 + kReach;
  return any(printed, x0, x1, c.y1 - end, c.y1 + kReach) ||
         any(printed, x0, x1, c.y0 - kReach, c.y0 + end);
}

constexpr int kFlat = 3;                 // widths by height, of a comb at least
constexpr float kFoot = 0.35F;           // of its height, that its line is within
constexpr float kMostlyLine = 0.7F;      // of its length
constexpr std::size_t kMostCombs = 200;  // looked at; no form has more

// How far down the highest ink of each column of a component is; its height where there is none.
std::vector<int> tops_of(const Component& c, int label, const Grid<int>& labels) {
  std::vector<int> tops(static_cast<std::size_t>(c.width()), c.height());
  for (int y = c.y0; y <= c.y1; ++y) {
    for (int x = c.x0; x <= c.x1; ++x) {
      int& top = tops[static_cast<std::size_t>(x - c.x0)];
      if (labels.at(x, y) == label) top = std::min(top, y - c.y0);
    }
  }
  return tops;
}

bool is_comb(const Component& c, int label, const Grid<int>& labels) {
  const std::vector<int> tops = tops_of(c, label, labels);
  const auto foot = static_cast<int>((1 - kFoot) * static_cast<float>(c.height()));
  std::size_t line = 0, ticks = 0;
  bool in_tick = false;
  for (const int top : tops) {
    const bool tick = top < foot;
    line += !tick && top < c.height() ? 1 : 0;
    ticks += tick && !in_tick ? 1 : 0;
    in_tick = tick;
  }
  return ticks >= kFewest &&
         static_cast<float>(line) >= kMostlyLine * static_cast<float>(tops.size());
}

// Whether there is writing between the ticks: ink that is higher than they are, above the line.
bool carries_writing(const Component& comb, const std::vector<Component>& components) {
  return std::any_of(components.begin(), components.end(), [&](const Component& c) {
    return c.x0 > comb.x0 && c.x1 < comb.x1 && c.y0 < comb.y0 && c.y1 > comb.y0 - c.height() &&
           c.y1 <= comb.y1 && c.height() > comb.height();
  });
}

}  // namespace

std::vector<bool> ticks_among(const std::vector<Component>& components, const Mask& printed,
                              float height) {
  std::vector<bool> found(components.size());
  std::vector<std::size_t> ticks;
  std::vector<int> lengths;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    const auto length = static_cast<float>(c.height());
    if (static_cast<float>(c.width()) > kWidest * length || length < kLeastLength * height ||
        length > kMostLength * height || !ends_at(printed, c))
      continue;
    ticks.push_back(n);
    lengths.push_back(c.height());
  }
  if (ticks.size() < kFewest) return found;
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  const auto usual = static_cast<float>(*middle);
  std::erase_if(ticks, [&](std::size_t n) {
    const auto off = static_cast<float>(components[n].height()) - usual;
    return off < -kAlike * usual || off > kAlike * usual;
  });
  for (const std::size_t n : ticks) found[n] = ticks.size() >= kFewest;
  return found;
}

std::vector<bool> combs_among(const std::vector<Component>& components, const Grid<int>& labels,
                              float height) {
  std::vector<bool> found(components.size());
  std::size_t combs = 0;
  for (std::size_t n = 0; n < components.size() && combs < kMostCombs; ++n) {
    const Component& c = components[n];
    if (c.width() < kFlat * c.height() || static_cast<float>(c.height()) > kMostLength * height ||
        !is_comb(c, static_cast<int>(n) + 1, labels))
      continue;
    ++combs;
    found[n] = carries_writing(c, components);
  }
  return found;
}

}  // namespace longhand::ink
