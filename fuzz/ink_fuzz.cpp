// Pictures of any shape and content through every normalization: two bytes of size, then grey
// levels (and opacity where the first byte's top bit is set), repeated as needed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "ink/hollow_bar.h"
#include "ink/looks.h"
#include "ink/normalize.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace longhand::ink;
  if (size < 3) return 0;
  const int width = (data[0] & 0x7f) + 1, height = data[1] + 1;
  const bool transparent = (data[0] & 0x80) != 0;
  data += 2, size -= 2;
  Raster raster{GreyImage(width, height), {}};
  for (std::size_t i = 0; i < raster.grey.pixels.size(); ++i)
    raster.grey.pixels[i] = data[i % size];
  if (transparent) {
    raster.alpha = raster.grey;
    std::reverse(raster.alpha.pixels.begin(), raster.alpha.pixels.end());
  }
  for (const Normalization n : {Normalization::kRaw, Normalization::kInk1, Normalization::kInk2}) {
    Trace trace;
    const auto glyph = normalize(raster, n, &trace);
    if (!glyph) continue;
    if (glyph->image.width != Glyph::kSize || glyph->image.height != Glyph::kSize) std::abort();
    const Box& box = glyph->box;
    if (box.x < 0 || box.y < 0 || box.w <= 0 || box.h <= 0) std::abort();
    if (box.x + box.w > static_cast<float>(width) || box.y + box.h > static_cast<float>(height))
      std::abort();
    // Looking on changes nothing.
    if (normalize(raster, n)->image != glyph->image) std::abort();
    if (const auto bar = filled_bar(*glyph); bar && bar->image == glyph->image) std::abort();
    if (n != Normalization::kInk2 || width * height > 4096)
      continue;  // they take several times as long
    const auto looks = further_looks(raster, n);
    if (looks.size() > kMostLooks) std::abort();
    for (const Glyph& look : looks) {
      if (look.image.width != Glyph::kSize || look.image.height != Glyph::kSize) std::abort();
    }
  }
  return 0;
}
