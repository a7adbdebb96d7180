#pragma once

#include <string_view>

namespace longhand::evaluation {

// The report's style sheet: paper, ink and one red seal, light and dark.
std::string_view report_style();

}  // namespace longhand::evaluation
