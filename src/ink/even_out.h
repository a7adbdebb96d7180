#pragma once

#include <optional>

#include "ink/find_ink.h"
#include "ink/image.h"
#include "ink/strokes.h"
#include "ink/trace.h"

namespace longhand::ink {

// How far shapes are brought to one form; lengths in pixels of the glyph's 28x28.
struct Evenness {
  static constexpr int kSize = 28;
  static constexpr float kBox = 20;  // the longer side of the written shape, as in MNIST
  static constexpr float kMaxShear = 0.6F;

  float deslant;      // the share of the slant that is taken out
  float thinnest;     // a finer pen is drawn as `pen`,
  float boldest;      // a bolder one thinned to this
  float pen;          // what the pen's path is drawn with
  bool keeps_shades;  // whether ink between these two keeps its shades, or gets edges of one
                      // softness

  // "ink-1": every pen, slant and softness brought to one.
  static constexpr Evenness ink1() { return {0.75F, 2.4F, 2.4F, 2.4F, false}; }
  // "ink-2": what lies in the range that people's pens make is left as it is. Evened out further,
  // networks lose by what is lost more than they gain (docs/normalization.md).
  static constexpr Evenness ink2() { return {0.5F, 1.6F, 4.5F, 2.8F, true}; }
};

// The shear that undoes a share of a shape's slant, from its second moments: x moves by this times
// the distance in y from the centre.
float deslanting_shear(double mu11, double mu02, float share);

// Brings ink to a stroke width in the range, one size and softness, the centre of mass in the
// middle: 28x28, ink 255 on 0. nullopt where nothing of substance is left.
// The stages are told to `trace` where there is one.
std::optional<GreyImage> even_out(const InkPatch& patch, const Evenness& evenness,
                                  Trace* trace = nullptr);

// The same from the pen's path itself, so that the board's brush plays no part.
std::optional<GreyImage> even_out(const Strokes& strokes, const Evenness& evenness);

}  // namespace longhand::ink
