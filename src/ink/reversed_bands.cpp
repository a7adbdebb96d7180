#include "ink/reversed_bands.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

namespace longhand::ink {
namespace {

constexpr int kLeastRange = 48;  // grey levels between the darkest and the lightest
// Shares of that range, as a mean along the edge.
constexpr double kLeastStep = 0.4;  // by which the sides of an edge differ; less is left of that by
                                    // turning one back, unless a stroke runs along the edge
constexpr double kClearStep = 0.5;  // the same where the edge is beyond doubt,
constexpr double kMostLeft = 0.4;   // and what turning back leaves of the step
constexpr double kCrossing = 0.02;  // of an edge's places, at least one: the stroke across it
constexpr double kOpposite = 0.3;   // of the range, by which such places differ
constexpr double kExact = 0.12;     // of the range, by which a negative may be off
constexpr double kEnds = 0.08;      // of an edge's length, at either end: where a stroke has none
constexpr double kLeastBand = 0.03;   // of the picture's width (height), from edge to edge or rim
constexpr double kLeastEmpty = 0.22;  // the same of a band with nothing written in it
constexpr double kLeastWritten =
    0.3;  // of the same: what is left beside empty bands; a stroke is thinner
constexpr double kOneLevel = 0.15;    // of the range, around which
constexpr double kMostSpecks = 0.03;  // of an empty band's places may be off its level
constexpr int kSamples = 64;          // lines looked at for a first guess

// A picture's lines across the direction in which bands follow one another: its columns, or its
// rows.
class Lines {
 public:
  Lines(const GreyImage& image, bool columns)
      : pixels_(image.pixels.data()),
        count_(columns ? image.width : image.height),
        length_(columns ? image.height : image.width),
        across_(columns ? 1 : image.width),
        along_(columns ? image.width : 1) {}
  int count() const { return count_; }
  int length() const { return length_; }
  const std::uint8_t* first(int line) const { return pixels_ + line * across_; }
  std::ptrdiff_t along() const { return along_; }  // from a place to the next
  int at(int line, int place) const { return pixels_[line * across_ + place * along_]; }

 private:
  const std::uint8_t* pixels_;
  int count_, length_;
  std::ptrdiff_t across_, along_;  // from a line to the next, from a place to the next
};

struct Levels {
  int darkest, lightest;
  int range() const { return lightest - darkest; }
  int reversed(int level) const { return darkest + lightest - level; }
};

struct Edge {
  int line = 0;          // the first line past it
  double step = 0;       // mean difference of the lines on either side
  double left = 0;       // the same with one side turned back
  bool crossed = false;  // strokes show on either side, each in the other's paper
  bool ends = true;      // at the edge's very ends, where there is paper, the sides are negatives
};

// The edge before `line`, judged by every `stride`th place.
Edge edge_before(const Lines& lines, int line, const Levels& levels, int stride) {
  Edge edge{.line = line};
  int places = 0, falling = 0, rising = 0, steps = 0, lefts = 0;
  // In whole grey levels and places: more than so many, at most so many, fewer than so many.
  const int opposite = static_cast<int>(kOpposite * levels.range());
  const int exact = static_cast<int>(kExact * levels.range());
  const int end = static_cast<int>(std::ceil(kEnds * lines.length()));
  for (int i = 0; i < lines.length(); i += stride) {
    const int a = lines.at(line - 1, i), b = lines.at(line, i);
    const int step = std::abs(a - b), left = std::abs(levels.reversed(a) - b);
    steps += step;
    lefts += left;
    falling += a - b > opposite ? 1 : 0;
    rising += b - a > opposite ? 1 : 0;
    const bool at_end = std::min(i, lines.length() - 1 - i) < end;
    edge.ends = edge.ends && (!at_end || (step > opposite && left <= exact));
    ++places;
  }
  edge.step = static_cast<double>(steps) / places;
  edge.left = static_cast<double>(lefts) / places;
  edge.crossed = std::min(falling, rising) >= std::max(1.0, kCrossing * places);
  return edge;
}

// An edge beyond doubt, with strokes across it.
bool is_clear(const Edge& edge, const Levels& levels) {
  return edge.crossed && edge.step >= kClearStep * levels.range() &&
         edge.left <= kMostLeft * edge.step;
}

bool parts_negatives(const Edge& edge, const Levels& levels) {
  return is_clear(edge, levels) ||
         (edge.ends && edge.step >= kLeastStep * levels.range() && edge.left <= edge.step);
}

// As of the edge before `line`, without the rest.
double step_before(const Lines& lines, int line, int stride) {
  const std::uint8_t *before = lines.first(line - 1), *after = lines.first(line);
  const int places = (lines.length() + stride - 1) / stride;
  const std::ptrdiff_t apart = lines.along() * stride;
  int steps = 0;
  for (int i = 0; i < places; ++i) steps += std::abs(before[i * apart] - after[i * apart]);
  return static_cast<double>(steps) / places;
}

std::vector<Edge> edges_of(const Lines& lines, const Levels& levels) {
  static_assert(kLeastStep <= kClearStep);
  const int stride = std::max(1, lines.length() / kSamples);
  std::vector<Edge> edges;
  for (int line = 1; line < lines.count(); ++line) {
    // Most lines are like the one before, which is soon seen.
    if (step_before(lines, line, stride) < kLeastStep * levels.range()) continue;
    if (!parts_negatives(edge_before(lines, line, levels, stride), levels)) continue;
    const Edge edge = edge_before(lines, line, levels, 1);
    if (parts_negatives(edge, levels)) edges.push_back(edge);
  }
  return edges;
}

struct Band {
  int from = 0, to = 0;  // lines, the last one past it
  bool even = false;     // of one level
  bool dark = false;     // for the most part, as its paper is then
};

Band band_of(const Lines& lines, int from, int to, const Levels& levels) {
  int dark = 0, light = 0, other = 0, darker = 0;
  for (int line = from; line < to; ++line) {
    for (int i = 0; i < lines.length(); ++i) {
      const int level = lines.at(line, i);
      const bool is_dark = level - levels.darkest <= kOneLevel * levels.range();
      const bool is_light = levels.lightest - level <= kOneLevel * levels.range();
      ++(is_dark ? dark : is_light ? light : other);
      darker += 2 * level < levels.darkest + levels.lightest ? 1 : 0;
    }
  }
  const int places = (to - from) * lines.length();
  return {from, to, other + std::min(dark, light) <= kMostSpecks * places, 2 * darker > places};
}

std::vector<Band> bands_between(const std::vector<Edge>& edges, const Lines& lines,
                                const Levels& levels) {
  std::vector<Band> bands;
  int from = 0;
  for (std::size_t i = 0; i <= edges.size(); ++i) {
    const int to = i < edges.size() ? edges[i].line : lines.count();
    bands.push_back(band_of(lines, from, to, levels));
    from = to;
  }
  return bands;
}

// Whether every second band, from the `first` on, is broad and has nothing in it, while the others
// are written on: a printed bar is not that broad, nor is a stroke that straight.
bool are_empty(const std::vector<Band>& bands, std::size_t first, const Lines& lines) {
  bool written = false;
  int breadth = 0;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const Band& band = bands[i];
    const int lines_of_it = band.to - band.from;
    if (i % 2 != first) {
      written = written || !band.even;
      breadth += lines_of_it;
    } else if (!band.even || lines_of_it < kLeastEmpty * lines.count()) {
      return false;
    }
  }
  return written && breadth >= kLeastWritten * lines.count();
}

// Which bands are reversed: those from the 0th or the 1st on, every second one.
std::optional<std::size_t> reversed_from(const std::vector<Band>& bands,
                                         const std::vector<Edge>& edges, const Lines& lines,
                                         const Levels& levels) {
  std::array<int, 2> breadth{};
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const int lines_of_it = bands[i].to - bands[i].from;
    if (lines_of_it < std::max(2.0, kLeastBand * lines.count())) return std::nullopt;
    // A stroke's two sides are each other's negative too, but the paper on either is the same.
    if (i > 0 && bands[i].dark == bands[i - 1].dark) return std::nullopt;
    breadth[i % 2] += lines_of_it;
  }
  const auto clear = [&](const Edge& edge) { return is_clear(edge, levels); };
  if (std::any_of(edges.begin(), edges.end(), clear)) return breadth[0] <= breadth[1] ? 0 : 1;
  for (const std::size_t first : {0, 1}) {
    if (are_empty(bands, first, lines)) return first;
  }
  return std::nullopt;
}

// The picture with its bands of columns, or of rows, turned back; nullopt where there are none.
std::optional<GreyImage> turned_back(const GreyImage& image, bool columns, const Levels& levels) {
  const Lines lines(image, columns);
  const std::vector<Edge> edges = edges_of(lines, levels);
  if (edges.empty()) return std::nullopt;
  const std::vector<Band> bands = bands_between(edges, lines, levels);
  const std::optional<std::size_t> first = reversed_from(bands, edges, lines, levels);
  if (!first) return std::nullopt;
  GreyImage result = image;
  for (std::size_t b = *first; b < bands.size(); b += 2) {
    for (int line = bands[b].from; line < bands[b].to; ++line) {
      for (int i = 0; i < lines.length(); ++i) {
        std::uint8_t& level = columns ? result.at(line, i) : result.at(i, line);
        level = static_cast<std::uint8_t>(levels.reversed(level));
      }
    }
  }
  return result;
}

}  // namespace

std::optional<GreyImage> without_reversed_bands(const GreyImage& image) {
  if (image.empty()) return std::nullopt;
  const auto [darkest, lightest] = extremes_of(image);
  const Levels levels = {darkest, lightest};
  if (levels.range() < kLeastRange) return std::nullopt;
  std::optional<GreyImage> columns = turned_back(image, true, levels);
  std::optional<GreyImage> rows = turned_back(columns ? *columns : image, false, levels);
  return rows ? std::move(rows) : std::move(columns);
}

}  // namespace longhand::ink
