#include "hostile_paper.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace longhand::bench {
namespace {

using ink::GreyImage;

constexpr int kSide = 120;  // of the pictures, in pixels
constexpr double kPi = 3.14159265358979;

// SplitMix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  double uniform(double low, double high) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return low + (high - low) * static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
  }
  double normal() {  // of deviation 1, by the sum of twelve
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform(0, 1);
    return sum;
  }
  bool coin() { return uniform(0, 1) < 0.5; }

 private:
  std::uint64_t state_;
};

// Light on paper, as numbers that may leave 0..255 until they are turned into a picture.
struct Sheet {
  int width = kSide, height = kSide;
  std::vector<double> grey = std::vector<double>(kSide * kSide);
  double& at(int x, int y) { return grey[static_cast<std::size_t>(y * width + x)]; }
  double at(int x, int y) const { return grey[static_cast<std::size_t>(y * width + x)]; }

  GreyImage picture() const {
    GreyImage image(width, height);
    for (std::size_t i = 0; i < grey.size(); ++i)
      image.pixels[i] = static_cast<std::uint8_t>(std::clamp(grey[i] + 0.5, 0.0, 255.0));
    return image;
  }
  template <typename Change>
  void each(const Change& change) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) at(x, y) = change(x, y, at(x, y));
    }
  }
};

double sample(const GreyImage& glyph, double x, double y) {
  const auto pixel = [&](int i, int j) {
    return i < 0 || j < 0 || i >= glyph.width || j >= glyph.height ? 0.0 : glyph.at(i, j) / 255.0;
  };
  const int i = static_cast<int>(std::floor(x)), j = static_cast<int>(std::floor(y));
  const double fx = x - i, fy = y - j;
  return (pixel(i, j) * (1 - fx) + pixel(i + 1, j) * fx) * (1 - fy) +
         (pixel(i, j + 1) * (1 - fx) + pixel(i + 1, j + 1) * fx) * fy;
}

struct Writing {
  double paper = 215, ink = 60;   // grey levels
  double low = 0.55, high = 0.9;  // the glyph's picture, as a share of the sheet's side
};

Sheet write(const GreyImage& glyph, Random& random, const Writing& writing = {}) {
  Sheet sheet;
  const double side = random.uniform(writing.low, writing.high) * kSide;
  const double left = random.uniform(0, kSide - side), top = random.uniform(0, kSide - side);
  const double scale = 28 / side;
  sheet.each([&](int x, int y, double) {
    const double amount =
        sample(glyph, (x + 0.5 - left) * scale - 0.5, (y + 0.5 - top) * scale - 0.5);
    return writing.paper + (writing.ink - writing.paper) * amount;
  });
  return sheet;
}

double smooth_step(double t) {
  t = std::clamp(t, 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

void grain(Sheet& sheet, Random& random, double deviation) {
  sheet.each([&](int, int, double v) { return v + deviation * random.normal(); });
}

// Light from one side: it falls to `least` of itself across the sheet.
void slope(Sheet& sheet, Random& random, double least) {
  const double angle = random.uniform(0, 2 * kPi), dx = std::cos(angle), dy = std::sin(angle);
  sheet.each([&](int x, int y, double v) {
    const double t = 0.5 + ((x - kSide / 2.0) * dx + (y - kSide / 2.0) * dy) / (1.42 * kSide);
    return v * (1 - (1 - least) * std::clamp(t, 0.0, 1.0));
  });
}

// A shadow with an edge, some pixels soft, across the sheet.
void shadow(Sheet& sheet, Random& random, double dark, double softness) {
  const double angle = random.uniform(0, 2 * kPi), dx = std::cos(angle), dy = std::sin(angle);
  const double place = random.uniform(-0.25, 0.25) * kSide;
  sheet.each([&](int x, int y, double v) {
    const double d = (x - kSide / 2.0) * dx + (y - kSide / 2.0) * dy - place;
    return v * (1 - (1 - dark) * smooth_step(d / softness + 0.5));
  });
}

// Lines `pitch` apart, one or two pixels thick, at a small angle; `level` is their grey.
void rule(Sheet& sheet, double pitch, double phase, double thickness, double slant, double level,
          bool upright) {
  sheet.each([&](int x, int y, double v) {
    const double along = upright ? y : x, across = upright ? x : y;
    double d = std::fmod(across + slant * along + phase, pitch);
    if (d < 0) d += pitch;
    return d < thickness ? std::min(v, level) : v;
  });
}

GreyImage plain(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  return write(glyph, random).picture();
}

GreyImage gradient(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  slope(sheet, random, 0.45);
  grain(sheet, random, 2);
  return sheet.picture();
}

GreyImage vignette(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  const double cx = random.uniform(0.3, 0.7) * kSide, cy = random.uniform(0.3, 0.7) * kSide;
  sheet.each([&](int x, int y, double v) {
    const double r = ((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (kSide * kSide);
    return v * (1 - 0.55 * std::min(1.0, 1.3 * r));
  });
  grain(sheet, random, 2);
  return sheet.picture();
}

GreyImage shadow_edge(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  shadow(sheet, random, random.uniform(0.5, 0.75), random.uniform(3, 14));
  grain(sheet, random, 2);
  return sheet.picture();
}

GreyImage grainy(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  grain(sheet, random, 14);
  return sheet.picture();
}

// Read at a low resolution, every tenth pixel black or white.
GreyImage speckled(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  GreyImage picture = glyph;
  for (auto& pixel : picture.pixels) {
    pixel = static_cast<std::uint8_t>(255 - pixel);
    if (random.uniform(0, 1) < 0.1) pixel = random.uniform(0, 1) < 0.5 ? 0 : 255;
  }
  return picture;
}

GreyImage ruled(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  rule(sheet, random.uniform(14, 45), random.uniform(0, 45), random.uniform(1, 2.4),
       random.uniform(-0.03, 0.03), random.uniform(90, 185), false);
  grain(sheet, random, 2);
  return sheet.picture();
}

GreyImage squared(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  const double pitch = random.uniform(14, 40), level = random.uniform(90, 185);
  const double slant = random.uniform(-0.03, 0.03), thickness = random.uniform(1, 2);
  rule(sheet, pitch, random.uniform(0, pitch), thickness, slant, level, false);
  rule(sheet, pitch, random.uniform(0, pitch), thickness, -slant, level, true);
  grain(sheet, random, 2);
  return sheet.picture();
}

// A printed cell of a form around the glyph, as dark as the ink.
GreyImage cell(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  const int x0 = static_cast<int>(random.uniform(0, 12)),
            x1 = kSide - 1 - static_cast<int>(random.uniform(0, 12));
  const int y0 = static_cast<int>(random.uniform(0, 12)),
            y1 = kSide - 1 - static_cast<int>(random.uniform(0, 12));
  const int thick = random.coin() ? 2 : 3;
  sheet.each([&](int x, int y, double v) {
    const bool within = x >= x0 && x <= x1 && y >= y0 && y <= y1;
    const int depth = std::min({x - x0, x1 - x, y - y0, y1 - y});
    return within && depth < thick ? std::min(v, 70.0) : v;
  });
  grain(sheet, random, 2);
  return sheet.picture();
}

// What a scanner sees past the paper, on one to four sides.
GreyImage margins(const GreyImage& glyph, std::uint64_t seed, double slant) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  grain(sheet, random, 3);
  std::array<double, 4> depth{};
  const auto first = static_cast<std::size_t>(random.uniform(0, 4));
  for (std::size_t side = 0; side < 4; ++side) {
    if (side == first || random.coin()) depth[side] = random.uniform(3, 24);
  }
  // The paper grows with the margins, so that they cover none of the writing.
  const int wide = kSide + static_cast<int>(depth[0] + depth[1]);
  const int high = kSide + static_cast<int>(depth[2] + depth[3]);
  GreyImage image(wide, high);
  const double bed = random.uniform(0, 18);
  const double tilt = random.uniform(-slant, slant);
  for (int y = 0; y < high; ++y) {
    for (int x = 0; x < wide; ++x) {
      const double u = x - depth[0] + tilt * (y - high / 2.0);
      const double v = y - depth[2] - tilt * (x - wide / 2.0);
      const bool out = (depth[0] > 0 && u < 0) || (depth[1] > 0 && u >= kSide) ||
                       (depth[2] > 0 && v < 0) || (depth[3] > 0 && v >= kSide);
      const int px = std::clamp(static_cast<int>(u), 0, kSide - 1);
      const int py = std::clamp(static_cast<int>(v), 0, kSide - 1);
      const double grey = out ? bed + 2 * random.normal() : sheet.at(px, py);
      image.at(x, y) = static_cast<std::uint8_t>(std::clamp(grey + 0.5, 0.0, 255.0));
    }
  }
  return image;
}

GreyImage black_margins(const GreyImage& glyph, std::uint64_t seed) {
  return margins(glyph, seed, 0);
}

GreyImage skewed_margins(const GreyImage& glyph, std::uint64_t seed) {
  return margins(glyph, seed, 0.05);
}

// The loss of JPEG at quality 30, luminance alone: Annex K's table, scaled as libjpeg does.
GreyImage compressed(const GreyImage& image) {
  static constexpr std::array<int, 64> kTable = {
      16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
      14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
      18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
      49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};
  constexpr int kScale = 5000 / 30;
  static const auto kCosines = [] {
    std::array<std::array<double, 8>, 8> table{};
    for (int k = 0; k < 8; ++k) {
      for (int n = 0; n < 8; ++n)
        table[static_cast<std::size_t>(k)][static_cast<std::size_t>(n)] =
            std::cos((2 * n + 1) * k * kPi / 16) * (k == 0 ? std::sqrt(0.125) : 0.5);
    }
    return table;
  }();
  const auto basis = [](int k, int n) {
    return kCosines[static_cast<std::size_t>(k)][static_cast<std::size_t>(n)];
  };
  GreyImage result = image;
  for (int by = 0; by + 8 <= image.height; by += 8) {
    for (int bx = 0; bx + 8 <= image.width; bx += 8) {
      std::array<double, 64> block{};
      for (int k = 0; k < 64; ++k) {
        double sum = 0;
        for (int n = 0; n < 64; ++n)
          sum += (image.at(bx + n % 8, by + n / 8) - 128.0) * basis(k % 8, n % 8) *
                 basis(k / 8, n / 8);
        const double q = (kTable[static_cast<std::size_t>(k)] * kScale + 50) / 100;
        block[static_cast<std::size_t>(k)] = std::round(sum / q) * q;
      }
      for (int n = 0; n < 64; ++n) {
        double sum = 128.5;
        for (int k = 0; k < 64; ++k)
          sum += block[static_cast<std::size_t>(k)] * basis(k % 8, n % 8) * basis(k / 8, n / 8);
        result.at(bx + n % 8, by + n / 8) = static_cast<std::uint8_t>(std::clamp(sum, 0.0, 255.0));
      }
    }
  }
  return result;
}

GreyImage jpeg(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random, {.paper = 200, .ink = 110});
  grain(sheet, random, 4);
  return compressed(sheet.picture());
}

// A finger, or its shadow, comes in from one side: a rounded bar with a soft edge.
GreyImage finger(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random, {.low = 0.55, .high = 0.7});
  const int side = static_cast<int>(random.uniform(0, 4));
  const double middle = random.uniform(0.2, 0.8) * kSide, half = random.uniform(12, 20);
  const double reach = random.uniform(8, 18), dark = random.uniform(0.3, 0.6);
  sheet.each([&](int x, int y, double v) {
    const double along = side < 2 ? y : x;
    const double in = side == 0 ? x : side == 1 ? kSide - 1 - x : side == 2 ? y : kSide - 1 - y;
    const double a = (along - middle) / half;
    const double d = reach * (1 - a * a) - in;
    return v * (1 - (1 - dark) * smooth_step(d / 4 + 0.5));
  });
  grain(sheet, random, 2);
  return sheet.picture();
}

GreyImage one_bit(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  slope(sheet, random, 0.7);
  grain(sheet, random, 10);
  const double threshold = random.uniform(105, 130);
  sheet.each([&](int, int, double v) { return v < threshold ? 0.0 : 255.0; });
  return sheet.picture();
}

// The whole of it scaled to 16x16 pixels, as small displays and cheap sensors give it.
GreyImage tiny(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random, {.low = 0.95, .high = 1});
  constexpr int kTiny = 16;
  GreyImage image(kTiny, kTiny);
  for (int j = 0; j < kTiny; ++j) {
    for (int i = 0; i < kTiny; ++i) {
      double sum = 0, count = 0;
      for (int y = j * kSide / kTiny; y < (j + 1) * kSide / kTiny; ++y) {
        for (int x = i * kSide / kTiny; x < (i + 1) * kSide / kTiny; ++x)
          sum += sheet.at(x, y), count += 1;
      }
      image.at(i, j) = static_cast<std::uint8_t>(sum / count + 0.5);
    }
  }
  return image;
}

// Chalk: light on dark, crumbling, the board wiped badly.
GreyImage blackboard(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random, {.paper = 55, .ink = 200});
  slope(sheet, random, 0.6);
  sheet.each([&](int, int, double v) {
    return v > 120 && random.uniform(0, 1) < 0.15 ? v * 0.6 : v + 5 * random.normal();
  });
  return sheet.picture();
}

// A hard pencil: a quarter of black on white, on paper with a grain.
GreyImage pencil(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random, {.paper = 205, .ink = 141});
  grain(sheet, random, 7);
  return sheet.picture();
}

// A pen that skips: gaps across the strokes, some pixels wide.
GreyImage broken(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  for (int gap = 0; gap < 4; ++gap) {
    const double angle = random.uniform(0, kPi), dx = std::cos(angle), dy = std::sin(angle);
    const double place = random.uniform(-0.25, 0.25) * kSide, wide = random.uniform(1.5, 4);
    sheet.each([&](int x, int y, double v) {
      const double d = (x - kSide / 2.0) * dx + (y - kSide / 2.0) * dy - place;
      return std::abs(d) < wide / 2 ? 215.0 : v;
    });
  }
  return sheet.picture();
}

GreyImage specks(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random);
  for (int n = 0; n < 25; ++n) {
    const double cx = random.uniform(0, kSide), cy = random.uniform(0, kSide);
    const double r = random.uniform(0.6, 1.8);
    sheet.each([&](int x, int y, double v) {
      return (x - cx) * (x - cx) + (y - cy) * (y - cy) < r * r ? std::min(v, 90.0) : v;
    });
  }
  return sheet.picture();
}

// A page of an exercise book under a lamp, photographed by hand: all at once.
GreyImage snapshot(const GreyImage& glyph, std::uint64_t seed) {
  Random random(seed);
  Sheet sheet = write(glyph, random, {.paper = 205, .ink = 80});
  rule(sheet, random.uniform(25, 45), random.uniform(0, 45), random.uniform(1, 2),
       random.uniform(-0.03, 0.03), random.uniform(140, 180), false);
  slope(sheet, random, 0.6);
  shadow(sheet, random, random.uniform(0.6, 0.8), random.uniform(6, 20));
  grain(sheet, random, 5);
  return compressed(sheet.picture());
}

}  // namespace

const std::vector<Condition>& conditions() {
  static const std::vector<Condition> all = {
      {"plain paper", plain},
      {"light from one side", gradient},
      {"vignette", vignette},
      {"shadow with an edge", shadow_edge},
      {"finger at the rim", finger},
      {"grain", grainy},
      {"salt and pepper", speckled},
      {"ruled paper", ruled},
      {"squared paper", squared},
      {"printed cell", cell},
      {"black margins", black_margins},
      {"black margins, skewed", skewed_margins},
      {"JPEG, quality 30", jpeg},
      {"black and white", one_bit},
      {"16x16 pixels", tiny},
      {"blackboard", blackboard},
      {"pencil, 25 % contrast", pencil},
      {"broken pen", broken},
      {"specks", specks},
      {"snapshot of all", snapshot},
  };
  return all;
}

}  // namespace longhand::bench
