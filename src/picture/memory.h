#pragma once

#include <cstddef>

namespace longhand::picture {

// What decoding a picture takes at most before it counts as large.
inline constexpr std::size_t kSmallPicture = std::size_t{4} << 20;

// The memory that decode() shares out among large pictures, in bytes; 340 MB unless it is set
// before the first picture is decoded. Small ones have 24 MB of their own.
void set_large_budget(std::size_t bytes);

}  // namespace longhand::picture
