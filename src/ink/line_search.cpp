#include "ink/line_search.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "ink/masks.h"

namespace longhand::ink {
namespace {

constexpr int kThin = 24;              // a line is at most this part of the sheet thick
constexpr float kMostSlope = 0.08F;    // of a line to the sheet's side: some five degrees
constexpr double kFilled = 0.85;       // of a line's length is inked,
constexpr double kBare = 0.35;         // and this much shows it alone, crossed by nothing
constexpr double kLeastLength = 0.45;  // of the sheet
constexpr int kMostLines = 64;
constexpr int kMostFailures = 8;  // guesses that are no line: in noise there is no end of them
// Of pages:
constexpr int kSlopeStep = 2;  // places at a line's far end
constexpr int kColumns = 256;  // that vote, about
constexpr int kMostRounds = 12;
constexpr std::size_t kMostPageLines = 160;
constexpr int kMostPageFailures = 64;
constexpr float kPen = 0.12F;  // of the writing's height,
constexpr int kThinLine = 6;   // or so many places: what is thicker is no line
constexpr float kLongest = 3;  // times that height: strokes are no longer

std::vector<Run> thin_runs(const Mask& mask, int most) {
  const Mask columns = turned(mask);  // so that a column's places lie side by side
  std::vector<Run> runs;
  for (int x = 0; x < mask.width; ++x) {
    const std::uint8_t* column = columns.row(x);
    for (int y = next_place(column, 0, mask.height, true); y < mask.height;) {
      const int past = next_place(column, y, mask.height, false);
      if (past - y <= most) runs.push_back({x, y, past - 1});
      y = next_place(column, past, mask.height, true);
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

// The line that a guess means, and its runs, which are taken out of `runs`; nullopt where that is
// no line.
std::optional<LineCandidate> verified(const Guess& guess, const Mask& mask, bool upright,
                                      std::vector<Run>& runs) {
  LineCandidate c;
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
  std::stable_sort(guesses.begin(), guesses.end(),
                   [](const Guess& a, const Guess& b) { return a.votes > b.votes; });
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

// Adds lines of one slope, and of at least that length, to `found`, up to kMostPageLines, and takes
// their runs out of `runs`; false where there are none, or no room for more.
bool find_parallel(const Mask& mask, bool upright, float least, int stride, std::vector<Run>& runs,
                   std::vector<LineCandidate>& found) {
  const std::size_t before = found.size();
  int failures = 0;
  for (const Guess& guess : strongest_parallel(runs, mask.width, mask.height, stride,
                                               kBare * kLeastLength * mask.width)) {
    if (found.size() >= kMostPageLines) return false;
    if (failures >= kMostPageFailures) break;
    auto candidate = verified(refined(guess, runs), mask, upright, runs);
    const bool line =
        candidate && static_cast<float>(candidate->line.to - candidate->line.from + 1) >= least;
    if (line)
      found.push_back(std::move(*candidate));
    else
      ++failures;
  }
  return found.size() > before;
}

}  // namespace

std::vector<LineCandidate> line_candidates(const Mask& mask, bool upright) {
  const int most = std::max(2, (std::min(mask.width, mask.height) + kThin - 1) / kThin);
  const double least_votes = kBare * kLeastLength * mask.width;
  std::vector<Run> runs = thin_runs(mask, most);
  std::vector<LineCandidate> found;
  int failures = 0;
  while (static_cast<int>(found.size()) < kMostLines && failures < kMostFailures) {
    if (static_cast<double>(runs.size()) < least_votes) return found;
    const Guess guess = strongest(runs, mask.width, mask.height);
    if (runs.empty() || guess.votes < least_votes) return found;
    if (auto candidate = verified(guess, mask, upright, runs))
      found.push_back(std::move(*candidate));
    else
      ++failures;
  }
  // So many are squares, of which the rest are found at a time.
  if (static_cast<int>(found.size()) == kMostLines)
    find_parallel(mask, upright, 0, std::max(1, mask.width / kColumns), runs, found);
  return found;
}

std::vector<LineCandidate> page_line_candidates(const Mask& mask, bool upright, float height) {
  const float least = kLongest * height;
  if (static_cast<float>(mask.width) < least) return {};
  const int most = std::max(kThinLine, static_cast<int>(kPen * height));
  std::vector<Run> runs = thin_runs(mask, most);
  std::vector<LineCandidate> found;
  const int stride = std::max(1, mask.width / kColumns);
  for (int round = 0; round < kMostRounds && !runs.empty(); ++round) {
    if (!find_parallel(mask, upright, least, stride, runs, found)) break;
  }
  return found;
}

}  // namespace longhand::ink
