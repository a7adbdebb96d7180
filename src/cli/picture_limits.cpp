#include "cli/picture_limits.h"

#include <cmath>

namespace longhand::cli {

void add_picture_limits(CLI::App& command, picture::Limits& limits) {
  constexpr double kMega = 1e6;
  command
      .add_option_function<double>(
          "--max-megapixels",
          [&limits](double mega) {
            limits.max_pixels = static_cast<std::size_t>(std::llround(mega * kMega));
          },
          "Larger pictures are refused before they are decoded; those that need more memory than "
          "all pictures together may take are refused all the same")
      ->type_name("N")
      ->envname("LONGHAND_MAX_MEGAPIXELS")
      ->check(CLI::Range(0.01, 1'000.0))
      ->default_str("40");
}

}  // namespace longhand::cli
