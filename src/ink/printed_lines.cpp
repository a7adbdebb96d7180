#include "ink/printed_lines.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "ink/components.h"

namespace longhand::ink {
namespace {

constexpr int kThin = 24;              // a line is at most this part of the sheet thick
constexpr float kMostSlope = 0.08F;    // of a line to the sheet's side: some five degrees
constexpr double kFilled = 0.85;       // of a line's length is inked,
constexpr double kBare = 0.35;         // and this much shows it alone, crossed by nothing
constexpr double kLeastLength = 0.45;  // of the sheet
constexpr int kMostLines = 64;
constexpr int kSlopeStep = 2;  // places at a line's far end, on pages
constexpr int kColumns = 256;  // that vote there, about
constexpr int kMostRounds = 12;
constexpr std::size_t kMostPageLines = 160;
constexpr float kPen = 0.12F;  // of the writing's height, or so many places: what is thicker is no line
constexpr int kThinLine = 6;
constexpr float kLongest = 3;     // times that height: strokes are no longer
constexpr double kWrittenBy = 4;  // times a line's thickness, at least, is writing large
constexpr int kMostFailures = 8;  // guesses that are no line: in noise there is no end of them
constexpr double kThinner = 0.7;  // than the writing's strokes: a printed line
constexpr double kFainter = 0.75;
constexpr int kMany = 4;               // lines that are a grid or a cell, however strong
constexpr double kLeastWriting = 0.2;  // of the sheet's smaller side
constexpr int kLeastSide = 40;         // places: in less, lines and strokes are as thick

// The sheet's inked places, turned so that the lines sought run along x.
Mask inked_places(const Plane& coverage, const Part& sheet, float inked, bool upright) {
  Mask mask(upright ? sheet.height() : sheet.width(), upright ? sheet.width() : sheet.height());
  for (int y = sheet.y0; y < sheet.y1; ++y) {
    for (int x = sheet.x0; x < sheet.x1; ++x) {
      if (coverage.at(x, y) < inked) continue;
      (upright ? mask.at(y - sheet.y0, x - sheet.x0) : mask.at(x - sheet.x0, y - sheet.y0)) = 1;
    }
  }
  return mask;
}

// A run of inked places across the direction of the lines.
struct Run {
  int x, y0, y1;  // inclusive
  int thickness() const { return y1 - y0 + 1; }
  float middle() const { return static_cast<float>(y0 + y1) / 2; }
};

std::vector<Run> thin_runs(const Mask& mask, int most) {
  std::vector<Run> runs;
  for (int x = 0; x < mask.width; ++x) {
    for (int y = 0; y < mask.height;) {
      if (!mask.at(x, y)) {
        ++y;
        continue;
      }
      const int first = y;
      while (y < mask.height && mask.at(x, y)) ++y;
      if (y - first <= most) runs.push_back({x, first, y - 1});
    }
  }
  return runs;
}

// The runs that a line at `at` with that slope goes through, within a place.
std::vector<Run> runs_on(const std::vector<Run>& runs, float at, float slope, float within) {
  std::vector<Run> on;
  for (const Run& run : runs) {
    if (std::abs(run.middle() - (at + slope * static_cast<float>(run.x))) <= within)
      on.push_back(run);
  }
  return on;
}

struct Guess {
  int votes = 0;
  float at = 0, slope = 0;
};

// The line through most runs: votes by slope and place (Hough).
Guess strongest(const std::vector<Run>& runs, int width, int height) {
  Guess best;
  const int steps = std::max(1, static_cast<int>(kMostSlope * static_cast<float>(width)));
  const int room = static_cast<int>(kMostSlope * static_cast<float>(width)) + 1;
  std::vector<int> votes(static_cast<std::size_t>(height + 2 * room + 2));
  for (int n = 0; n <= 2 * steps; ++n) {  // the least slope first: 0, 1, -1, 2, ...
    const int s = n % 2 == 0 ? -n / 2 : (n + 1) / 2;
    const float slope = static_cast<float>(s) / static_cast<float>(width);
    std::fill(votes.begin(), votes.end(), 0);
    for (const Run& run : runs) {
      const float at = run.middle() - slope * static_cast<float>(run.x);
      ++votes[static_cast<std::size_t>(at + static_cast<float>(room) + 0.5F)];
    }
    for (std::size_t b = 0; b + 1 < votes.size(); ++b) {
      const int both = votes[b] + votes[b + 1];  // a line may lie between two places
      if (both <= best.votes) continue;
      const float share = static_cast<float>(votes[b + 1]) / static_cast<float>(both);
      best = {both, static_cast<float>(b) + share - static_cast<float>(room), slope};
    }
  }
  return best;
}

// How many places along the line are inked on it or beside it.
int inked_along(const Mask& mask, const PrintedLine& line) {
  int inked = 0;
  for (int x = line.from; x <= line.to; ++x) {
    const float y = line.at + line.slope * static_cast<float>(x);
    const int from = std::max(0, static_cast<int>(y)), to = static_cast<int>(y) + 1;
    bool any = false;
    for (int j = from; j <= std::min(to, mask.height - 1); ++j) any = any || mask.at(x, j);
    inked += any ? 1 : 0;
  }
  return inked;
}

struct Candidate {
  PrintedLine line;
  std::vector<Run> runs;
};

// The line that a guess means, and its runs, which are taken out of `runs`; nullopt where that is
// no line.
std::optional<Candidate> verified(const Guess& guess, const Mask& mask, bool upright,
                                  std::vector<Run>& runs) {
  Candidate c;
  c.runs = runs_on(runs, guess.at, guess.slope, 1.5F);
  std::erase_if(runs, [&](const Run& run) {
    return std::abs(run.middle() - (guess.at + guess.slope * static_cast<float>(run.x))) <= 1.5F;
  });
  if (c.runs.empty()) return std::nullopt;
  int bare = 0, last = -1;
  std::vector<int> thickness;
  for (const Run& run : c.runs) {
    bare += run.x != last ? 1 : 0;
    last = run.x;
    thickness.push_back(run.thickness());
  }
  std::nth_element(thickness.begin(), thickness.begin() + static_cast<long>(thickness.size() / 2),
                   thickness.end());
  c.line = {upright,          guess.at,       guess.slope, thickness[thickness.size() / 2],
            c.runs.front().x, c.runs.back().x};
  const int length = c.line.to - c.line.from + 1;
  if (length >= kLeastLength * mask.width && bare >= kBare * length &&
      inked_along(mask, c.line) >= kFilled * length)
    return c;
  return std::nullopt;
}

std::vector<Candidate> candidates(const Mask& mask, bool upright) {
  const int most = std::max(2, (std::min(mask.width, mask.height) + kThin - 1) / kThin);
  std::vector<Run> runs = thin_runs(mask, most);
  std::vector<Candidate> found;
  int failures = 0;
  while (static_cast<int>(found.size()) < kMostLines && failures < kMostFailures) {
    const Guess guess = strongest(runs, mask.width, mask.height);
    if (runs.empty() || guess.votes < kBare * kLeastLength * mask.width) break;
    if (auto candidate = verified(guess, mask, upright, runs))
      found.push_back(std::move(*candidate));
    else
      ++failures;
  }
  return found;
}

// Lines of one slope, that through which runs gather in the fewest places: a page's rules are
// parallel, or nearly so in a photo. Votes are of every `stride`th column.
std::vector<Guess> strongest_parallel(const std::vector<Run>& runs, int width, int height,
                                      int stride, double least_votes) {
  const int steps = static_cast<int>(kMostSlope * static_cast<float>(width)) / kSlopeStep + 1;
  const int room = static_cast<int>(kMostSlope * static_cast<float>(width)) + kSlopeStep + 1;
  std::vector<int> votes(static_cast<std::size_t>(height + 2 * room + 2)), best;
  double sharpest = 0;
  float slope = 0;
  for (int s = -steps; s <= steps; ++s) {
    const float tried = static_cast<float>(s * kSlopeStep) / static_cast<float>(width);
    std::fill(votes.begin(), votes.end(), 0);
    for (const Run& run : runs) {
      if (run.x % stride != 0) continue;
      const float at = run.middle() - tried * static_cast<float>(run.x);
      ++votes[static_cast<std::size_t>(at + static_cast<float>(room) + 0.5F)];
    }
    double sharpness = 0;
    for (const int v : votes) sharpness += static_cast<double>(v) * v;
    if (sharpness > sharpest) sharpest = sharpness, slope = tried, best = votes;
  }
  std::vector<Guess> guesses;
  for (std::size_t b = 1; b + 2 < best.size(); ++b) {
    const int both = best[b] + best[b + 1];
    const bool peak = both > best[b - 1] + best[b] && both >= best[b + 1] + best[b + 2];
    if (!peak || both * stride < least_votes) continue;
    const float share = static_cast<float>(best[b + 1]) / static_cast<float>(both);
    guesses.push_back({both, static_cast<float>(b) + share - static_cast<float>(room), slope});
  }
  return guesses;
}

// The straight line through the runs near a guess, by least squares.
Guess refined(Guess guess, const std::vector<Run>& runs) {
  for (const float within : {3.0F, 1.5F}) {
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (const Run& run : runs_on(runs, guess.at, guess.slope, within)) {
      const auto x = static_cast<double>(run.x), y = static_cast<double>(run.middle());
      n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
    }
    const double spread = n * sxx - sx * sx;
    if (spread <= 0) break;
    const double slope = (n * sxy - sx * sy) / spread;
    guess.slope = static_cast<float>(slope);
    guess.at = static_cast<float>((sy - slope * sx) / n);
  }
  return guess;
}

// None where the mask is too short for a line to be longer than strokes are.
std::vector<Candidate> page_candidates(const Mask& mask, bool upright, float height) {
  const float least = kLongest * height;
  if (static_cast<float>(mask.width) < least) return {};
  const int most = std::max(kThinLine, static_cast<int>(kPen * height));
  std::vector<Run> runs = thin_runs(mask, most);
  std::vector<Candidate> found;
  const int stride = std::max(1, mask.width / kColumns);
  for (int round = 0; round < kMostRounds && !runs.empty(); ++round) {
    const std::size_t before = found.size();
    for (const Guess& guess : strongest_parallel(runs, mask.width, mask.height, stride,
                                                 kBare * kLeastLength * mask.width)) {
      if (found.size() >= kMostPageLines) return found;
      auto candidate = verified(refined(guess, runs), mask, upright, runs);
      if (!candidate) continue;
      const PrintedLine& line = candidate->line;
      if (static_cast<float>(line.to - line.from + 1) >= least)
        found.push_back(std::move(*candidate));
    }
    if (found.size() == before) break;
  }
  return found;
}

// Whether the end of one lies at the rim or at a line across it.
bool ends_well(const PrintedLine& line, int end, int length, const std::vector<Candidate>& across) {
  const int near = std::max(2, length / 32);
  if (end <= near || end >= length - 1 - near) return true;
  return std::any_of(across.begin(), across.end(), [&](const Candidate& other) {
    const float at = other.line.at + other.line.slope * line.at;
    return std::abs(at - static_cast<float>(end)) <=
           static_cast<float>(near + other.line.thickness);
  });
}

// Median, over inked places, of the shorter of the runs along x and y through each: the strokes'
// thickness; and their mean coverage.
struct Writing {
  double thickness = 0, strength = 0;
  int extent = 0;  // of the largest component
};

Writing writing_of(const Plane& coverage, const Part& sheet, float inked, const Mask& lines) {
  Plane rest = cut(coverage, sheet);
  for (int y = 0; y < rest.height; ++y) {
    for (int x = 0; x < rest.width; ++x) {
      if (lines.at(sheet.x0 + x, sheet.y0 + y)) rest.at(x, y) = 0;
    }
  }
  Writing writing;
  Grid<int> labels;
  for (const Component& c : label_components(rest, inked, labels))
    writing.extent = std::max({writing.extent, c.x1 - c.x0 + 1, c.y1 - c.y0 + 1});
  Grid<int> shorter(rest.width, rest.height, 0);
  for (int y = 0; y < rest.height; ++y) {
    for (int x = 0, start = 0; x <= rest.width; ++x) {
      if (x < rest.width && rest.at(x, y) >= inked) continue;
      for (int i = start; i < x; ++i) shorter.at(i, y) = x - start;
      start = x + 1;
    }
  }
  std::vector<int> thickness;
  double sum = 0;
  for (int x = 0; x < rest.width; ++x) {
    for (int y = 0, start = 0; y <= rest.height; ++y) {
      if (y < rest.height && rest.at(x, y) >= inked) continue;
      for (int j = start; j < y; ++j) {
        thickness.push_back(std::min(shorter.at(x, j), y - start));
        sum += rest.at(x, j);
      }
      start = y + 1;
    }
  }
  if (thickness.empty()) return writing;
  std::nth_element(thickness.begin(), thickness.begin() + static_cast<long>(thickness.size() / 2),
                   thickness.end());
  writing.thickness = thickness[thickness.size() / 2];
  writing.strength = sum / static_cast<double>(thickness.size());
  return writing;
}

// Marks the runs of a line that are no thicker than it and, since its edges are soft, a place on
// either side of them.
void mark(const Candidate& c, const Part& sheet, Mask& mask) {
  for (const Run& run : c.runs) {
    if (run.thickness() > c.line.thickness + std::max(1, c.line.thickness / 2)) continue;
    for (int y = run.y0 - 1; y <= run.y1 + 1; ++y) {
      const int px = sheet.x0 + (c.line.upright ? y : run.x);
      const int py = sheet.y0 + (c.line.upright ? run.x : y);
      if (px >= sheet.x0 && py >= sheet.y0 && px < sheet.x1 && py < sheet.y1) mask.at(px, py) = 1;
    }
  }
}

// Marks where two lines cross, since neither's runs are thin there; unless a stroke covers it, and
// so the corners between the lines.
void mark_crossing(const PrintedLine& level, const PrintedLine& upright, const Plane& coverage,
                   float inked, const Part& sheet, Mask& mask) {
  const float x = upright.at + upright.slope * level.at, y = level.at + level.slope * x;
  const int rx = upright.thickness / 2 + 1, ry = level.thickness / 2 + 1;
  const int cx = sheet.x0 + static_cast<int>(x + 0.5F), cy = sheet.y0 + static_cast<int>(y + 0.5F);
  int corners = 0;
  for (const int sx : {-1, 1}) {
    for (const int sy : {-1, 1}) {
      const int px = cx + sx * (rx + 1), py = cy + sy * (ry + 1);
      if (px < sheet.x0 || py < sheet.y0 || px >= sheet.x1 || py >= sheet.y1) continue;
      corners += coverage.at(px, py) >= inked ? 1 : 0;
    }
  }
  if (corners > 1) return;
  for (int py = std::max(sheet.y0, cy - ry); py <= std::min(sheet.y1 - 1, cy + ry); ++py) {
    for (int px = std::max(sheet.x0, cx - rx); px <= std::min(sheet.x1 - 1, cx + rx); ++px)
      mask.at(px, py) = 1;
  }
}

}  // namespace

namespace {

// Marks the lines if what is left without them is writing and they differ from it; else nothing.
std::vector<PrintedLine> marked(const std::vector<const Candidate*>& lines, const Plane& coverage,
                                const Part& sheet, float inked, bool page, Mask& mask) {
  std::vector<PrintedLine> result;
  if (lines.empty()) return result;
  for (const Candidate* c : lines) mark(*c, sheet, mask);
  for (const Candidate* a : lines) {
    for (const Candidate* b : lines) {
      if (!a->line.upright && b->line.upright)
        mark_crossing(a->line, b->line, coverage, inked, sheet, mask);
    }
  }

  const Writing writing = writing_of(coverage, sheet, inked, mask);
  double thickness = 0, strength = 0, count = 0;
  for (const Candidate* c : lines) {
    for (const Run& run : c->runs) {
      const int x = c->line.upright ? (run.y0 + run.y1) / 2 : run.x;
      const int y = c->line.upright ? run.x : (run.y0 + run.y1) / 2;
      strength += coverage.at(sheet.x0 + x, sheet.y0 + y), count += 1;
    }
    thickness = std::max<double>(thickness, c->line.thickness);
  }
  strength /= count;
  const double least =
      page ? kWrittenBy * thickness : kLeastWriting * std::min(sheet.width(), sheet.height());
  const bool written = writing.extent >= least;
  const bool differ =
      thickness <= kThinner * writing.thickness || strength <= kFainter * writing.strength;
  if (written && (differ || static_cast<int>(lines.size()) >= kMany)) {
    for (const Candidate* c : lines) result.push_back(c->line);
  } else {
    mask = Mask(coverage.width, coverage.height);
  }
  return result;
}

std::vector<const Candidate*> well_ended(const std::vector<Candidate>& level,
                                         const std::vector<Candidate>& upright, const Part& sheet,
                                         bool page) {
  std::vector<const Candidate*> lines;
  const auto accept = [&](const std::vector<Candidate>& these, const std::vector<Candidate>& across,
                          int length) {
    const bool many = page && static_cast<int>(these.size()) >= kMany;
    for (const Candidate& c : these) {
      if (many || (ends_well(c.line, c.line.from, length, across) &&
                   ends_well(c.line, c.line.to, length, across)))
        lines.push_back(&c);
    }
  };
  accept(level, upright, sheet.width());
  accept(upright, level, sheet.height());
  return lines;
}

}  // namespace

std::vector<PrintedLine> find_printed_lines(const Plane& coverage, const Part& sheet, float inked,
                                            Mask& mask) {
  mask = Mask(coverage.width, coverage.height);
  if (std::min(sheet.width(), sheet.height()) < kLeastSide) return {};
  const auto level = candidates(inked_places(coverage, sheet, inked, false), false);
  const auto upright = candidates(inked_places(coverage, sheet, inked, true), true);
  return marked(well_ended(level, upright, sheet, false), coverage, sheet, inked, false, mask);
}

std::vector<PrintedLine> find_page_lines(const Plane& coverage, float height, float inked,
                                         Mask& mask) {
  mask = Mask(coverage.width, coverage.height);
  const Part all = {0, 0, coverage.width, coverage.height};
  if (std::min(all.width(), all.height()) < kLeastSide) return {};
  const auto level = page_candidates(inked_places(coverage, all, inked, false), false, height);
  const auto upright = page_candidates(inked_places(coverage, all, inked, true), true, height);
  return marked(well_ended(level, upright, all, true), coverage, all, inked, true, mask);
}

}  // namespace longhand::ink
