#include "recognizer/line_reader.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "recognizer/glyph_shape.h"
#include "recognizer/lattice.h"
#include "recognizer/letter_pairs.h"
#include "recognizer/line_context.h"
#include "recognizer/lookalikes.h"
#include "recognizer/number_context.h"
#include "recognizer/seen_pairs.h"
#include "recognizer/sign_size.h"
#include "recognizer/stature.h"

namespace longhand::recognizer {
namespace {

constexpr std::size_t kMostCandidates = 10;
constexpr std::size_t kMostJoined = 10;  // pieces a glyph

// What costs (logarithms of how likely it is), in shares of the row's height. Set on numbers made
// of digits that the networks were validated on; no single cost matters much, the network's own
// opinion decides.
constexpr double kLastResort = 12;  // of a piece that is no glyph for certain and has to be one
constexpr double kDirtCost = 3;     // of the smallest dirt
constexpr double kDirtFrom = 0.15, kDirtSizeCost = 20;
// A whole is not cut when the network is so sure of it and it is no wider, or when it is so narrow.
// With a model of pairs, which would find out, it is cut sooner.
constexpr double kSure = 0.95, kSureWithPairs = 0.99, kWide = 1.2, kNarrow = 0.25;
constexpr double kLetterCutCost = 11;
// That strokes of a pen which meet are two letters, as a B's are no I and 3; and in how much of a
// line they may before that says nothing.
constexpr double kPartedCost = 4, kMeetingUsual = 2;
constexpr double kWideLetter = 2;  // m and w are wide

// Which pieces a glyph is of, whatever their places in the row.
using Key = std::vector<std::pair<std::size_t, int>>;

class LineReader {
 public:
  LineReader(ink::PieceRow& row, const Card& card, const Pattern& pattern, const Scorer& scorer,
             const Scorer& pairs, std::size_t& budget)
      : row_(row),
        card_(card),
        pattern_(pattern),
        scorer_(scorer),
        pairs_(pairs),
        budget_(budget),
        kind_(kind_of(card.alphabet)),
        lookalikes_(card.alphabet),
        seen_(row, card, pairs, lookalikes_) {}

  LineReading read() {
    set_parted_cost();
    propose();
    if (pairs_) seen_.look_at_wholes(hypotheses_, budget_);
    if (budget_ > 0) {
      const auto wholes = doubtful();
      set_cut_cost(wholes);
      row_.cut(wholes);
      propose();
    }
    find_bonds();
    Path path = best();
    // What was cut is read with what its pairs say, which may change the way.
    if (seen_.weigh(path, hypotheses_)) path = best();
    LineReading reading;
    weigh_context(path);
    for (const Path::Step& step : path.steps) {
      reading.glyphs.push_back(glyph_of(step));
      reading.cut = reading.cut || is_cut_before(row_, hypotheses_[step.hypothesis].first);
    }
    reading.confidence = kind_ == Kind::kDigits ? path.confidence : confidence_in(path);
    return reading;
  }

 private:
  struct Scored {
    ink::Glyph glyph;
    std::vector<float> characters;
  };

  Key key_of(std::size_t first, std::size_t last) const {
    Key key;
    for (std::size_t i = first; i <= last; ++i) {
      key.emplace_back(row_.pieces()[i].whole, row_.pieces()[i].part);
    }
    return key;
  }

  // Whether strokes before a piece meet some from it on.
  bool parts_what_meets(std::size_t piece) const {
    const auto& pieces = row_.pieces();
    if (piece == 0 || is_cut_before(row_, piece)) return false;
    const int meeting = pieces[piece].meeting;
    return meeting >= 0 && pieces[piece - 1].meeting == meeting;
  }

  // The first and the last piece of each piece's whole.
  struct Span {
    std::size_t first, last;
  };
  std::vector<Span> spans_of_wholes() const {
    const auto& pieces = row_.pieces();
    std::map<std::size_t, Span> of_whole;
    for (std::size_t i = 0; i < pieces.size(); ++i)
      of_whole.try_emplace(pieces[i].whole, Span{i, i}).first->second.last = i;
    std::vector<Span> spans;
    for (const ink::Piece& piece : pieces) spans.push_back(of_whole.at(piece.whole));
    return spans;
  }

  // Makes hypotheses_ of the pieces as they are now, and has those scored that weren't before.
  void propose() {
    hypotheses_.clear(), keys_.clear();
    std::vector<ink::Glyph> glyphs;
    std::vector<Key> fresh;
    const std::vector<Span> spans = spans_of_wholes();
    for (std::size_t first = 0; first < row_.pieces().size(); ++first) {
      Span wholes = spans[first];
      for (std::size_t last = first; last < row_.pieces().size(); ++last) {
        wholes.first = std::min(wholes.first, spans[last].first);
        wholes.last = std::max(wholes.last, spans[last].last);
        // However many parts it was cut to, a whole may be a glyph as it was.
        const bool uncut = wholes.first == first && wholes.last == last;
        if (last >= first + kMostJoined && !uncut) continue;
        const Shape shape = shape_of(row_, first, last);
        if (last > first && is_too_wide(shape, kind_)) break;
        const auto shape_prior = prior_of(shape, kind_);
        if (!shape_prior && last > first) continue;
        double cuts = -kCutCost * cut_around(row_, first, last);
        if (is_cut_before(row_, first)) cuts -= cut_cost_;
        if (parts_what_meets(first)) cuts -= parted_cost_;
        double prior = shape_prior.value_or(-kLastResort) + cuts;
        const std::size_t whole = row_.pieces()[first].whole;
        if (uncut && row_.pieces()[last].whole == whole) prior += seen_.worth_of_one(whole);
        const double foreign = prior_of(shape, Kind::kSigns).value_or(-kLastResort) + cuts;
        Key key = key_of(first, last);
        if (!scored_.contains(key)) {
          if (budget_ == 0) continue;
          --budget_;
          auto glyph = row_.glyph(first, last, card_.normalization);
          if (!glyph) continue;
          glyphs.push_back(std::move(*glyph));
          fresh.push_back(key);
          scored_[key] = {};
        }
        hypotheses_.push_back({first, last, prior, {}, foreign});
        keys_.push_back(std::move(key));
      }
      add_dirt(first);
    }
    auto scores = scorer_(glyphs);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      scored_[fresh[i]] = {std::move(glyphs[i]), std::move(scores[i])};
    }
    const auto middle = middle_of(row_);
    for (std::size_t i = 0; i < hypotheses_.size(); ++i) {
      if (keys_[i].empty()) continue;
      Hypothesis& h = hypotheses_[i];
      h.characters = scored_[keys_[i]].characters;
      if (middle) h.size = size_of(h, *middle);
      if (h.size && kind_ == Kind::kSigns)
        h.prior += weigh_by_size(*h.size, card_.alphabet, h.characters);
      h.prior += evidence(lookalikes_.top(h.characters), none_share(h.characters));
    }
  }

  SizeInLine size_of(const Hypothesis& h, double middle) const {
    const Shape shape = shape_of(row_, h.first, h.last);
    const double below = (shape.middle - middle) / static_cast<double>(row_.height());
    return {shape.width, shape.height, below, cut_around(row_, h.first, h.last) > 0};
  }

  Path best() const {
    return best_path(row_.pieces().size(), hypotheses_, bonds_, card_.alphabet, pattern_);
  }

  // What is beside what, in numbers with signs or in words.
  template <typename Context>
  void find_bonds_of(const Context& context) {
    const auto beginning = beginnings_of(hypotheses_, row_.pieces().size());
    for (std::size_t left = 0; left < hypotheses_.size(); ++left) {
      const Hypothesis& l = hypotheses_[left];
      if (l.characters.empty()) continue;
      for (const std::size_t right : beginning[l.last + 1]) {
        bonds_.push_back(
            {left, right, context.worth_of(l.characters, hypotheses_[right].characters)});
      }
    }
  }

  // And has the ink on both sides of each cut looked at as a pair.
  void find_bonds() {
    if (NumberContext::applies_to(card_.alphabet) && middle_of(row_))
      find_bonds_of(NumberContext(card_.alphabet));
    if (has_both_cases(card_.alphabet)) find_bonds_of(LetterPairs(card_.alphabet));
    if (!pairs_) return;
    seen_.look(hypotheses_, budget_, bonds_);
    for (const std::size_t half : seen_.add_halves(hypotheses_)) keys_.push_back(keys_[half]);
  }

  // A piece on its own may be dirt, the likelier the smaller.
  void add_dirt(std::size_t piece) {
    const Shape shape = shape_of(row_, piece, piece);
    const double extent = std::max(shape.width, shape.height);
    const double prior = -kDirtCost - kDirtSizeCost * std::max(0.0, extent - kDirtFrom);
    hypotheses_.push_back({piece, piece, prior, {}});
    keys_.emplace_back();
  }

  // Wholes that the network takes for a glyph neither alone nor with their neighbours, as the stem
  // of an i with its dot, or that are wide for one, or seen to be two.
  std::vector<std::size_t> doubtful() const {
    const double sure = pairs_ ? kSureWithPairs : kSure;
    const double wide = kind_ == Kind::kOthers ? kWideLetter : kWide;
    const auto& pieces = row_.pieces();
    std::vector<bool> known(pieces.size());
    for (const Hypothesis& h : hypotheses_) {
      if (h.characters.empty()) continue;
      const Shape shape = shape_of(row_, h.first, h.last);
      const bool alone = h.first == h.last;
      const bool glyph = lookalikes_.top(h.characters) >= sure && shape.width <= wide;
      if (!glyph && !(alone && shape.width < kNarrow)) continue;
      for (std::size_t i = h.first; i <= h.last; ++i) known[i] = true;
    }
    std::vector<std::size_t> wholes;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (!known[i] || seen_.is_seen_as_pair(pieces[i].whole)) wholes.push_back(pieces[i].whole);
    }
    return wholes;
  }

  // What it costs that strokes which meet are two letters: the less, the more of the line's do.
  void set_parted_cost() {
    if (kind_ != Kind::kOthers || row_.pieces().size() < 2) return;
    double meet = 0;
    for (std::size_t i = 1; i < row_.pieces().size(); ++i) meet += parts_what_meets(i) ? 1 : 0;
    const double share = meet / static_cast<double>(row_.pieces().size() - 1);
    parted_cost_ = kPartedCost * std::max(0.0, 1 - kMeetingUsual * share);
  }

  // What a cut costs beside its ink: the more of the line is letters that stand apart, the less
  // likely are two that touch.
  void set_cut_cost(const std::vector<std::size_t>& doubtful) {
    if (kind_ != Kind::kOthers) return;
    float all = 0, doubted = 0;
    for (const ink::Piece& piece : row_.pieces()) {
      all += piece.box.w;
      if (std::find(doubtful.begin(), doubtful.end(), piece.whole) != doubtful.end())
        doubted += piece.box.w;
    }
    const double apart = all > 0 ? 1 - static_cast<double>(doubted / all) : 1;
    cut_cost_ = kLetterCutCost * apart;
  }

  // How sure the text is once its glyphs are weighed by the line: what was open between look-alikes
  // is so no longer. As it was where another way would be the best one now.
  double confidence_in(const Path& path) const {
    const Path now = best();
    const bool same = std::equal(
        now.steps.begin(), now.steps.end(), path.steps.begin(), path.steps.end(),
        [](const Path::Step& a, const Path::Step& b) { return a.hypothesis == b.hypothesis; });
    return same ? now.confidence : path.confidence;
  }

  // The characters of the path's glyphs with what the rest of the line says.
  void weigh_context(const Path& path) {
    std::vector<ink::Box> boxes;
    std::vector<std::vector<float>> characters;
    for (const Path::Step& step : path.steps) {
      boxes.push_back(scored_[keys_[step.hypothesis]].glyph.box);
      characters.push_back(hypotheses_[step.hypothesis].characters);
    }
    weigh_by_line(boxes, card_.alphabet, characters);
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
      hypotheses_[path.steps[i].hypothesis].characters = std::move(characters[i]);
    }
  }

  GlyphReading glyph_of(const Path::Step& step) {
    const Scored& scored = scored_[keys_[step.hypothesis]];
    const Pattern::Element& element = pattern_.elements()[step.element];
    GlyphReading reading;
    reading.box = scored.glyph.box;
    reading.image = scored.glyph.image;
    reading.candidates = candidates_of(hypotheses_[step.hypothesis].characters, card_.alphabet,
                                       [&](const std::string& c) { return element.takes(c); });
    if (reading.candidates.empty()) {
      reading.candidates.push_back({step.text, static_cast<float>(step.confidence)});
    }
    reading.text = reading.candidates.front().text;
    reading.confidence = reading.candidates.front().confidence;
    return reading;
  }

  ink::PieceRow& row_;
  const Card& card_;
  const Pattern& pattern_;
  const Scorer& scorer_;
  const Scorer& pairs_;  // empty where there is no model of pairs
  std::size_t& budget_;
  const Kind kind_;
  const Lookalikes lookalikes_;
  double cut_cost_ = 0, parted_cost_ = 0;
  std::vector<Hypothesis> hypotheses_;
  std::vector<Key> keys_;  // of hypotheses_; empty for dirt
  std::map<Key, Scored> scored_;
  std::vector<Bond> bonds_;
  SeenPairs seen_;
};

}  // namespace

LineReading read_line(ink::PieceRow& row, const Card& card, const Pattern& pattern,
                      const Scorer& scorer, const Scorer& pairs, std::size_t& budget) {
  return LineReader(row, card, pattern, scorer, pairs, budget).read();
}

std::vector<Candidate> candidates_of(std::span<const float> characters,
                                     const std::vector<std::string>& alphabet,
                                     const std::function<bool(const std::string&)>& takes) {
  std::vector<Candidate> candidates;
  double allowed = 0, all = 0;
  for (std::size_t c = 0; c < characters.size(); ++c) {
    all += static_cast<double>(characters[c]);
    if (!takes(alphabet[c])) continue;
    allowed += static_cast<double>(characters[c]);
    candidates.push_back({alphabet[c], characters[c]});
  }
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.confidence > b.confidence; });
  if (candidates.size() < alphabet.size()) {
    const double share = allowed + none_share(characters) * std::max(0.0, all - allowed);
    for (Candidate& candidate : candidates) {
      candidate.confidence /= static_cast<float>(std::max(share, 1e-30));
    }
  }
  if (candidates.size() > kMostCandidates) candidates.resize(kMostCandidates);
  return candidates;
}

}  // namespace longhand::recognizer
