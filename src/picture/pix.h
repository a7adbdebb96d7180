#pragma once

#include <array>
#include <memory>

#include "ink/image.h"
#include "picture/shade.h"

struct Pix;

namespace longhand::picture {

struct DestroyPix {
  void operator()(Pix* pix) const;
};
using PixPtr = std::unique_ptr<Pix, DestroyPix>;

// Leptonica's messages off, once for the process. Every call of Leptonica comes after it.
void silence_leptonica();

// The luma of a picture that Leptonica decoded, whatever its depth, and the opacity where it has
// four samples a pixel. The picture is gone afterwards.
ink::Raster to_raster(PixPtr pix);

// The samples of a picture of 1, 2, 4 or 8 bits a pixel as they were in the file, unscaled: indices
// where there is a palette; else one bit is turned back from Leptonica's black = 1.
ink::GreyImage samples_of(PixPtr pix);

// Replaces each sample by its grey and gives the opacities, none if all are opaque.
ink::Raster apply_shades(ink::GreyImage samples, const std::array<Shade, 256>& shades);

// Drops an alpha plane that is opaque all over.
void drop_opaque_alpha(ink::Raster& raster);

}  // namespace longhand::picture
