#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ink/image.h"
#include "ink/strokes.h"
#include "recognizer/pattern.h"
#include "recognizer/recognizer.h"

namespace longhand::recognizer {

// How much is written on a picture or a board.
enum class Mode {
  kGlyph,  // "glyph": one character
  kLine,   // "line": one line of separate characters, a number or a word
  kPage,   // "page": lines, one under the other, of words apart from each other
  kAuto,   // "auto": whichever of these it looks like
};

std::string_view to_string(Mode mode);
// kInvalidArgument, listing those that there are, for a name that is none.
Result<Mode> parse_mode(std::string_view name);

struct ReadOptions {
  Mode mode = Mode::kAuto;
  std::optional<Pattern> pattern;  // what the text must look like, where that is known
};

// kInvalidArgument where a model can't read so: lines and pages are for models that have the ink
// found (a raw picture is one glyph), and a pattern must fit the mode and the alphabet.
Result<void> check(const ReadOptions& options, const Card& card);

// How a picture or board was seen when it was read best.
struct Seen {
  std::optional<ink::Box> sheet;  // that part alone, as a sheet that lies on something else
  bool without_stains = false;
  float slope = 0;   // of lines that were turned level (y by x, y downwards); 0: as they lay
  int quarters = 0;  // of a circle, by which the picture was turned clockwise before all of that
};

struct Writing {
  Reading reading;
  Mode mode = Mode::kGlyph;  // never kAuto: what it was read as
  Seen seen = {};
  bool hardly_written =
      false;  // a page that rather shows something else (page_verdict.h): rejected
};

// Runs of pieces that one reading shows to the network: once, again where lines slope, both once
// more for a sheet that is read alone and for a picture without its stains, and all of that for
// each quarter by which a picture may be turned.
inline constexpr std::size_t kMostGuesses = 8'000;

// Reads as `options` say; they must have passed check().
//
// Of several glyphs, `glyphs` are in reading order; `text` has words parted by a blank where the
// gap is clearly larger than others (pages only) and lines by "\n". `confidence` is the share of
// the whole text among all that the ink may say. A text of which a glyph is, on the average, less
// likely than the card's threshold, by itself or by its share of the confidence, is rejected; so is
// each line of a page, whose glyphs are listed all the same, and a picture's page as a whole where
// little of it was accepted or surely read (page_verdict.h). kAuto gives exactly what kGlyph gives
// where it finds one glyph, and reads one line that has words, apart from each other by far more
// than glyphs, as a page, unless there is a pattern. Lines that slope by 8 to 35 degrees are also
// read turned until they lie level, and the surer reading counts. A sheet that
// takes up a part of a picture may be read alone, and a picture without its stains (view_choice.h,
// "ink-2" only). Where several glyphs were not read surely, the picture is read turned by each
// quarter of a circle too, as it may have been taken (turned_picture.h, likewise); boxes are those
// of the picture as given.
//
// Thread-safe. Time and memory are bounded whatever is given: the writing is looked at in at most
// ink::Layout::kMostPlaces places and kMostComponents components, ink::kMostPieces pieces a line,
// and kMostGuesses runs of pieces as possible glyphs; what is beyond that isn't read.
Writing read(const Recognizer& recognizer, const ink::Raster& raster, const ReadOptions& options);
// Strokes must have passed ink::check(); what underlines them is left out for "ink-2".
Writing read(const Recognizer& recognizer, const ink::Strokes& strokes, const ReadOptions& options);

}  // namespace longhand::recognizer
