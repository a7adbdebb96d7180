#pragma once

#include <optional>
#include <string_view>

#include "ink/image.h"
#include "ink/strokes.h"
#include "ink/trace.h"

namespace longhand::ink {

struct InkPatch;

// How a glyph is brought to the network's input. A model and the ink code that feeds it belong
// together: a card names its normalization, and each one named by a shipped model stays as it is,
// with golden pictures. A change of the code's results is a new number.
enum class Normalization {
  kRaw,   // "raw": grey, scaled to the input, nothing else; as the system of 2018 fed its network
  kInk1,  // "ink-1": found, evened out, 20x20 box, centre of mass at the centre of 28x28
  kInk2,  // "ink-2": as ink-1, but the ink is also found on uneven, ruled, framed and noisy paper,
          // and evened out only where no pen of people's would write so
};

std::string_view to_string(Normalization normalization);
// nullopt for a name that is not known here.
std::optional<Normalization> parse_normalization(std::string_view name);

// A glyph as the network sees it: 28x28, ink 255 on 0.
struct Glyph {
  static constexpr int kSize = 28;
  GreyImage image;
  Box box;  // where the ink lies in what was given, in its own units
  // How much of what was given hangs together each: strokes that meet, components of some size.
  int parts = 1;
};

// The one glyph of a picture or of a board; nullopt when there is no ink (kRaw always gives one
// for a picture of at least one pixel). Pure functions: thread-safe, the same bits on every
// processor. Pictures of any size up to 40 megapixels; strokes must have passed check().
// A picture's stages are told to `trace` where there is one, which costs time.
std::optional<Glyph> normalize(const Raster& raster, Normalization normalization,
                               Trace* trace = nullptr);
std::optional<Glyph> normalize(const Strokes& strokes, Normalization normalization);
// Ink that was found and cut out already. REQUIRES: not kRaw, which looks for none.
std::optional<Glyph> normalize(const InkPatch& patch, Normalization normalization,
                               Trace* trace = nullptr);

}  // namespace longhand::ink
