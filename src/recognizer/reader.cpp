#include "recognizer/reader.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <type_traits>
#include <utility>

#include "ink/board.h"
#include "ink/note.h"
#include "ink/quarter_turn.h"
#include "ink/stains.h"
#include "ink/text_lines.h"
#include "recognizer/further_looks.h"
#include "recognizer/line_reader.h"
#include "recognizer/one_or_several.h"
#include "recognizer/page_verdict.h"
#include "recognizer/score.h"
#include "recognizer/seen_pairs.h"
#include "recognizer/turned_picture.h"
#include "recognizer/view_choice.h"
#include "recognizer/word_gaps.h"
#include "recognizer/written_ink.h"

namespace longhand::recognizer {
namespace {

// Lines that slope by less are read as they are (8 degrees); by more, nothing is a line.
constexpr float kLevel = 0.14F, kSteepest = 0.7F;

using Clock = std::chrono::steady_clock;
using Lines = std::vector<std::vector<std::size_t>>;

ink::Box hull_of(const std::vector<ink::Box>& boxes) {
  ink::Box all = boxes.front();
  for (const ink::Box& box : boxes) all = ink::hull(all, box);
  return all;
}

// Whether the text is, glyph by glyph, as likely as the card asks of one: its glyphs as they were
// cut, and the way in which they were cut.
bool accepted(const LineReading& line, const Card& card) {
  if (line.glyphs.empty() || line.confidence <= 0) return false;
  double logs = 0;
  for (const GlyphReading& glyph : line.glyphs) {
    logs += std::log(std::max(1e-9, static_cast<double>(glyph.confidence)));
  }
  const double least = std::min(logs, std::log(line.confidence));
  const double usual = std::exp(least / static_cast<double>(line.glyphs.size()));
  return usual >= static_cast<double>(card.reject_threshold);
}

template <typename Content>
class WritingReader {
 public:
  WritingReader(const Recognizer& recognizer, const ReadOptions& options)
      : recognizer_(recognizer),
        card_(recognizer.model().card()),
        pattern_(options.pattern ? *options.pattern : Pattern::anything()),
        free_(!options.pattern) {}

  Writing read_glyph(const Content& content) const {
    return looked_further(content, at_first_sight(content));
  }

  template <typename Ink>
  Writing read_line(const Ink& ink) {
    return levelled(ink, [&](const Ink& level) { return as_writing(line_of(level)); });
  }

  template <typename Ink>
  Writing read_page(const Ink& ink) {
    return levelled(
        ink, [&](const Ink& level) { return read_lines(level, ink::find_lines(level.boxes())); });
  }

  template <typename Ink>
  Writing read_lines(const Ink& ink, const Lines& lines) {
    std::vector<LineReading> read;
    for (const auto& line : lines) read.push_back(read_row(*ink.row(line)));
    return as_page(ink, lines, std::move(read));
  }

  // The lines of a page as they were read, each in words.
  template <typename Ink>
  Writing as_page(const Ink& ink, const Lines& lines, std::vector<LineReading> read) {
    const float blank_from = word_gap(read);
    Reading reading = nothing(), accepted_alone;
    double confidence = 1;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string text;
      for (LineReading& part : parts_of(ink, lines[i], std::move(read[i]), blank_from)) {
        if (accepted(part, card_)) {
          if (!text.empty()) text += ' ';
          text += text_of(part, blank_from);
          confidence *= part.confidence;
          std::copy(part.glyphs.begin(), part.glyphs.end(),
                    std::back_inserter(accepted_alone.glyphs));
        }
        std::move(part.glyphs.begin(), part.glyphs.end(), std::back_inserter(reading.glyphs));
      }
      if (!reading.text.empty() && !text.empty()) reading.text += '\n';
      reading.text += text;
    }
    reading.rejected = reading.text.empty();
    if (!reading.rejected) reading.confidence = static_cast<float>(confidence);
    Writing writing{std::move(reading), Mode::kPage};
    // A single line has been accepted or not by itself.
    writing.hardly_written =
        lines.size() > 1 && !is_written_page(accepted_alone, writing.reading.glyphs.size());
    return writing;
  }

  // One glyph where it is one beyond doubt by its shape and to the network, and then nothing else
  // is looked for; else what the lines and the best way to cut them say.
  template <typename Ink>
  Writing read_any(const Content& content) {
    if (card_.normalization == ink::Normalization::kRaw) return read_glyph(content);
    std::optional<Writing> whole;
    bool surely_one = false;
    if (pattern_.takes_one()) {
      whole = at_first_sight(content);
      seen_as_pair_ = is_seen_as_pair(whole->reading);
      if (!seen_as_pair_) whole = looked_further(content, std::move(*whole));
      surely_one = !seen_as_pair_ && is_surely_one(whole->reading);
      const bool may_be_page = std::is_same_v<Content, ink::Raster> && may_be_many(whole->reading);
      if (surely_one && !may_be_page) return std::move(*whole);
    }
    const Ink ink(content);
    if (surely_one && ink.boxes().size() <= kMostMarksOfOne) return std::move(*whole);
    Writing writing;
    if (ink.boxes().empty()) {
      writing = whole ? std::move(*whole) : at_first_sight(content);
    } else {
      writing = levelled(ink, [&](const Ink& level) { return read_several(level, whole); });
    }
    const bool looked = pattern_.takes_one() && !seen_as_pair_;
    if (writing.mode != Mode::kGlyph || looked) return writing;
    return looked_further(content, std::move(writing));
  }

  std::int64_t net_us() const { return net_us_; }

 private:
  Reading read_one(const std::optional<ink::Glyph>& glyph) const {
    return free_ ? recognizer_.read(glyph) : restricted(glyph);
  }

  Writing at_first_sight(const Content& content) const {
    return {read_one(ink::normalize(content, card_.normalization)), Mode::kGlyph};
  }

  Writing looked_further(const Content& content, Writing first) const {
    const auto read = [&](const std::optional<ink::Glyph>& glyph) { return read_one(glyph); };
    return {look_further(content, card_.normalization, std::move(first.reading), read),
            Mode::kGlyph};
  }

  // Whether the model of pairs, where there is one, takes what was read as one glyph for two that
  // touch.
  bool is_seen_as_pair(const Reading& reading) {
    const auto& pairs = recognizer_.model().pairs();
    if (!pairs || reading.glyphs.empty()) return false;
    const GlyphReading& glyph = reading.glyphs.front();
    if (!may_be_pair(glyph.confidence, glyph.box)) return false;
    const auto shares = scorer_of(*pairs)({{glyph.image, glyph.box, glyph.parts}});
    return is_rather_pair(glyph.confidence, shares.front());
  }

  // What is more than one glyph, unless it is `whole` after all.
  template <typename Ink>
  Writing read_several(const Ink& ink, const std::optional<Writing>& whole) {
    const ink::Box box = hull_of(ink.boxes());
    const bool glyph_shaped = is_glyph_shaped(box);
    const Lines lines = ink::find_lines(ink.boxes());
    if (lines.size() > 1) {
      Writing page = read_lines(ink, lines);
      return whole && glyph_shaped && is_rather_one(whole->reading, page.reading) ? *whole : page;
    }
    LineReading line = line_of(ink);
    const bool one = whole && (glyph_shaped || !stands_apart(ink.boxes(), box));
    if (one &&
        !is_number({line, accepted(line, card_), box, whole->reading.confidence, seen_as_pair_}))
      return *whole;
    if (free_ && !lines.empty() && is_of_words(line)) return as_page(ink, lines, {std::move(line)});
    return as_writing(line);
  }

  // Lines that slope are read as they are and turned until they lie level, as the paper may have
  // lain or the hand have climbed; the surer reading counts.
  template <typename Ink, typename Read>
  Writing levelled(const Ink& ink, const Read& read) {
    Writing as_it_is = read(ink);
    const float slope = ink::line_slope(ink.boxes());
    if (std::abs(slope) < kLevel || std::abs(slope) > kSteepest) return as_it_is;
    const auto turn = ink::Turn::levelling(slope);
    const Ink level = ink.turned(turn);
    if (level.boxes().empty()) return as_it_is;
    budget_ = kMostGuesses;
    Writing turned = read(level);
    // One glyph after all is `whole`, which no turn has anything to do with.
    if (turned.mode == Mode::kGlyph || turned.reading.rejected ||
        (!as_it_is.reading.rejected && turned.reading.confidence <= as_it_is.reading.confidence))
      return as_it_is;
    for (GlyphReading& glyph : turned.reading.glyphs) glyph.box = turn.back(glyph.box);
    turned.seen.slope = slope;
    return turned;
  }

  // A line as it was read, or where that is rejected, each of its words read alone: a blot or what
  // is left of a page's edge beside them takes none of them away.
  template <typename Ink>
  std::vector<LineReading> parts_of(const Ink& ink, const std::vector<std::size_t>& line,
                                    LineReading whole, float blank_from) {
    std::vector<LineReading> parts;
    const Lines words = accepted(whole, card_) ? Lines() : words_of(line, ink.boxes(), blank_from);
    if (words.size() < 2) {
      parts.push_back(std::move(whole));
    } else {
      for (const auto& word : words) parts.push_back(read_row(*ink.row(word)));
    }
    return parts;
  }

  template <typename Ink>
  LineReading line_of(const Ink& ink) {
    if (ink.boxes().empty()) return {};
    std::vector<std::size_t> all(ink.boxes().size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return read_row(*ink.row(all));
  }

  Writing as_writing(const LineReading& line) const {
    Reading reading = nothing();
    reading.glyphs = line.glyphs;
    reading.rejected = !accepted(line, card_);
    reading.confidence = static_cast<float>(line.confidence);
    if (!reading.rejected) reading.text = text_of(line, std::numeric_limits<float>::max());
    return {std::move(reading), Mode::kLine};
  }

  Reading nothing() const {
    Reading reading;
    reading.alphabet = card_.alphabet_name;
    reading.model = recognizer_.model().ref();
    reading.rejected = true;
    return reading;
  }

  LineReading read_row(ink::PieceRow& row) {
    return longhand::recognizer::read_line(
        row, card_, pattern_, scorer_of(recognizer_.model()),
        recognizer_.model().pairs() ? scorer_of(*recognizer_.model().pairs()) : Scorer(), budget_);
  }
  LineReading read_row(ink::PieceRow&& row) { return read_row(row); }

  // The model at work, its time counted. The model must outlive it.
  Scorer scorer_of(const Model& model) {
    return [this, &model](const std::vector<ink::Glyph>& glyphs) {
      const auto start = Clock::now();
      auto result = score(model, glyphs);
      net_us_ +=
          std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
      return result;
    };
  }

  // One glyph of which the pattern says more.
  Reading restricted(const std::optional<ink::Glyph>& glyph) const {
    Reading reading = nothing();
    if (!glyph) return reading;
    const auto scores = score(recognizer_.model(), {&*glyph, 1});
    const auto takes = [&](const std::string& character) {
      return pattern_.takes_alone(character);
    };
    GlyphReading result;
    result.box = glyph->box;
    result.image = glyph->image;
    result.parts = glyph->parts;
    result.candidates = candidates_of(scores.front(), card_.alphabet, takes);
    result.text = result.candidates.front().text;
    result.confidence = result.candidates.front().confidence;
    reading.confidence = result.confidence;
    reading.rejected = result.confidence <= 0 || result.confidence < card_.reject_threshold;
    if (!reading.rejected) reading.text = result.text;
    reading.glyphs.push_back(std::move(result));
    return reading;
  }

  const Recognizer& recognizer_;
  const Card& card_;
  const Pattern pattern_;
  const bool free_;  // no pattern was given
  std::int64_t net_us_ = 0;
  std::size_t budget_ = kMostGuesses;
  bool seen_as_pair_ = false;  // what may be one glyph
};

template <typename Ink, typename Content>
Writing read_content(const Recognizer& recognizer, const Content& content,
                     const ReadOptions& options) {
  const auto start = Clock::now();
  WritingReader<Content> reader(recognizer, options);
  Writing writing;
  switch (options.mode) {
    case Mode::kGlyph:
      writing = reader.read_glyph(content);
      break;
    case Mode::kLine:
      writing = reader.read_line(Ink(content));
      break;
    case Mode::kPage:
      writing = reader.read_page(Ink(content));
      break;
    case Mode::kAuto:
      writing = reader.template read_any<Ink>(content);
      break;
  }
  const auto all = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  Reading& reading = writing.reading;
  reading.net_us = std::max(reading.net_us, reader.net_us());
  reading.ink_us = std::max(reading.ink_us, all.count() - reading.net_us);
  return writing;
}

// A picture as it lies, in all the ways in which it may be seen.
Writing read_as_it_lies(const Recognizer& recognizer, const ink::Raster& raster,
                        const ReadOptions& options) {
  Writing writing = read_content<PictureInk>(recognizer, raster, options);
  // A sheet of the picture, or all of it (nullptr), with or without its stains.
  const auto see = [&](const ink::Note* sheet, bool without_stains) {
    const ink::Raster& given = sheet != nullptr ? sheet->raster : raster;
    const auto clean = without_stains ? ink::without_stains(given) : std::nullopt;
    if (without_stains && !clean) return false;
    Writing other = read_content<PictureInk>(recognizer, clean ? *clean : given, options);
    ink::Box part{0, 0, static_cast<float>(given.grey.width),
                  static_cast<float>(given.grey.height)};
    if (sheet != nullptr) {
      part.x = static_cast<float>(sheet->x0), part.y = static_cast<float>(sheet->y0);
      other.seen.sheet = part;
    }
    other.seen.without_stains = without_stains;
    for (GlyphReading& glyph : other.reading.glyphs) glyph.box.x += part.x, glyph.box.y += part.y;
    const std::int64_t net_us = writing.reading.net_us + other.reading.net_us;
    const std::int64_t ink_us = writing.reading.ink_us + other.reading.ink_us;
    const bool rather = is_view_better(writing, other, {part, without_stains});
    if (rather) writing = std::move(other);
    writing.reading.net_us = net_us, writing.reading.ink_us = ink_us;
    return rather;
  };
  // What is faint may have been taken for writing; or what lies around a sheet, which itself may
  // have stains, or the sheet for a blot.
  if (is_beyond_doubt(writing) || see(nullptr, true)) return writing;
  const auto note = ink::find_note(raster);
  if (note && see(&*note, false) && !is_beyond_doubt(writing)) see(&*note, true);
  return writing;
}

// A picture in all the ways in which it may lie.
Writing read_as_it_may_lie(const Recognizer& recognizer, const ink::Raster& raster,
                           const ReadOptions& options) {
  Writing writing = read_as_it_lies(recognizer, raster, options);
  if (options.mode == Mode::kGlyph || !may_lie_turned(writing)) return writing;
  std::optional<Writing> best;
  for (const int quarters : turns_to_try(PictureInk(raster).boxes())) {
    Writing turned = read_as_it_lies(recognizer, ink::quarter_turned(raster, quarters), options);
    writing.reading.net_us += turned.reading.net_us;
    writing.reading.ink_us += turned.reading.ink_us;
    if (!is_turned_better(writing, turned) || (best && !is_surer(turned, *best))) continue;
    for (GlyphReading& glyph : turned.reading.glyphs)
      glyph.box =
          ink::before_quarter_turn(glyph.box, quarters, raster.grey.width, raster.grey.height);
    turned.seen.quarters = quarters;
    best = std::move(turned);
  }
  if (!best) return writing;
  best->reading.net_us = writing.reading.net_us, best->reading.ink_us = writing.reading.ink_us;
  return std::move(*best);
}

}  // namespace

Writing read(const Recognizer& recognizer, const ink::Raster& raster, const ReadOptions& options) {
  if (recognizer.model().card().normalization != ink::Normalization::kInk2)
    return read_content<PictureInk>(recognizer, raster, options);
  Writing writing = read_as_it_may_lie(recognizer, raster, options);
  // Only now: what is hardly writing as it lies may be a page that lies otherwise, and no single
  // spot of it is to be read in its place.
  if (writing.hardly_written) {
    writing.reading.rejected = true;
    writing.reading.text.clear();
    writing.reading.confidence = 0;
  }
  return writing;
}

Writing read(const Recognizer& recognizer, const ink::Strokes& strokes,
             const ReadOptions& options) {
  if (recognizer.model().card().normalization != ink::Normalization::kInk2)
    return read_content<BoardInk>(recognizer, strokes, options);
  return read_content<BoardInk>(recognizer, ink::writing_on(strokes), options);
}

}  // namespace longhand::recognizer
