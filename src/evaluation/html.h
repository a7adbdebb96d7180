#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ink/image.h"

namespace longhand::evaluation {

// "0.998", "12", "1.5e-05": up to `digits` significant ones, no trailing zeros.
std::string number(double value, int digits = 4);
// With two decimals, "99.70 %"; `decimals` others.
std::string percent(double share, int decimals = 2);
// In groups of three, with thin spaces: "60 000".
std::string grouped(std::size_t value);

// data:image/png;base64,...; empty for an empty image.
std::string picture_url(const ink::GreyImage& image);

}  // namespace longhand::evaluation
