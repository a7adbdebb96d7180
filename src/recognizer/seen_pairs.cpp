#include "recognizer/seen_pairs.h"

#include <algorithm>

#include "recognizer/glyph_shape.h"
#include "recognizer/touching.h"

namespace longhand::recognizer {
namespace {

constexpr double kWidestPair = 3;  // in the row's heights: wider ink is no two glyphs
constexpr double kLikely = 0.15;   // confidence of what may be a glyph of a pair

}  // namespace

void SeenPairs::look(const std::vector<Hypothesis>& hypotheses, std::size_t& budget,
                     std::vector<Bond>& bonds) {
  const auto beginning = beginnings_of(hypotheses, row_.pieces().size());
  const auto likely = [&](const Hypothesis& h) { return lookalikes_.top(h.characters) >= kLikely; };
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> runs;
  std::vector<ink::Glyph> glyphs;
  std::vector<std::pair<std::size_t, std::size_t>> shown;  // a bond, and the run that it is of
  for (std::size_t left = 0; left < hypotheses.size(); ++left) {
    const Hypothesis& l = hypotheses[left];
    if (l.characters.empty() || !is_cut_before(row_, l.last + 1)) continue;
    for (const std::size_t right : beginning[l.last + 1]) {
      const Hypothesis& r = hypotheses[right];
      bonds.push_back({left, right, kWorstBond});
      if (!likely(l) || !likely(r)) continue;
      const auto run = std::pair(l.first, r.last);
      if (!runs.contains(run)) {
        if (budget == 0 || shape_of(row_, run.first, run.second).width > kWidestPair) continue;
        --budget;
        auto glyph = row_.glyph(run.first, run.second, card_.normalization);
        if (!glyph) continue;
        runs[run] = glyphs.size();
        glyphs.push_back(std::move(*glyph));
      }
      shown.emplace_back(bonds.size() - 1, runs[run]);
    }
  }
  const auto scores = pairs_(glyphs);
  for (const auto& [place, run] : shown) {
    Bond& bond = bonds[place];
    bond.worth =
        bond_of(hypotheses[bond.left].characters, hypotheses[bond.right].characters, scores[run]);
    seen_[{bond.left, bond.right}] = scores[run];
  }
}

bool SeenPairs::weigh(const Path& path, std::vector<Hypothesis>& hypotheses) const {
  if (seen_.empty() || path.steps.size() < 2) return false;
  // Of a pattern's literal that the alphabet lacks no pair knows anything.
  const auto known = [&](const Path::Step& step) {
    return std::find(card_.alphabet.begin(), card_.alphabet.end(), step.text) !=
           card_.alphabet.end();
  };
  std::vector<std::vector<float>> glyphs, pairs;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    glyphs.push_back(hypotheses[path.steps[i].hypothesis].characters);
    if (i == 0) continue;
    const auto seen = seen_.find({path.steps[i - 1].hypothesis, path.steps[i].hypothesis});
    const bool both = seen != seen_.end() && known(path.steps[i - 1]) && known(path.steps[i]);
    pairs.push_back(both ? seen->second : std::vector<float>());
  }
  auto weighed = weigh_by_pairs(glyphs, pairs);
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    hypotheses[path.steps[i].hypothesis].characters = std::move(weighed[i]);
  }
  return true;
}

}  // namespace longhand::recognizer
