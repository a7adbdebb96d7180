#include "ink/line_search.h"

#include <gtest/gtest.h>

namespace longhand::ink {
namespace {

TEST(LineSearch, FindsTheRulesOfASheetHoweverMany) {
  constexpr int kWidth = 300, kApart = 4, kRules = 100;
  Mask mask(kWidth, kApart * kRules);
  for (int n = 0; n < kRules; ++n) {
    for (int x = 0; x < kWidth; ++x) mask.at(x, kApart * n + 1) = 1;
  }
  EXPECT_EQ(line_candidates(mask, false).size(), static_cast<std::size_t>(kRules));
}

}  // namespace
}  // namespace longhand::ink
