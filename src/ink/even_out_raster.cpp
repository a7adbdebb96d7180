#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "ink/even_out.h"
#include "ink/masks.h"
#include "ink/plane.h"

// A shape is evened out on a canvas some times finer than the glyph: its outline is found there at
// half the local ink, its stroke width measured on the medial axis, and the outline moved in or out
// by what the width is off. Distances to the outline then give an edge of one softness.

namespace longhand::ink {
namespace {

constexpr int kFine = 3;                             // canvas places a glyph pixel
constexpr int kMargin = 4;                           // glyph pixels around the shape's 20
constexpr int kCanvas = kFine * (20 + 2 * kMargin);  // places in either direction
constexpr float kOutline = 0.5F;                     // of the local ink
constexpr float kFaintest = 0.4F;                    // of the usual ink: what still counts;
                                                     // of the strongest, where all is fainter
constexpr int kNeighbourhood = kFine * 2;            // "local": this far, in places
constexpr float kBoldness = 0.4F;                    // the share of too much width that stays

// The shape's place in the patch: centre of mass, shear, and the sheared box around it.
struct Pose {
  double cx = 0, cy = 0;
  float shear = 0;
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  float extent() const { return std::max(x1 - x0, y1 - y0); }
};

// The ink from which a place counts. Lines much thinner than a place leave a part of their strength
// only, all of them.
float faintest(const Plane& coverage) {
  const float strongest = *std::max_element(coverage.values.begin(), coverage.values.end());
  return kFaintest * std::min(1.0F, strongest);
}

std::optional<Pose> pose_of(const Plane& coverage, float deslant) {
  Pose pose;
  const float least = faintest(coverage);
  double mass = 0, sx = 0, sy = 0, sxy = 0, syy = 0;
  for (int y = 0; y < coverage.height; ++y) {
    for (int x = 0; x < coverage.width; ++x) {
      if (coverage.at(x, y) < least) continue;
      mass += 1, sx += x, sy += y, sxy += static_cast<double>(x) * y;
      syy += static_cast<double>(y) * y;
    }
  }
  if (mass < 1 || least <= 0) return std::nullopt;
  pose.cx = sx / mass, pose.cy = sy / mass;
  pose.shear =
      deslanting_shear(sxy / mass - pose.cx * pose.cy, syy / mass - pose.cy * pose.cy, deslant);
  bool any = false;
  for (int y = 0; y < coverage.height; ++y) {
    for (int x = 0; x < coverage.width; ++x) {
      if (coverage.at(x, y) < least) continue;
      const float fx =
          static_cast<float>(x - pose.cx) - pose.shear * static_cast<float>(y - pose.cy);
      const float fy = static_cast<float>(y - pose.cy);
      if (!any) pose.x0 = pose.x1 = fx, pose.y0 = pose.y1 = fy, any = true;
      pose.x0 = std::min(pose.x0, fx), pose.x1 = std::max(pose.x1, fx);
      pose.y0 = std::min(pose.y0, fy), pose.y1 = std::max(pose.y1, fy);
    }
  }
  pose.x0 -= 0.5F, pose.y0 -= 0.5F, pose.x1 += 0.5F, pose.y1 += 0.5F;
  return pose;
}

// Weights of a cubic for the four places around a point at a fraction after the second, tabled at
// 128 fractions. A B-spline smooths a little, which takes the stairs out of small pictures; a
// Catmull-Rom spline goes through the places and keeps their shades.
class Spline {
 public:
  using Weights = std::array<float, 4>;
  static const Spline& smoothing() {
    static const Spline table([](float f, float g) {
      return Weights{g * g * g / 6, (3 * f * f * f - 6 * f * f + 4) / 6,
                     (3 * g * g * g - 6 * g * g + 4) / 6, f * f * f / 6};
    });
    return table;
  }
  static const Spline& through() {
    static const Spline table([](float f, float g) {
      return Weights{-f * g * g / 2, (3 * f * f * f - 5 * f * f + 2) / 2,
                     (3 * g * g * g - 5 * g * g + 2) / 2, -g * f * f / 2};
    });
    return table;
  }
  const Weights& at(float fraction) const {
    return weights_[static_cast<std::size_t>(fraction * kFractions + 0.5F)];
  }

 private:
  static constexpr int kFractions = 128;
  template <typename Weigh>
  explicit Spline(const Weigh& weigh) {
    for (int i = 0; i <= kFractions; ++i) {
      const float f = static_cast<float>(i) / kFractions;
      weights_[static_cast<std::size_t>(i)] = weigh(f, 1 - f);
    }
  }
  std::array<Weights, kFractions + 1> weights_;
};

// The whole number below, for numbers from -8 up: floor() without the library.
int below(float v) {
  return static_cast<int>(v + 8) - 8;
}

// The patch drawn on the canvas, deslanted, the longer side of its box 20 glyph pixels.
Plane draw_on_canvas(const Plane& coverage, const Pose& pose, float scale, const Spline& spline) {
  constexpr int kPad = 4;  // empty places at either end of a line, so that no tap falls outside
  Plane canvas(kCanvas, kCanvas);
  std::vector<float> line(static_cast<std::size_t>(coverage.width + 2 * kPad));
  const float middle_x = (pose.x0 + pose.x1) / 2, middle_y = (pose.y0 + pose.y1) / 2;
  const float step = 1 / scale;
  for (int j = 0; j < kCanvas; ++j) {
    const float dy = middle_y + (static_cast<float>(j) + 0.5F - kCanvas / 2.0F) * step;
    const float sy = static_cast<float>(pose.cy) + dy;
    if (sy < -2 || sy > static_cast<float>(coverage.height) + 1) continue;
    const int base_y = below(sy);
    const Spline::Weights& wy = spline.at(sy - static_cast<float>(base_y));
    std::fill(line.begin(), line.end(), 0.0F);
    for (int t = 0; t < 4; ++t) {
      const int y = base_y - 1 + t;
      if (y < 0 || y >= coverage.height) continue;
      const float* row = coverage.row(y);
      const float weight = wy[static_cast<std::size_t>(t)];
      float* out = line.data() + kPad;
      for (int x = 0; x < coverage.width; ++x) out[x] += weight * row[x];
    }
    const float start = static_cast<float>(pose.cx) + pose.shear * dy + middle_x;
    float* out = canvas.row(j);
    for (int i = 0; i < kCanvas; ++i) {
      const float sx = start + (static_cast<float>(i) + 0.5F - kCanvas / 2.0F) * step;
      if (sx < -2 || sx > static_cast<float>(coverage.width) + 1) continue;
      const int base_x = below(sx);
      const Spline::Weights& w = spline.at(sx - static_cast<float>(base_x));
      const float* in = line.data() + kPad + base_x - 1;
      out[i] = std::max(0.0F, w[0] * in[0] + w[1] * in[1] + w[2] * in[2] + w[3] * in[3]);
    }
  }
  return canvas;
}

// Where the ink is at least half of the strongest nearby: faint parts of a pencil line count like
// dark ones, and a line's edge is the same however soft it was.
Mask outline(const Plane& canvas) {
  const Plane local = local_maximum(canvas, kNeighbourhood);
  Mask mask(kCanvas, kCanvas);
  const float least = faintest(canvas);
  for (int y = 0; y < kCanvas; ++y) {
    const float *in = canvas.row(y), *strongest = local.row(y);
    std::uint8_t* out = mask.row(y);
    for (int x = 0; x < kCanvas; ++x)
      out[x] = in[x] > kOutline * std::max(least, strongest[x]) ? 1 : 0;
  }
  return mask;
}

// Signed distance to the outline in places, negative inside.
Plane signed_distance(const Mask& mask) {
  Plane field = distance_to(mask);
  const Plane inner = distance_to(complement(mask));
  for (int y = 0; y < kCanvas; ++y) {
    const std::uint8_t* set = mask.row(y);
    const float* inside = inner.row(y);
    float* out = field.row(y);
    for (int x = 0; x < kCanvas; ++x) out[x] = set[x] ? 0.5F - inside[x] : out[x] - 0.5F;
  }
  return field;
}

// The medial axis as a list, each place with the shape's half width there.
struct AxisPlace {
  int x, y;
  float half;
};

std::vector<AxisPlace> medial_axis(const Plane& field, const Plane& sharp) {
  std::vector<AxisPlace> axis;
  for (int y = 1; y + 1 < field.height; ++y) {
    for (int x = 1; x + 1 < field.width; ++x) {
      if (field.at(x, y) >= 0) continue;
      const float gx = (field.at(x + 1, y) - field.at(x - 1, y)) / 2;
      const float gy = (field.at(x, y + 1) - field.at(x, y - 1)) / 2;
      if (gx * gx + gy * gy >= 0.5F) continue;
      const float deepest = std::min({sharp.at(x, y), sharp.at(x - 1, y), sharp.at(x + 1, y),
                                      sharp.at(x, y - 1), sharp.at(x, y + 1)});
      // A stroke an even number of places wide has its middle between two of them.
      axis.push_back({x, y, 0.25F - deepest});
    }
  }
  return axis;
}

// The median half width over the axis, each place weighted by its own so that the short branches
// into corners count little.
float usual_half_width(const std::vector<AxisPlace>& axis) {
  std::vector<float> widths;
  double total = 0;
  for (const AxisPlace& place : axis) {
    widths.push_back(place.half);
    total += place.half;
  }
  std::sort(widths.begin(), widths.end());
  double sum = 0;
  for (const float w : widths) {
    sum += w;
    if (2 * sum >= total) return w;
  }
  return 0;
}

// A bold shape drawn anew: at each place of its medial axis a disc of the aimed half width, or as
// much of it as the shape has there. Where it is bolder a share of the rest stays, since a blot is
// often a loop that the pen filled, and thinned to a line it would be another digit.
Plane thinned(const std::vector<AxisPlace>& axis, float half) {
  Plane field(kCanvas, kCanvas, kReach);
  for (const AxisPlace& place : axis) {
    const float radius = place.half <= half ? place.half : half + kBoldness * (place.half - half);
    const int reach = below(radius) + 4;
    for (int y = std::max(0, place.y - reach); y <= std::min(kCanvas - 1, place.y + reach); ++y) {
      const auto dy = static_cast<float>(y - place.y);
      float* row = field.row(y);
      for (int x = std::max(0, place.x - reach); x <= std::min(kCanvas - 1, place.x + reach); ++x) {
        const auto dx = static_cast<float>(x - place.x);
        row[x] = std::min(row[x], std::sqrt(dx * dx + dy * dy) - radius);
      }
    }
  }
  return field;
}

// A mean over about a glyph pixel's area of the canvas, around a point.
float shade(const Plane& canvas, float x, float y, float places_a_pixel) {
  float sum = 0;
  for (int b = -1; b <= 1; ++b) {
    for (int a = -1; a <= 1; ++a) {
      sum += sample_bilinear(canvas, x + static_cast<float>(a) * places_a_pixel / 3,
                             y + static_cast<float>(b) * places_a_pixel / 3);
    }
  }
  return sum / 9;
}

// The glyph from distances to its outline: the centre of mass in the middle but the shape never
// pushed over the rim. With `shades` the canvas's ink is taken as it is; without, an edge gets one
// glyph pixel of softness.
GreyImage place(const Plane& field, const Plane* shades) {
  double mass = 0, sx = 0, sy = 0;
  int x0 = kCanvas, y0 = kCanvas, x1 = -1, y1 = -1;
  for (int y = 0; y < kCanvas; ++y) {
    for (int x = 0; x < kCanvas; ++x) {
      if (field.at(x, y) >= 0) continue;
      const double ink = shades != nullptr ? std::min(1.0F, shades->at(x, y)) : 1;
      mass += ink, sx += ink * x, sy += ink * y;
      x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
    }
  }
  GreyImage glyph(Evenness::kSize, Evenness::kSize);
  if (mass <= 0) return glyph;
  // So that the longer side comes to 20; a dot or a blot is not blown up without limit.
  const auto extent = static_cast<float>(std::max(x1 - x0, y1 - y0) + 1);
  const float places_a_pixel = std::clamp(extent / Evenness::kBox, kFine / 1.8F, kFine * 1.15F);
  constexpr float kHalf = Evenness::kSize / 2.0F;
  const auto origin = [&](double centre, int first, int last) {
    // In places: where the glyph's middle lies on the canvas.
    const float room = (kHalf - 1) * places_a_pixel;
    const float low = static_cast<float>(last) + 0.5F - room;
    const float high = static_cast<float>(first) - 0.5F + room;
    const auto middle = static_cast<float>(centre);
    return low > high ? (low + high) / 2 : std::clamp(middle, low, high);
  };
  const float ox = origin(sx / mass, x0, x1), oy = origin(sy / mass, y0, y1);
  for (int j = 0; j < Evenness::kSize; ++j) {
    for (int i = 0; i < Evenness::kSize; ++i) {
      const float x = ox + (static_cast<float>(i) + 0.5F - kHalf) * places_a_pixel;
      const float y = oy + (static_cast<float>(j) + 0.5F - kHalf) * places_a_pixel;
      const float level = shades != nullptr ? shade(*shades, x, y, places_a_pixel)
                                            : 0.5F - sample_bilinear(field, x, y) / places_a_pixel;
      const float ink = std::clamp(level, 0.0F, 1.0F);
      glyph.at(i, j) = static_cast<std::uint8_t>(ink * 255 + 0.5F);
    }
  }
  return glyph;
}

std::string tenths(float value) {
  const int whole = static_cast<int>(value * 10 + 0.5F);
  return std::to_string(whole / 10) + "." + std::to_string(whole % 10);
}

// A shape on the canvas, and what is measured of it.
struct Drawing {
  Plane canvas;
  Mask shape;
  Plane field;  // signed distance to the outline
  std::vector<AxisPlace> axis;
  float half_width = 0;  // in places; 0 where nothing of substance is left
  float stroke_width() const { return 2 * half_width / kFine; }  // in glyph pixels
};

Drawing draw(const Plane& coverage, const Pose& pose, const Spline& spline) {
  Drawing drawing;
  const float scale = Evenness::kBox * kFine / pose.extent();
  drawing.canvas = draw_on_canvas(coverage, pose, scale, spline);
  drawing.shape = outline(drawing.canvas);
  const Plane sharp = signed_distance(drawing.shape);
  drawing.field = smooth(sharp);  // takes the stairs of the canvas out of the outline
  drawing.axis = medial_axis(drawing.field, sharp);
  drawing.half_width = usual_half_width(drawing.axis);
  return drawing;
}

}  // namespace

float deslanting_shear(double mu11, double mu02, float share) {
  if (mu02 < 1e-6) return 0;
  return std::clamp(share * static_cast<float>(mu11 / mu02), -Evenness::kMaxShear,
                    Evenness::kMaxShear);
}

std::optional<GreyImage> even_out(const InkPatch& patch, const Evenness& evenness, Trace* trace) {
  const std::optional<Pose> pose = pose_of(patch.coverage, evenness.deslant);
  if (!pose) return std::nullopt;
  const bool shades = evenness.keeps_shades;
  Drawing drawing = draw(patch.coverage, *pose, shades ? Spline::through() : Spline::smoothing());
  // A line thinner than a place comes in pieces unless it is smoothed.
  if (shades && drawing.stroke_width() < evenness.thinnest) {
    drawing = draw(patch.coverage, *pose, Spline::smoothing());
  }
  if (drawing.half_width <= 0) return std::nullopt;

  const float natural = drawing.stroke_width();
  const float width =
      natural < evenness.thinnest ? evenness.pen : std::min(natural, evenness.boldest);
  if (trace != nullptr) {
    trace->add("upright, in its box", "three places a pixel of the glyph",
               picture_of(drawing.canvas, 200));
    trace->add("outline",
               "strokes " + tenths(natural) + " pixels wide, brought to " + tenths(width),
               picture_of(drawing.shape));
  }
  Plane& field = drawing.field;
  if (width == natural) return place(field, shades ? &drawing.canvas : nullptr);
  // The line in the middle of the stroke is what keeps its size, whatever the pen: it fills the box
  // less one stroke's width. A blot has no such line and is not blown up without limit.
  const float lines = Evenness::kBox * kFine - 2 * drawing.half_width;
  const float aim = Evenness::kBox - width;
  const float places_a_pixel = std::clamp(lines / aim, kFine / 1.8F, kFine * 1.15F);
  const float half = width / 2 * places_a_pixel;
  if (drawing.half_width > half) {
    field = thinned(drawing.axis, half);
  } else {
    for (float& v : field.values) v -= half - drawing.half_width;
  }
  return place(field, nullptr);
}

}  // namespace longhand::ink
