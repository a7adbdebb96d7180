#include <algorithm>
#include <cmath>
#include <vector>

#include "ink/even_out.h"

namespace longhand::ink {
namespace {

constexpr float kStep = 0.5F;  // between the points of a path, in glyph pixels
constexpr float kMostPoints =
    4000;                      // a scribble longer than this many steps is sampled more coarsely
constexpr int kSmoothing = 2;  // rounds of [1 2 1] / 4 along the path: takes out the hand's jitter
constexpr float kDot = 0.02F;  // a dot weighs as much as a line of this share of the size

struct Place {
  float x, y;
};
using Path = std::vector<Place>;

float distance(Place a, Place b) {
  const float dx = a.x - b.x, dy = a.y - b.y;
  return std::sqrt(dx * dx + dy * dy);
}

// The strokes with runs of equal points made one, empty strokes left out.
std::vector<Path> paths_of(const Strokes& strokes) {
  std::vector<Path> paths;
  for (const Stroke& stroke : strokes.strokes) {
    Path path;
    for (const Point& p : stroke) {
      if (path.empty() || path.back().x != p.x || path.back().y != p.y) path.push_back({p.x, p.y});
    }
    if (!path.empty()) paths.push_back(std::move(path));
  }
  return paths;
}

// Moments of the lines, each piece weighted by its length (a dot by one step's).
float shear_of(const std::vector<Path>& paths, float dot, float share) {
  double mass = 0, sx = 0, sy = 0, sxy = 0, syy = 0;
  const auto add = [&](Place a, Place b, double weight) {
    const double x = (static_cast<double>(a.x) + b.x) / 2, y = (static_cast<double>(a.y) + b.y) / 2;
    const double dx = static_cast<double>(b.x) - a.x, dy = static_cast<double>(b.y) - a.y;
    mass += weight, sx += weight * x, sy += weight * y;
    sxy += weight * (x * y + dx * dy / 12), syy += weight * (y * y + dy * dy / 12);
  };
  for (const Path& path : paths) {
    if (path.size() == 1) add(path[0], path[0], static_cast<double>(dot));
    for (std::size_t i = 1; i < path.size(); ++i) {
      add(path[i - 1], path[i], static_cast<double>(distance(path[i - 1], path[i])));
    }
  }
  if (mass <= 0) return 0;
  return deslanting_shear(sxy / mass - sx / mass * (sy / mass),
                          syy / mass - sy / mass * (sy / mass), share);
}

Box box_of(const std::vector<Path>& paths) {
  float x0 = paths[0][0].x, y0 = paths[0][0].y, x1 = x0, y1 = y0;
  for (const Path& path : paths) {
    for (const Place p : path) {
      x0 = std::min(x0, p.x), x1 = std::max(x1, p.x);
      y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
    }
  }
  return {x0, y0, x1 - x0, y1 - y0};
}

float length_of(const std::vector<Path>& paths) {
  float length = 0;
  for (const Path& path : paths) {
    for (std::size_t i = 1; i < path.size(); ++i) length += distance(path[i - 1], path[i]);
  }
  return length;
}

// Points at even steps along the path, its ends kept.
Path resample(const Path& path, float step) {
  Path result{path[0]};
  float left = step;  // to the next point
  for (std::size_t i = 1; i < path.size(); ++i) {
    const float length = distance(path[i - 1], path[i]);
    float done = 0;
    while (length - done >= left) {
      done += left;
      const float f = done / length;
      result.push_back({path[i - 1].x + f * (path[i].x - path[i - 1].x),
                        path[i - 1].y + f * (path[i].y - path[i - 1].y)});
      left = step;
    }
    left -= length - done;
  }
  if (distance(result.back(), path.back()) > step / 4) result.push_back(path.back());
  return result;
}

void smooth(Path& path) {
  for (int round = 0; round < kSmoothing; ++round) {
    Place before = path[0];
    for (std::size_t i = 1; i + 1 < path.size(); ++i) {
      const Place here = path[i];
      path[i] = {(before.x + 2 * here.x + path[i + 1].x) / 4,
                 (before.y + 2 * here.y + path[i + 1].y) / 4};
      before = here;
    }
  }
}

float distance_to_piece(Place p, Place a, Place b) {
  const float dx = b.x - a.x, dy = b.y - a.y;
  const float square = dx * dx + dy * dy;
  float t = square > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / square : 0;
  t = std::clamp(t, 0.0F, 1.0F);
  return distance(p, {a.x + t * dx, a.y + t * dy});
}

// Draws the paths, in glyph pixels around the origin, with the origin at (ox, oy) of the glyph.
GreyImage draw(const std::vector<Path>& paths, float pen, float ox, float oy) {
  const float reach = pen / 2 + 0.5F;  // where an edge's last shade ends
  std::vector<float> nearest(static_cast<std::size_t>(Evenness::kSize * Evenness::kSize), reach);
  for (const Path& path : paths) {
    for (std::size_t i = 0; i < path.size(); ++i) {
      const Place a = {path[i > 0 ? i - 1 : 0].x + ox, path[i > 0 ? i - 1 : 0].y + oy};
      const Place b = {path[i].x + ox, path[i].y + oy};
      const auto first = [reach](float v) {
        return std::clamp(static_cast<int>(v - reach), 0, Evenness::kSize - 1);
      };
      const auto last = [reach](float v) {
        return std::clamp(static_cast<int>(v + reach) + 1, 0, Evenness::kSize - 1);
      };
      for (int y = first(std::min(a.y, b.y)); y <= last(std::max(a.y, b.y)); ++y) {
        for (int x = first(std::min(a.x, b.x)); x <= last(std::max(a.x, b.x)); ++x) {
          float& d = nearest[static_cast<std::size_t>(y * Evenness::kSize + x)];
          const Place p = {static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F};
          d = std::min(d, distance_to_piece(p, a, b));
        }
      }
    }
  }
  GreyImage glyph(Evenness::kSize, Evenness::kSize);
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    const float ink = std::clamp(reach - nearest[i], 0.0F, 1.0F);
    glyph.pixels[i] = static_cast<std::uint8_t>(ink * 255 + 0.5F);
  }
  return glyph;
}

// How far the glyph's middle must move so that the centre of mass comes there and the shape stays
// inside; `low` and `high` are the shape's ends from the origin, without the stroke's width.
float centring(double mass_centre, float low, float high, float pen) {
  const float room = Evenness::kSize / 2.0F - 1 - pen / 2;
  const float from = high - room, to = low + room;
  const auto middle = static_cast<float>(mass_centre);
  return from > to ? (from + to) / 2 : std::clamp(middle, from, to);
}

}  // namespace

std::optional<GreyImage> even_out(const Strokes& strokes, const Evenness& evenness) {
  std::vector<Path> paths = paths_of(strokes);
  if (paths.empty()) return std::nullopt;
  Box box = box_of(paths);
  const float size = std::max(box.w, box.h);
  const float shear = size > 0 ? shear_of(paths, size * kDot, evenness.deslant) : 0;
  const float cx = box.x + box.w / 2, cy = box.y + box.h / 2;
  for (Path& path : paths) {
    for (Place& p : path) p = {p.x - cx - shear * (p.y - cy), p.y - cy};
  }
  box = box_of(paths);
  const float extent = std::max(box.w, box.h);
  const float scale = extent > 0 ? (Evenness::kBox - evenness.pen) / extent : 1;
  for (Path& path : paths) {
    for (Place& p : path) {
      p = {(p.x - box.x - box.w / 2) * scale, (p.y - box.y - box.h / 2) * scale};
    }
  }
  const float step = std::max(kStep, length_of(paths) / kMostPoints);
  for (Path& path : paths) {
    path = resample(path, step);
    smooth(path);
  }
  box = box_of(paths);
  constexpr float kHalf = Evenness::kSize / 2.0F;
  const GreyImage centred = draw(paths, evenness.pen, kHalf, kHalf);
  double mass = 0, sx = 0, sy = 0;
  for (int y = 0; y < Evenness::kSize; ++y) {
    for (int x = 0; x < Evenness::kSize; ++x) {
      const double ink = centred.at(x, y);
      mass += ink, sx += ink * (x + 0.5), sy += ink * (y + 0.5);
    }
  }
  if (mass <= 0) return std::nullopt;
  return draw(paths, evenness.pen,
              kHalf - centring(sx / mass - kHalf, box.x, box.x + box.w, evenness.pen),
              kHalf - centring(sy / mass - kHalf, box.y, box.y + box.h, evenness.pen));
}

}  // namespace longhand::ink
