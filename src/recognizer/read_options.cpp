#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "recognizer/reader.h"

namespace longhand::recognizer {
namespace {

constexpr std::array<std::pair<Mode, std::string_view>, 4> kModes{
    {{Mode::kGlyph, "glyph"}, {Mode::kLine, "line"}, {Mode::kPage, "page"}, {Mode::kAuto, "auto"}}};

}  // namespace

std::string_view to_string(Mode mode) {
  const auto found =
      std::find_if(kModes.begin(), kModes.end(), [&](const auto& m) { return m.first == mode; });
  return found->second;
}

Result<Mode> parse_mode(std::string_view name) {
  for (const auto& [mode, known] : kModes) {
    if (known == name) return mode;
  }
  return fail(ErrorCode::kInvalidArgument, "there is no mode \"" + std::string(name.substr(0, 40)) +
                                               "\"; there is: glyph, line, page, auto");
}

Result<void> check(const ReadOptions& options, const Card& card) {
  if (card.glyphs != 1) {
    return fail(ErrorCode::kInvalidArgument,
                "the model " + card.name +
                    " knows two characters at once, for lines in which they touch, and reads "
                    "nothing by itself; there it helps another model of " +
                    card.alphabet_name);
  }
  const bool raw = card.normalization == ink::Normalization::kRaw;
  if (raw && (options.mode == Mode::kLine || options.mode == Mode::kPage)) {
    return fail(ErrorCode::kInvalidArgument, "the mode \"" + std::string(to_string(options.mode)) +
                                                 "\" needs a model that has the ink found; " +
                                                 card.name +
                                                 " takes the picture as it is: glyph or auto");
  }
  if (!options.pattern) return {};
  const Pattern& pattern = *options.pattern;
  if (options.mode == Mode::kGlyph && !pattern.takes_one()) {
    return fail(ErrorCode::kInvalidArgument,
                "the pattern " + pattern.text() +
                    " is of several characters; the mode \"glyph\" reads one: use line or page");
  }
  for (const Pattern::Element& element : pattern.elements()) {
    // A literal may be a mark that the network doesn't know.
    if (element.kind == Pattern::Element::Kind::kLiteral && options.mode != Mode::kGlyph) continue;
    const bool any = std::any_of(card.alphabet.begin(), card.alphabet.end(),
                                 [&](const std::string& c) { return element.takes(c); });
    if (any) continue;
    return fail(ErrorCode::kInvalidArgument,
                "the pattern " + pattern.text() + " asks for characters that the model " +
                    card.name + " doesn't know; it reads " + card.alphabet_name);
  }
  return {};
}

}  // namespace longhand::recognizer
