#pragma once

#include <optional>

#include "ink/image.h"

namespace longhand::ink {

// The picture without its stains: places of some breadth that are much fainter than the ink and
// don't lie at its soft edges, of mud, of coffee, or of what shows through from the paper's other
// side. What is left is light ink on black, of the same size, evenly lit. nullopt where there are
// no stains to speak of, no ink, or more than kMostStained pixels. Pure and thread-safe; the work
// is that of reading the picture's grey a few times.
inline constexpr std::size_t kMostStained = 24'000'000;
std::optional<Raster> without_stains(const Raster& raster);

}  // namespace longhand::ink
