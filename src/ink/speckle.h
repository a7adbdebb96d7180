#pragma once

#include <optional>

#include "ink/image.h"

namespace longhand::ink {

// The picture without its salt and pepper: single pixels that are unlike everything around them, as
// fax lines, thresholds and dying sensors leave them. A pixel that is far off the median of its 3x3
// neighbourhood, and like at most three of its neighbours, becomes that median (the switching median
// filter). nullopt where there is none: few lonely pixels are the dots and the ends of thin lines.
std::optional<GreyImage> without_speckle(const GreyImage& image);

}  // namespace longhand::ink
