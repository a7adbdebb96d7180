#pragma once

#include <optional>

#include "ink/image.h"

namespace longhand::ink {

// The picture with every reversed band turned back: parts of it, from rim to rim, in which light
// and dark are exchanged, as where writing runs on over a dark bar of a form, a highlighted column
// or a counter's last drums. A band's edge is straight, and what lies on either side of it are each
// other's negative; writing goes on across it, or, where no edge has any across it, the bands lie
// along the rim, broad and empty. The broader share of the picture stays as it is. nullopt where
// there is no such band.
std::optional<GreyImage> without_reversed_bands(const GreyImage& image);

}  // namespace longhand::ink
