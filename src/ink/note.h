#pragma once

#include <optional>

#include "ink/image.h"

namespace longhand::ink {

// A sheet that takes up a part of a picture, with what it lies on all around it: a sticky note on a
// desk, a card on a cloth.
struct Note {
  Raster raster;       // the sheet alone, past its edges paper like its own
  int x0 = 0, y0 = 0;  // where that is in the picture, in pixels
};

// The largest sheet that has something on it; nullopt where there is none, or the picture has
// transparent pixels or more than 24 million. A sheet is even, of another level than what is beside
// it (a desk, a thick frame), and compact.
std::optional<Note> find_note(const Raster& raster);

}  // namespace longhand::ink
