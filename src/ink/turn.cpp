#include "ink/turn.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace longhand::ink {
namespace {

struct Place {
  float x = 0, y = 0;
};

Place forth(const Turn& turn, float x, float y) {
  return {turn.cos * x + turn.sin * y, turn.cos * y - turn.sin * x};
}

Place back(const Turn& turn, float x, float y) {
  return {turn.cos * x - turn.sin * y, turn.cos * y + turn.sin * x};
}

// The smallest box around all components, turned, in pixels.
Box bounds_turned(const Layout& sheet, const Turn& turn) {
  constexpr float kFar = std::numeric_limits<float>::max();
  Place least{kFar, kFar}, most{-kFar, -kFar};
  for (const Component& component : sheet.components) {
    const Box box = sheet.box_of(component);
    for (const float x : {box.x, box.right()}) {
      for (const float y : {box.y, box.bottom()}) {
        const Place corner = forth(turn, x, y);
        least = {std::min(least.x, corner.x), std::min(least.y, corner.y)};
        most = {std::max(most.x, corner.x), std::max(most.y, corner.y)};
      }
    }
  }
  return {least.x, least.y, most.x - least.x, most.y - least.y};
}

// The sheet's ink without what belongs to no component, but for the soft rims of those that do.
Plane kept_ink(const Layout& sheet) {
  Plane ink(sheet.coverage.width, sheet.coverage.height);
  const auto is_kept = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < ink.width && y < ink.height && sheet.labels.at(x, y) != 0;
  };
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      const bool kept = is_kept(x, y) || is_kept(x - 1, y) || is_kept(x + 1, y) ||
                        is_kept(x, y - 1) || is_kept(x, y + 1);
      if (kept) ink.at(x, y) = sheet.coverage.at(x, y);
    }
  }
  return ink;
}

// Interpolation makes no sign smaller than this share of the smallest that there was.
constexpr float kScrap = 0.5F;

void find_components(Layout& sheet, int smallest) {
  Grid<int> labels;
  const std::vector<Component> found = label_components(sheet.coverage, sheet.inked, labels);
  std::vector<int> label_of(found.size() + 1, 0);
  for (std::size_t n = 0; n < found.size(); ++n) {
    if (static_cast<float>(found[n].area) < kScrap * static_cast<float>(smallest)) continue;
    sheet.components.push_back(found[n]);
    label_of[n + 1] = static_cast<int>(sheet.components.size());
  }
  for (int& label : labels.values) label = label_of[static_cast<std::size_t>(label)];
  sheet.labels = std::move(labels);
}

}  // namespace

Turn Turn::levelling(float slope) {
  const float cos = 1 / std::sqrt(1 + slope * slope);
  return {cos, slope * cos};
}

Box Turn::back(const Box& box) const {
  const Place middle = ink::back(*this, box.x + box.w / 2, box.y + box.h / 2);
  return {middle.x - box.w / 2, middle.y - box.h / 2, box.w, box.h};
}

Strokes turned(const Strokes& strokes, const Turn& turn) {
  Strokes result = strokes;
  for (Stroke& stroke : result.strokes) {
    for (Point& point : stroke) {
      const Place place = forth(turn, point.x, point.y);
      point.x = place.x, point.y = place.y;
    }
  }
  return result;
}

Layout turned(const Layout& sheet, const Turn& turn) {
  constexpr int kMargin = 3;  // places of paper around all ink
  if (sheet.components.empty()) return {};
  const Box all = bounds_turned(sheet, turn);
  const auto step = static_cast<float>(sheet.step);
  Layout result;
  result.step = sheet.step, result.height = sheet.height, result.inked = sheet.inked;
  result.x0 = static_cast<int>(std::floor(all.x)) - kMargin * sheet.step;
  result.y0 = static_cast<int>(std::floor(all.y)) - kMargin * sheet.step;
  const int width = static_cast<int>(all.w / step) + 2 * kMargin + 2;
  const int height = static_cast<int>(all.h / step) + 2 * kMargin + 2;
  if (static_cast<std::int64_t>(width) * height > Layout::kMostPlaces) return {};
  const Plane ink = kept_ink(sheet);
  result.coverage = Plane(width, height);
  for (int j = 0; j < height; ++j) {
    for (int i = 0; i < width; ++i) {
      const Place from =
          back(turn, static_cast<float>(result.x0) + step * (static_cast<float>(i) + 0.5F),
               static_cast<float>(result.y0) + step * (static_cast<float>(j) + 0.5F));
      const float x = (from.x - static_cast<float>(sheet.x0)) / step - 0.5F;
      const float y = (from.y - static_cast<float>(sheet.y0)) / step - 0.5F;
      const bool inside = x >= 0 && y >= 0 && x <= static_cast<float>(ink.width - 1) &&
                          y <= static_cast<float>(ink.height - 1);
      if (inside) result.coverage.at(i, j) = sample_bilinear(ink, x, y);
    }
  }
  const auto smallest =
      std::min_element(sheet.components.begin(), sheet.components.end(),
                       [](const Component& a, const Component& b) { return a.area < b.area; });
  find_components(result, smallest->area);
  return result;
}

}  // namespace longhand::ink
