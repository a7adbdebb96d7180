#include "recognizer/seen_pairs.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "recognizer/glyph_shape.h"
#include "recognizer/touching.h"

namespace longhand::recognizer {
namespace {

constexpr double kNarrowestPair = 0.25, kWidestPair = 3;  // in the row's heights
constexpr double kLikely = 0.15;       // confidence of what may be a glyph of a pair
constexpr double kSurelyOne = 0.9995;  // and of a whole that is no pair for certain
constexpr double kLeastOfPair = 0.5;   // of a run's share that is any pair
// What may be one glyph must be that sure of the pair that it is: of 800 pairs of digits that
// touch, 36 may be one, 35 are as sure; of 227 digits by themselves one.
constexpr double kHardlyOne = 0.5, kSurePair = 0.98;
// Set on numbers made of digits that the networks were validated on; a point more or less of the
// first and half or twice the second change little. The network takes an open 4 for 41 now and
// then.
constexpr double kPairPrior = -4;   // of two characters that hang together
constexpr double kOneWeight = 0.5;  // of a whole's being no pair in its being one glyph
constexpr double kNoSign = -1000;   // of a half's being what the alphabet lacks
constexpr double kLeastShare = 1e-6;

// Whether by its shares what the model looked at is rather a pair than none.
bool is_pair(std::span<const float> shares) {
  return 1 - none_share(shares) >= kLeastOfPair;
}

double log_of(double share) {
  return std::log(std::max(kLeastShare, share));
}

}  // namespace

bool may_be_pair(double confidence, const ink::Box& box) {
  return confidence <= kSurelyOne &&
         static_cast<double>(box.w) >= kNarrowestPair * static_cast<double>(box.h);
}

bool is_rather_pair(double single, std::span<const float> shares) {
  if (single < kHardlyOne) return is_pair(shares);
  return static_cast<double>(*std::max_element(shares.begin(), shares.end())) >= kSurePair;
}

void SeenPairs::look_at_wholes(const std::vector<Hypothesis>& hypotheses, std::size_t& budget) {
  const auto& pieces = row_.pieces();
  std::vector<double> single(pieces.size());
  for (const Hypothesis& h : hypotheses)
    if (h.first == h.last && !h.characters.empty()) single[h.first] = lookalikes_.top(h.characters);
  std::vector<ink::Glyph> glyphs;
  std::vector<std::size_t> seen;
  for (std::size_t i = 0; i < pieces.size() && budget > 0; ++i) {
    const double width = shape_of(row_, i, i).width;
    if (single[i] > kSurelyOne || width < kNarrowestPair || width > kWidestPair) continue;
    --budget;
    auto glyph = row_.glyph(i, i, card_.normalization);
    if (!glyph) continue;
    glyphs.push_back(std::move(*glyph));
    seen.push_back(i);
  }
  auto scores = pairs_(glyphs);
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (is_rather_pair(single[seen[i]], scores[i]))
      wholes_[pieces[seen[i]].whole] = std::move(scores[i]);
}

bool SeenPairs::is_seen_as_pair(std::size_t whole) const {
  return wholes_.contains(whole);
}

double SeenPairs::worth_of_one(std::size_t whole) const {
  const auto seen = wholes_.find(whole);
  return seen == wholes_.end() ? 0 : kOneWeight * log_of(none_share(seen->second));
}

// Of wholes that were cut, where nothing else lies between their parts.
std::map<SeenPairs::Run, SeenPairs::Shares> SeenPairs::runs_of_wholes() const {
  const auto& pieces = row_.pieces();
  std::map<Run, Shares> runs;
  for (std::size_t first = 0, last = 0; first < pieces.size(); first = last + 1) {
    last = first;
    while (is_cut_before(row_, last + 1)) ++last;
    const auto seen = wholes_.find(pieces[first].whole);
    const bool all = cut_around(row_, first, last) == 0;
    if (seen != wholes_.end() && last > first && all) runs[{first, last}] = seen->second;
  }
  return runs;
}

void SeenPairs::look(const std::vector<Hypothesis>& hypotheses, std::size_t& budget,
                     std::vector<Bond>& bonds) {
  const auto beginning = beginnings_of(hypotheses, row_.pieces().size());
  const auto likely = [&](const Hypothesis& h) { return lookalikes_.top(h.characters) >= kLikely; };
  runs_ = runs_of_wholes();
  std::vector<ink::Glyph> glyphs;
  std::vector<Run> fresh;
  std::vector<std::pair<std::size_t, Run>> shown;  // a bond, and the run that it is of
  for (std::size_t left = 0; left < hypotheses.size(); ++left) {
    const Hypothesis& l = hypotheses[left];
    if (l.characters.empty() || !is_cut_before(row_, l.last + 1)) continue;
    for (const std::size_t right : beginning[l.last + 1]) {
      const Hypothesis& r = hypotheses[right];
      bonds.push_back({left, right, kWorstBond});
      if (!likely(l) || !likely(r)) continue;
      const Run run(l.first, r.last);
      if (!runs_.contains(run)) {
        if (budget == 0 || shape_of(row_, run.first, run.second).width > kWidestPair) continue;
        --budget;
        auto glyph = row_.glyph(run.first, run.second, card_.normalization);
        if (!glyph) continue;
        runs_[run] = {};
        fresh.push_back(run);
        glyphs.push_back(std::move(*glyph));
      }
      shown.emplace_back(bonds.size() - 1, run);
    }
  }
  auto scores = pairs_(glyphs);
  for (std::size_t i = 0; i < fresh.size(); ++i) runs_[fresh[i]] = std::move(scores[i]);
  for (const auto& [place, run] : shown) {
    Bond& bond = bonds[place];
    const Shares& pair = runs_[run];
    bond.worth = bond_of(hypotheses[bond.left].characters, hypotheses[bond.right].characters, pair);
    seen_[{bond.left, bond.right}] = pair;
  }
}

std::vector<std::size_t> SeenPairs::add_halves(std::vector<Hypothesis>& hypotheses) const {
  const auto beginning = beginnings_of(hypotheses, row_.pieces().size());
  std::vector<std::size_t> halves;
  for (const auto& [run, shares] : runs_) {
    if (!is_pair(shares)) continue;
    const PairReading pair = read_pair(shares);
    // Where it was cut so that the parts are likeliest what the pair says.
    std::optional<Halves> best;
    double most = 0;
    for (const std::size_t left : beginning[run.first]) {
      const Hypothesis& l = hypotheses[left];
      if (l.last >= run.second) continue;
      for (const std::size_t right : beginning[l.last + 1]) {
        const Hypothesis& r = hypotheses[right];
        if (r.last != run.second) continue;
        const double agreed = log_of(static_cast<double>(l.characters[pair.first])) +
                              log_of(static_cast<double>(r.characters[pair.second]));
        if (!best || agreed > most) best = Halves(left, right), most = agreed;
      }
    }
    if (!best) continue;
    const double prior = kPairPrior + evidence(pair.share, none_share(shares)) -
                         kCutCost * cut_around(row_, run.first, run.second);
    const std::size_t place = hypotheses.size();
    const Run left(run.first, hypotheses[best->first].last);
    hypotheses.push_back(
        {left.first, left.second, prior, pair.left, kNoSign, std::nullopt, place + 1});
    hypotheses.push_back(
        {left.second + 1, run.second, 0, pair.right, kNoSign, std::nullopt, place});
    halves.push_back(best->first), halves.push_back(best->second);
  }
  return halves;
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
