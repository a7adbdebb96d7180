#include "recognizer/lattice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace longhand::recognizer {
namespace {

constexpr double kImpossible = -std::numeric_limits<double>::infinity();

double log_add(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == kImpossible ? a : a + std::log1p(std::exp(b - a));
}

// From a place in the pattern: an element that may take the next glyph, and the place after.
struct Arc {
  std::size_t element;
  std::size_t next;
};

// The pattern as an automaton over the alphabet: place n is before element n.
class Automaton {
 public:
  Automaton(const Pattern& pattern, std::span<const std::string> alphabet) {
    const auto& elements = pattern.elements();
    for (const Pattern::Element& element : elements) {
      std::vector<std::size_t> classes;
      for (std::size_t c = 0; c < alphabet.size(); ++c) {
        if (element.takes(alphabet[c])) classes.push_back(c);
      }
      classes_.push_back(std::move(classes));
      literals_.push_back(element.literal);
    }
    arcs_.resize(elements.size() + 1);
    accepts_.resize(elements.size() + 1, false);
    for (std::size_t place = 0; place <= elements.size(); ++place) {
      std::size_t e = place;
      for (; e < elements.size(); ++e) {
        arcs_[place].push_back({e, elements[e].repeated ? e : e + 1});
        if (!elements[e].optional) break;
      }
      accepts_[place] = e == elements.size();
    }
  }

  std::size_t places() const { return arcs_.size(); }
  std::size_t elements() const { return classes_.size(); }
  bool accepts(std::size_t place) const { return accepts_[place]; }
  const std::vector<Arc>& arcs(std::size_t place) const { return arcs_[place]; }
  // Empty for a literal that the alphabet lacks.
  const std::vector<std::size_t>& classes(std::size_t element) const { return classes_[element]; }
  const std::string& literal(std::size_t element) const { return literals_[element]; }

 private:
  std::vector<std::vector<std::size_t>> classes_;
  std::vector<std::string> literals_;
  std::vector<std::vector<Arc>> arcs_;
  std::vector<bool> accepts_;
};

// What a hypothesis is worth to one element of the pattern.
struct Worth {
  double best = kImpossible;             // logarithms: of its best character,
  double all = kImpossible;              // and of all that the element takes
  std::optional<std::size_t> character;  // the best; nullopt for a literal that the alphabet lacks
};

double log_of(double share) {
  return std::log(std::max(share, 1e-30));
}

// A mark that the alphabet lacks may be where no character of it is likely and where its size is
// usual. A network takes what it never saw for what it knows, a slash for a 1: its word counts for
// so much at most.
constexpr double kLeastForeign = 0.05;

double log_of_foreign(const Hypothesis& h, std::string_view mark) {
  const auto top = static_cast<double>(*std::max_element(h.characters.begin(), h.characters.end()));
  const double shape = std::log(std::max(kLeastForeign, 1 - top));
  return h.size ? shape + worth_of_size(*h.size, mark) : shape;
}

// `none` is the hypothesis's none_share().
Worth worth_of(const Hypothesis& h, double none, const Automaton& automaton, std::size_t element) {
  Worth worth;
  if (automaton.classes(element).empty()) {
    worth.best = worth.all = h.foreign_prior + log_of_foreign(h, automaton.literal(element));
    return worth;
  }
  double sum = 0, top = -1;
  for (const std::size_t c : automaton.classes(element)) {
    const auto p = static_cast<double>(h.characters[c]);
    sum += p;
    if (p > top) top = p, worth.character = c;
  }
  worth.best = h.prior + log_of(top);
  // Characters outside the pattern are known to be wrong, but "none of them all" may be right.
  worth.all = h.prior + log_of(sum + none * (1 - sum));
  return worth;
}

class Lattice {
 public:
  // REQUIRES: pieces > 0.
  Lattice(std::size_t pieces, std::span<const Hypothesis> hypotheses, std::span<const Bond> bonds,
          const Automaton& automaton)
      : hypotheses_(hypotheses), automaton_(automaton) {
    worths_.resize(hypotheses.size() * automaton.elements());
    for (std::size_t h = 0; h < hypotheses.size(); ++h) {
      if (hypotheses[h].characters.empty()) continue;
      const double none = none_share(hypotheses[h].characters);
      for (std::size_t e = 0; e < automaton.elements(); ++e) {
        worths_[h * automaton.elements() + e] = worth_of(hypotheses[h], none, automaton, e);
      }
    }
    link(pieces, bonds);
  }

  // The hypotheses and elements of the best way; empty when none fits.
  std::vector<std::pair<std::size_t, Arc>> best() const {
    struct Cell {
      double score = kImpossible;
      std::size_t before = kStart, place = 0;
      Arc arc{0, 0};
    };
    const std::size_t places = automaton_.places();
    std::vector<Cell> cells((hypotheses_.size() + 1) * places);
    cells[kStart].score = 0;
    each([&](const Step& step, std::size_t place, const Arc& arc, const Worth& worth) {
      const double score = cells[step.before * places + place].score + step.bond + worth.best;
      Cell& cell = cells[step.node * places + arc.next];
      if (score > cell.score) cell = {score, step.before, place, arc};
    });
    std::size_t node = kStart, place = 0;
    double top = kImpossible;
    for (const std::size_t last : last_) {
      for (std::size_t at = 0; at < places; ++at) {
        const double score = cells[last * places + at].score;
        if (automaton_.accepts(at) && score > top) top = score, node = last, place = at;
      }
    }
    std::vector<std::pair<std::size_t, Arc>> steps;
    while (node != kStart) {
      const Cell& cell = cells[node * places + place];
      steps.emplace_back(node - 1, cell.arc);
      node = cell.before, place = cell.place;
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
  }

  // The logarithm of the sum over all ways.
  double sum() const {
    const std::size_t places = automaton_.places();
    std::vector<double> sums((hypotheses_.size() + 1) * places, kImpossible);
    sums[kStart] = 0;
    each([&](const Step& step, std::size_t place, const Arc& arc, const Worth& worth) {
      double& there = sums[step.node * places + arc.next];
      there = log_add(there, sums[step.before * places + place] + step.bond + worth.all);
    });
    double total = kImpossible;
    for (const std::size_t last : last_) {
      for (std::size_t place = 0; place < places; ++place) {
        if (automaton_.accepts(place)) total = log_add(total, sums[last * places + place]);
      }
    }
    return total;
  }

  // A character of a text: one of the alphabet's, or what the alphabet lacks.
  struct Said {
    std::optional<std::size_t> character;
    std::string mark = {};
  };

  // The same over the ways that say exactly `text`.
  double sum_of(const std::vector<Said>& text) const {
    const std::size_t places = text.size() + 1;
    std::vector<double> sums((hypotheses_.size() + 1) * places, kImpossible);
    sums[kStart] = 0;
    for (const Step& step : steps_) {
      const Hypothesis& way = hypotheses_[step.node - 1];
      const double* from = sums.data() + step.before * places;
      double* to = sums.data() + step.node * places;
      if (way.characters.empty()) {
        for (std::size_t i = 0; i < places; ++i)
          to[i] = log_add(to[i], from[i] + step.bond + way.prior);
        continue;
      }
      for (std::size_t i = 0; i < text.size(); ++i) {
        if (from[i] == kImpossible) continue;
        const auto& character = text[i].character;
        const double says =
            character ? way.prior + log_of(static_cast<double>(way.characters[*character]))
                      : way.foreign_prior + log_of_foreign(way, text[i].mark);
        to[i + 1] = log_add(to[i + 1], from[i] + step.bond + says);
      }
    }
    double total = kImpossible;
    for (const std::size_t last : last_) total = log_add(total, sums[last * places + text.size()]);
    return total;
  }

  const Worth& worth(std::size_t hypothesis, std::size_t element) const {
    return worths_[hypothesis * automaton_.elements() + element];
  }

 private:
  // The start is node 0, hypothesis h is node h + 1.
  static constexpr std::size_t kStart = 0;

  struct Step {
    std::size_t before, node;
    double bond;
  };

  // The halves of a pair follow each other and nothing else.
  bool may_follow(std::size_t before, std::size_t node) const {
    const auto& right = hypotheses_[node - 1];
    const bool is_right = right.other_half && hypotheses_[*right.other_half].last < right.first;
    if (is_right || before == kStart) return !is_right || before == *right.other_half + 1;
    const auto& left = hypotheses_[before - 1];
    const bool is_left = left.other_half && hypotheses_[*left.other_half].first > left.last;
    return !is_left || node == *left.other_half + 1;
  }

  void link(std::size_t pieces, std::span<const Bond> bonds) {
    std::vector<std::vector<std::size_t>> ending(pieces + 1);
    ending[0] = {kStart};
    for (std::size_t h = 0; h < hypotheses_.size(); ++h) {
      ending[hypotheses_[h].last + 1].push_back(h + 1);
    }
    last_ = ending[pieces];
    std::vector<std::vector<const Bond*>> bonds_to(hypotheses_.size());
    for (const Bond& bond : bonds) bonds_to[bond.right].push_back(&bond);
    // By their ends, so that all ways to what comes before have been seen.
    for (std::size_t end = 1; end <= pieces; ++end) {
      for (const std::size_t node : ending[end]) {
        const std::size_t first = steps_.size();
        for (const std::size_t before : ending[hypotheses_[node - 1].first]) {
          if (may_follow(before, node)) steps_.push_back({before, node, 0});
        }
        for (const Bond* bond : bonds_to[node - 1]) {
          for (std::size_t i = first; i < steps_.size(); ++i) {
            if (steps_[i].before == bond->left + 1) steps_[i].bond = bond->worth;
          }
        }
      }
    }
  }

  // Calls `visit` for every step of every way, from left to right. Dirt keeps the pattern's place:
  // its arc's next is the place itself.
  template <typename Visit>
  void each(const Visit& visit) const {
    for (const Step& step : steps_) {
      const std::size_t h = step.node - 1;
      const std::size_t places = step.before == kStart ? 1 : automaton_.places();
      for (std::size_t place = 0; place < places; ++place) {
        if (hypotheses_[h].characters.empty()) {
          const Worth dirt{hypotheses_[h].prior, hypotheses_[h].prior, std::nullopt};
          visit(step, place, Arc{0, place}, dirt);
          continue;
        }
        for (const Arc& arc : automaton_.arcs(place)) {
          visit(step, place, arc, worth(h, arc.element));
        }
      }
    }
  }

  std::span<const Hypothesis> hypotheses_;
  const Automaton& automaton_;
  std::vector<Worth> worths_;
  std::vector<Step> steps_;        // in an order in which every way can be followed
  std::vector<std::size_t> last_;  // the nodes that end the row
};

}  // namespace

std::vector<std::vector<std::size_t>> beginnings_of(std::span<const Hypothesis> hypotheses,
                                                    std::size_t pieces) {
  std::vector<std::vector<std::size_t>> beginning(pieces + 1);
  for (std::size_t h = 0; h < hypotheses.size(); ++h) {
    if (!hypotheses[h].characters.empty()) beginning[hypotheses[h].first].push_back(h);
  }
  return beginning;
}

double none_share(std::span<const float> characters) {
  std::vector<float> sorted(characters.begin(), characters.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return std::clamp(static_cast<double>(*middle) * static_cast<double>(sorted.size()), 0.0, 1.0);
}

double evidence(double top, double none) {
  constexpr double kTopWeight = 4;   // of the best one's confidence
  constexpr double kNoneWeight = 2;  // of the share that is not spread over all
  const auto log_of_some = [](double share) { return std::log(std::max(1e-6, share)); };
  return kTopWeight * log_of_some(top) + kNoneWeight * log_of_some(1 - none);
}

Path best_path(std::size_t pieces, std::span<const Hypothesis> hypotheses,
               std::span<const Bond> bonds, std::span<const std::string> alphabet,
               const Pattern& pattern) {
  Path path;
  if (pieces == 0) return path;
  const Automaton automaton(pattern, alphabet);
  const Lattice lattice(pieces, hypotheses, bonds, automaton);
  std::vector<Lattice::Said> text;
  for (const auto& [h, arc] : lattice.best()) {
    if (hypotheses[h].characters.empty()) continue;
    const Worth& worth = lattice.worth(h, arc.element);
    const bool known = worth.character.has_value();
    const std::string& literal = automaton.literal(arc.element);
    text.push_back({worth.character, known ? "" : literal});
    const double prior = known ? worth.all : hypotheses[h].foreign_prior;
    path.steps.push_back({h, known ? alphabet[*worth.character] : literal,
                          std::min(1.0, std::exp(worth.best - prior)), arc.element});
  }
  if (text.empty()) return path;
  path.confidence = std::clamp(std::exp(lattice.sum_of(text) - lattice.sum()), 0.0, 1.0);
  return path;
}

}  // namespace longhand::recognizer
