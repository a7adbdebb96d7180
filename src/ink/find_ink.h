#pragma once

#include <optional>

#include "ink/image.h"
#include "ink/ink_map.h"
#include "ink/normalize.h"
#include "ink/plane.h"
#include "ink/trace.h"

namespace longhand::ink {

// The ink of a picture, cut out: how much of it lies at each place, whatever the picture's
// polarity, contrast, size or margins.
struct InkPatch {
  // 0 paper, about 1 full ink (more where the ink is darker than most). At most kMaxExtent places
  // of ink in either direction, with an empty margin around.
  static constexpr int kMaxExtent = 80;
  Plane coverage;
  // The centre of place (i, j) lies at (origin_x + (i + 0.5) * step, ...) in the picture's pixels.
  float origin_x = 0;
  float origin_y = 0;
  float step = 1;
  Box box;        // of the ink, in the picture's pixels
  int parts = 1;  // of it that hang together each, of some size
};

// What is done to a picture beyond the plain search of "ink-1"; each step can be left out, to
// measure what it earns.
struct InkSteps {
  PaperSteps paper;
  bool lines =
      false;         // printed lines and cells, underlines, what is drawn around, holes: taken out
  bool rim = false;  // what comes in over the rim and is no writing: shadows, a neighbour's strokes
  static constexpr InkSteps ink1() { return {}; }
  static constexpr InkSteps ink2() { return {{true, true, 0, true, true, true}, true, true}; }
};

// REQUIRES: not kRaw, which looks for no ink.
InkSteps steps_of(Normalization normalization);

// nullopt for a picture without ink: empty, of one colour, a smooth shading, or specks only.
// The stages are told to `trace` where there is one.
std::optional<InkPatch> find_ink(const Raster& raster, const InkSteps& steps,
                                 Trace* trace = nullptr);

}  // namespace longhand::ink
