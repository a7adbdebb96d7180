#pragma once

#include <optional>
#include <vector>

#include "ink/components.h"
#include "ink/image.h"
#include "ink/plane.h"

namespace longhand::ink {

// All the writing of a picture, at a resolution that fits the writing's height, in the components
// that hang together. Dirt is left out.
struct Layout {
  // Places are at most this many, whatever the picture: small writing on a vast page is seen less
  // sharply, and the work stays bounded.
  static constexpr int kMostPlaces = 4'000'000;
  // Pictures with more components than this are no writing; those that are largest are kept.
  static constexpr std::size_t kMostComponents = 1'500;
  static constexpr int kUsualHeight = 64;  // of a glyph, in places, at most, where pixels allow

  Plane coverage;                     // as InkMap's
  Grid<int> labels;                   // 0 paper or dirt, n + 1 is components[n]
  std::vector<Component> components;  // boxes in places
  int x0 = 0, y0 = 0;                 // the first place's corner, in pixels
  int step = 1;                       // pixels a place
  float height = 0;                   // the usual height of a glyph, in places
  float inked = 0;                    // a place of at least this coverage is ink

  // A component's box in the picture's pixels.
  Box box_of(const Component& component) const;
};

// nullopt for a picture without ink: empty, of one colour, a smooth shading, or specks only.
std::optional<Layout> lay_out(const Raster& raster);

// The usual height among boxes of writing: the median, each counting by its height, so that dots
// and the scraps of broken pens count little. 0 for none.
float usual_height(const std::vector<Box>& boxes);

}  // namespace longhand::ink
