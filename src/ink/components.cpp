#include "ink/components.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace longhand::ink {
namespace {

// Inked places side by side.
struct Run {
  int y, x0, x1;  // inclusive
  int part;       // the one that it was a piece of when it was met
  int length() const { return x1 - x0 + 1; }
};

void add(const Component& part, Component& whole) {
  whole = {whole.area + part.area,      std::min(whole.x0, part.x0), std::min(whole.y0, part.y0),
           std::max(whole.x1, part.x1), std::max(whole.y1, part.y1), whole.outline + part.outline};
}

// What hangs together as far as the rows down to one tell. Of parts that meet further down the one
// that was met first stands for all.
class Parts {
 public:
  int add(const Component& seen) {
    first_.push_back(static_cast<int>(first_.size()));
    seen_.push_back(seen);
    return first_.back();
  }
  int first_of(int part) {
    while (first(part) != part) part = first(part) = first(first(part));
    return part;
  }
  int joined(int a, int b) {
    a = first_of(a), b = first_of(b);
    return first(std::max(a, b)) = std::min(a, b);
  }
  Component& seen(int part) { return seen_[static_cast<std::size_t>(part)]; }
  int count() const { return static_cast<int>(first_.size()); }

 private:
  int& first(int part) { return first_[static_cast<std::size_t>(part)]; }
  std::vector<int> first_;
  std::vector<Component> seen_;
};

// Adds a row's runs; `flags` is room for one a place.
void add_runs(const float* row, int y, int width, float inked, std::uint8_t* flags,
              std::vector<Run>& runs) {
  for (int x = 0; x < width; ++x) flags[x] = row[x] < inked ? 0 : 1;
  for (int x = next_place(flags, 0, width, true); x < width;) {
    const int past = next_place(flags, x, width, false);
    runs.push_back({y, x, past - 1, -1});
    x = next_place(flags, past, width, true);
  }
}

// Finds the parts of the runs from `row` on, those of one row, beside those of the row above, which
// begin at `above`.
void join_row(std::vector<Run>& runs, std::size_t above, std::size_t row, Parts& parts) {
  std::size_t next = above;
  for (std::size_t r = row; r < runs.size(); ++r) {
    Run& run = runs[r];
    int shared = 0;  // sides with places above
    while (next < row && runs[next].x1 < run.x0 - 1) ++next;
    for (std::size_t n = next; n < row && runs[n].x0 <= run.x1 + 1; ++n) {
      run.part = run.part < 0 ? runs[n].part : parts.joined(run.part, runs[n].part);
      shared += std::max(0, std::min(runs[n].x1, run.x1) - std::max(runs[n].x0, run.x0) + 1);
    }
    const int outline = 2 * (run.length() + 1 - shared);
    const Component seen = {run.length(), run.x0, run.y, run.x1, run.y, outline};
    if (run.part < 0)
      run.part = parts.add(seen);
    else
      add(seen, parts.seen(run.part));
  }
}

}  // namespace

std::vector<Component> label_components(const Plane& coverage, float inked, Grid<int>& labels) {
  std::vector<std::uint8_t> flags(static_cast<std::size_t>(coverage.width));
  std::vector<Run> runs;
  Parts parts;
  std::size_t above = 0;
  for (int y = 0; y < coverage.height; ++y) {
    const std::size_t row = runs.size();
    add_runs(coverage.row(y), y, coverage.width, inked, flags.data(), runs);
    join_row(runs, above, row, parts);
    above = row;
  }
  std::vector<Component> components;
  std::vector<int> label_of;
  for (int part = 0; part < parts.count(); ++part) {
    const int first = parts.first_of(part);
    if (first == part) {
      components.push_back(parts.seen(part));
      label_of.push_back(static_cast<int>(components.size()));
    } else {
      label_of.push_back(label_of[static_cast<std::size_t>(first)]);
      add(parts.seen(part), components[static_cast<std::size_t>(label_of.back() - 1)]);
    }
  }
  labels = Grid<int>(coverage.width, coverage.height, 0);
  for (const Run& run : runs)
    std::fill_n(labels.row(run.y) + run.x0, run.length(),
                label_of[static_cast<std::size_t>(run.part)]);
  return components;
}

std::vector<double> thickness_of(const std::vector<Component>& components) {
  std::vector<double> thickness;
  for (const Component& c : components)
    thickness.push_back(2 * c.area / std::max(1.0, static_cast<double>(c.outline)));
  return thickness;
}

}  // namespace longhand::ink
