#pragma once

#include "ink/image.h"
#include "picture/bytes.h"

namespace longhand::picture {

// The orientation (1 to 8) that a block of EXIF asks for: a TIFF structure, with "Exif\0\0" before
// it as in JPEG or without as in PNG and WebP. 1 when it asks for none or can't be read, as viewers
// do.
int exif_orientation(Bytes exif);

// Turns and mirrors a picture that is stored by an orientation of 1 to 8, so that it stands as
// displayed. Holds one plane more while at work.
void apply_orientation(ink::Raster& raster, int orientation);

}  // namespace longhand::picture
