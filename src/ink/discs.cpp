#include "ink/discs.h"

#include <algorithm>
#include <cstddef>

namespace longhand::ink {
namespace {

constexpr int kLeastExtent = 6;                 // places; smaller ones have no shape
constexpr float kRound = 1.3F;                  // the longer side by the shorter, at most
constexpr float kFilled = 0.7F;                 // of its box, at least: a disc fills 0.785
constexpr double kThick = 1.3;                  // times the writing's strokes
constexpr float kLarge = 0.22F, kSmall = 0.6F;  // of the writing's height: no dot and no 0

bool is_disc(const Component& c) {
  const auto w = static_cast<float>(c.width()), h = static_cast<float>(c.height());
  return c.extent() >= kLeastExtent && std::max(w, h) <= kRound * std::min(w, h) &&
         static_cast<float>(c.area) >= kFilled * w * h;
}

// The component in the middle of those, by what `less` says; `indices` must not be empty.
template <typename Less>
std::size_t middle_of(std::vector<std::size_t> indices, Less less) {
  const auto middle = indices.begin() + static_cast<std::ptrdiff_t>(indices.size() / 2);
  std::nth_element(indices.begin(), middle, indices.end(), less);
  return *middle;
}

}  // namespace

std::vector<bool> discs_among(const std::vector<Component>& components, const Grid<int>& labels) {
  std::vector<bool> discs(components.size());
  int largest = 0;
  for (std::size_t n = 0; n < components.size(); ++n) {
    discs[n] = is_disc(components[n]);
    if (discs[n]) largest = std::max(largest, components[n].extent());
  }
  if (largest == 0) return discs;
  std::vector<std::size_t> writing;
  for (std::size_t n = 0; n < components.size(); ++n) {
    if (!discs[n] && components[n].extent() >= largest) writing.push_back(n);
  }
  if (writing.empty()) return std::vector<bool>(components.size());
  const std::vector<double> thickness = thickness_of(components, labels);
  const double pen = thickness[middle_of(
      writing, [&](std::size_t a, std::size_t b) { return thickness[a] < thickness[b]; })];
  const int height = components[middle_of(writing, [&](std::size_t a, std::size_t b) {
                       return components[a].extent() < components[b].extent();
                     })].extent();
  for (std::size_t n = 0; n < components.size(); ++n) {
    const float across = static_cast<float>(components[n].extent()) / static_cast<float>(height);
    discs[n] = discs[n] && thickness[n] >= kThick * pen && across >= kLarge && across <= kSmall;
  }
  return discs;
}

}  // namespace longhand::ink
