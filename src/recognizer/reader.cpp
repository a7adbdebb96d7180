#include "recognizer/reader.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <utility>

#include "ink/enclosures.h"
#include "ink/note.h"
#include "ink/stains.h"
#include "ink/text_lines.h"
#include "ink/underlines.h"
#include "recognizer/further_looks.h"
#include "recognizer/line_reader.h"
#include "recognizer/score.h"
#include "recognizer/view_choice.h"
#include "recognizer/word_gaps.h"
#include "recognizer/written_ink.h"

namespace longhand::recognizer {
namespace {

// One glyph is at most so wide for its height, and so confident that no second look is due.
constexpr float kWidestGlyph = 1.3F;
constexpr float kSure = 0.95F;
// What has that shape and yet is several: how high each is at least, and how sure of what must be.
constexpr float kLeastOfNumber = 0.55F;
constexpr std::ptrdiff_t kLeastOfPage = 5, kSurelyPage = 9;  // signs
constexpr float kHardlyOne = 0.5F;
// What hangs together each: a sign has no more, and what a page is beyond doubt has so many.
constexpr int kMostPartsOfOne = 3;
constexpr std::size_t kSurelySigns = 5;
constexpr double kSureOfCut = 0.9;
// Lines that slope by less are read as they are (8 degrees); by more, nothing is a line.
constexpr float kLevel = 0.14F, kSteepest = 0.7F;

using Clock = std::chrono::steady_clock;
using Lines = std::vector<std::vector<std::size_t>>;

ink::Box hull_of(const std::vector<ink::Box>& boxes) {
  ink::Box all = boxes.front();
  for (const ink::Box& box : boxes) all = ink::hull(all, box);
  return all;
}

bool is_glyph_shaped(const ink::Box& box) {
  return box.w <= kWidestGlyph * box.h;
}

// Whether ink that is too wide for one glyph stands side by side in parts about as high as all of
// it, nothing reaching from one to the next. A dash is as sure of a whole number as of any bar.
bool stands_apart(std::vector<ink::Box> boxes, const ink::Box& all) {
  constexpr float kLeastGap = 0.05F;  // of the height
  std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  std::size_t high = 0;
  bool counted = false;
  float reached = boxes.front().x;
  for (const ink::Box& box : boxes) {
    if (box.x > reached + kLeastGap * all.h) counted = false;
    reached = std::max(reached, box.x + box.w);
    if (counted || box.h < kLeastOfNumber * all.h) continue;
    counted = true, ++high;
  }
  return high >= 2;
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
    if (free_) return {recognizer_.read(content), Mode::kGlyph};
    const auto read = [&](const std::optional<ink::Glyph>& glyph) { return restricted(glyph); };
    Reading first = read(ink::normalize(content, card_.normalization));
    return {look_further(content, card_.normalization, std::move(first), read), Mode::kGlyph};
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
    Reading reading = nothing();
    double confidence = 1;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string text;
      for (LineReading& part : parts_of(ink, lines[i], std::move(read[i]), blank_from)) {
        if (accepted(part, card_)) {
          if (!text.empty()) text += ' ';
          text += text_of(part, blank_from);
          confidence *= part.confidence;
        }
        std::move(part.glyphs.begin(), part.glyphs.end(), std::back_inserter(reading.glyphs));
      }
      if (!reading.text.empty() && !text.empty()) reading.text += '\n';
      reading.text += text;
    }
    reading.rejected = reading.text.empty();
    if (!reading.rejected) reading.confidence = static_cast<float>(confidence);
    return {std::move(reading), Mode::kPage};
  }

  // One glyph where it is one beyond doubt by its shape and to the network, and then nothing else
  // is looked for; else what the lines and the best way to cut them say.
  template <typename Ink>
  Writing read_any(const Content& content) {
    if (card_.normalization == ink::Normalization::kRaw) return read_glyph(content);
    std::optional<Writing> whole;
    if (pattern_.takes_one()) {
      whole = read_glyph(content);
      const auto& glyphs = whole->reading.glyphs;
      if (!glyphs.empty() && whole->reading.confidence >= kSure &&
          is_glyph_shaped(glyphs.front().box) && glyphs.front().parts <= kMostPartsOfOne) {
        return std::move(*whole);
      }
    }
    const Ink ink(content);
    if (ink.boxes().empty()) return whole ? std::move(*whole) : read_glyph(content);
    return levelled(ink, [&](const Ink& level) { return read_several(level, whole); });
  }

  std::int64_t net_us() const { return net_us_; }

 private:
  // What is more than one glyph, unless it is `whole` after all.
  template <typename Ink>
  Writing read_several(const Ink& ink, const std::optional<Writing>& whole) {
    const ink::Box box = hull_of(ink.boxes());
    const bool glyph_shaped = is_glyph_shaped(box);
    const Lines lines = ink::find_lines(ink.boxes());
    if (lines.size() > 1) {
      Writing page = read_lines(ink, lines);
      return whole && glyph_shaped && is_rather_one(*whole, page) ? *whole : page;
    }
    LineReading line = line_of(ink);
    const bool one = whole && (glyph_shaped || !stands_apart(ink.boxes(), box));
    if (one && !is_number(line, box, whole->reading.confidence)) return *whole;
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

  // Whether what has one glyph's shape is that, as far as it was read so, rather than a page. All
  // of a page is less likely right than any one glyph, so that a glyph that is rejected says little
  // beside a text of some length, and no glyph falls apart into many signs that are accepted.
  static bool is_rather_one(const Writing& whole, const Writing& page) {
    if (page.reading.confidence >= whole.reading.confidence) return false;
    if (page.reading.glyphs.size() >= kSurelySigns && page.reading.confidence >= kHardlyOne)
      return false;
    const auto& text = page.reading.text;
    const auto signs = std::count_if(text.begin(), text.end(), [](unsigned char c) {
      return c > ' ' && (c & 0xC0) != 0x80;  // a character's first byte
    });
    if (page.reading.rejected || signs < kLeastOfPage) return true;
    return !whole.reading.rejected && signs < kSurelyPage;
  }

  // Whether what was also read as one glyph, with that confidence, is several: by their shape; or
  // surer so, each about as high as all of it. Ink that hangs together is cut only where it can
  // hardly be one glyph.
  bool is_number(const LineReading& line, const ink::Box& box, float whole) const {
    if (line.glyphs.size() <= 1) return false;
    if (!is_glyph_shaped(box)) return !line.cut || whole < kSure;
    if (!accepted(line, card_) || line.confidence < static_cast<double>(whole)) return false;
    const bool high = std::all_of(line.glyphs.begin(), line.glyphs.end(), [&](const auto& glyph) {
      return glyph.box.h >= kLeastOfNumber * box.h;
    });
    return high && (!line.cut || (whole < kHardlyOne && line.confidence >= kSureOfCut));
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

}  // namespace

Writing read(const Recognizer& recognizer, const ink::Raster& raster, const ReadOptions& options) {
  Writing writing = read_content<PictureInk>(recognizer, raster, options);
  if (recognizer.model().card().normalization != ink::Normalization::kInk2) return writing;
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

Writing read(const Recognizer& recognizer, const ink::Strokes& strokes,
             const ReadOptions& options) {
  if (recognizer.model().card().normalization != ink::Normalization::kInk2)
    return read_content<BoardInk>(recognizer, strokes, options);
  return read_content<BoardInk>(recognizer,
                                ink::without_enclosures(ink::without_underlines(strokes)), options);
}

}  // namespace longhand::recognizer
