#include "ink/filled_outlines.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace longhand::ink {
namespace {

class Filling {
 public:
  Filling(const Plane& coverage, float ink)
      : coverage_(coverage),
        ink_(coverage.width, coverage.height),
        seen_(coverage.width, coverage.height),
        filled_(coverage.width, coverage.height) {
    for (std::size_t i = 0; i < coverage.size(); ++i)
      ink_.values[i] = coverage.values[i] >= ink ? 1 : 0;
  }

  // nullopt where nothing is enclosed.
  std::optional<Plane> run() {
    // The patch has an empty margin, so its corner is outside.
    std::vector<Place> paper = {{0, 0}};
    for (bool inside = false; !paper.empty(); inside = !inside) {
      paper = flood(flood(std::move(paper), 0, inside), 1, false);
    }
    Plane result = coverage_;
    bool any = false;
    for (std::size_t i = 0; i < result.size(); ++i) {
      if (filled_.values[i]) result.values[i] = 1, any = true;
    }
    if (!any) return std::nullopt;
    return result;
  }

 private:
  struct Place {
    int x, y;
  };

  // Everything of that kind that hangs together with `from`; returns the places of the other kind
  // beside it. Paper hangs together by its sides, ink by corners too.
  std::vector<Place> flood(std::vector<Place> from, std::uint8_t kind, bool fill) {
    std::vector<Place> beside;
    std::erase_if(from, [&](const Place& p) { return seen_.at(p.x, p.y) != 0; });
    for (const Place& p : from) seen_.at(p.x, p.y) = 1;
    while (!from.empty()) {
      const Place p = from.back();
      from.pop_back();
      if (fill) filled_.at(p.x, p.y) = 1;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          const Place next = {p.x + dx, p.y + dy};
          if (next.x < 0 || next.y < 0 || next.x >= ink_.width || next.y >= ink_.height ||
              seen_.at(next.x, next.y) != 0)
            continue;
          const bool corner = dx != 0 && dy != 0;
          if (ink_.at(next.x, next.y) != kind) {
            if (!corner) beside.push_back(next);
          } else if (!corner || kind == 1) {
            seen_.at(next.x, next.y) = 1;
            from.push_back(next);
          }
        }
      }
    }
    return beside;
  }

  const Plane& coverage_;
  Mask ink_, seen_, filled_;
};

}  // namespace

std::optional<Plane> filled_outlines(const Plane& coverage, float ink) {
  return Filling(coverage, ink).run();
}

}  // namespace longhand::ink
