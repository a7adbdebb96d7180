#include "ink/discs.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "ink/median.h"

namespace longhand::ink {
namespace {

constexpr int kLeastExtent = 6;  // places; smaller ones have no shape
constexpr float kRound = 1.3F;   // the longer side by the shorter, at most
constexpr double kAlike = 0.87;  // places in common with the ellipse in its box, of those of either
constexpr double kThick = 0.8;   // times the writing's strokes: a disc is 0.4 of its width thick
constexpr float kLarge = 0.22F;  // of the writing's height: no dot;
constexpr float kMost = 0.6F, kMostOfCircle = 1;  // of the same: no 0, which is an oval
constexpr float kCircle = 1.15F;                  // the longer side by the shorter

// The dot of an i is so far into the height of its stem, over it and aside at most.
constexpr float kDotInto = 0.3F, kDotOver = 0.8F, kDotAside = 0.35F;

// Whether the component with that label is filled and round.
bool is_disc(const Component& c, const Grid<int>& labels, int label) {
  const auto w = static_cast<float>(c.width()), h = static_cast<float>(c.height());
  if (c.extent() < kLeastExtent || std::max(w, h) > kRound * std::min(w, h)) return false;
  int either = 0, both = 0;
  for (int y = c.y0; y <= c.y1; ++y) {
    const float v = (static_cast<float>(y - c.y0) + 0.5F) / h * 2 - 1;
    for (int x = c.x0; x <= c.x1; ++x) {
      const float u = (static_cast<float>(x - c.x0) + 0.5F) / w * 2 - 1;
      const bool round = u * u + v * v <= 1, inked = labels.at(x, y) == label;
      either += round || inked ? 1 : 0;
      both += round && inked ? 1 : 0;
    }
  }
  return both >= kAlike * either;
}

// Whether a disc stands over a sign as the dot of an i does over its stem.
bool is_dot_over(const Component& disc, const Component& sign) {
  const auto height = static_cast<float>(sign.height());
  const auto gap = static_cast<float>(sign.y0 - disc.y1);
  const auto aside = static_cast<float>(std::abs(disc.x0 + disc.x1 - sign.x0 - sign.x1)) / 2;
  return gap > -kDotInto * height && gap <= kDotOver * height && aside <= kDotAside * height;
}

}  // namespace

std::vector<bool> discs_among(const std::vector<Component>& components, const Grid<int>& labels) {
  std::vector<bool> discs(components.size());
  int largest = 0;
  for (std::size_t n = 0; n < components.size(); ++n) {
    discs[n] = is_disc(components[n], labels, static_cast<int>(n) + 1);
    if (discs[n]) largest = std::max(largest, components[n].extent());
  }
  if (largest == 0) return discs;
  std::vector<std::size_t> writing;
  for (std::size_t n = 0; n < components.size(); ++n) {
    if (!discs[n] && components[n].extent() >= largest) writing.push_back(n);
  }
  if (writing.empty()) return std::vector<bool>(components.size());
  const std::vector<double> thickness = thickness_of(components);
  std::vector<double> pens;
  std::vector<int> extents;
  for (const std::size_t n : writing) {
    pens.push_back(thickness[n]);
    extents.push_back(components[n].extent());
  }
  const double pen = median(std::move(pens));
  const int height = median(std::move(extents));
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    const float across = static_cast<float>(c.extent()) / static_cast<float>(height);
    const auto thinner = static_cast<float>(std::min(c.width(), c.height()));
    const bool circle = static_cast<float>(c.extent()) <= kCircle * thinner;
    const bool dot = std::any_of(writing.begin(), writing.end(), [&](std::size_t sign) {
      return is_dot_over(c, components[sign]);
    });
    discs[n] = discs[n] && !dot && thickness[n] >= kThick * pen && across >= kLarge &&
               across <= (circle ? kMostOfCircle : kMost);
  }
  return discs;
}

}  // namespace longhand::ink
