#include "ink/components.h"

#include <algorithm>
#include <utility>

namespace longhand::ink {

std::vector<Component> label_components(const Plane& coverage, float inked, Grid<int>& labels) {
  labels = Grid<int>(coverage.width, coverage.height, 0);
  std::vector<Component> components;
  std::vector<std::pair<int, int>> stack;
  for (int y = 0; y < coverage.height; ++y) {
    for (int x = 0; x < coverage.width; ++x) {
      if (coverage.at(x, y) < inked || labels.at(x, y) != 0) continue;
      components.push_back({0, x, y, x, y});
      Component& c = components.back();
      const int label = static_cast<int>(components.size());
      labels.at(x, y) = label;
      stack.emplace_back(x, y);
      while (!stack.empty()) {
        const auto [px, py] = stack.back();
        stack.pop_back();
        ++c.area;
        c.x0 = std::min(c.x0, px), c.x1 = std::max(c.x1, px);
        c.y0 = std::min(c.y0, py), c.y1 = std::max(c.y1, py);
        for (int ny = std::max(0, py - 1); ny <= std::min(coverage.height - 1, py + 1); ++ny) {
          for (int nx = std::max(0, px - 1); nx <= std::min(coverage.width - 1, px + 1); ++nx) {
            if (labels.at(nx, ny) != 0 || coverage.at(nx, ny) < inked) continue;
            labels.at(nx, ny) = label;
            stack.emplace_back(nx, ny);
          }
        }
      }
    }
  }
  return components;
}

std::vector<double> thickness_of(const std::vector<Component>& components,
                                 const Grid<int>& labels) {
  std::vector<double> outline(components.size());
  const auto count = [&](int a, int b) {
    if (a == b) return;
    if (a != 0) outline[static_cast<std::size_t>(a - 1)] += 1;
    if (b != 0) outline[static_cast<std::size_t>(b - 1)] += 1;
  };
  const auto at = [&](int x, int y) {
    return x < labels.width && y < labels.height && x >= 0 && y >= 0 ? labels.at(x, y) : 0;
  };
  for (int y = 0; y <= labels.height; ++y) {
    for (int x = 0; x <= labels.width; ++x) {
      count(at(x - 1, y), at(x, y));
      count(at(x, y - 1), at(x, y));
    }
  }
  for (std::size_t n = 0; n < components.size(); ++n)
    outline[n] = 2 * components[n].area / std::max(1.0, outline[n]);
  return outline;
}

}  // namespace longhand::ink
