#include "cli/output.h"

#include <gtest/gtest.h>

namespace longhand::cli {
namespace {

TEST(Printable, TakesAwayWhatATerminalObeysAndWhatIsNoText) {
  EXPECT_EQ(printable("a.png"), "a.png");
  EXPECT_EQ(printable("\x1b[31m\n\x7f"), "\uFFFD[31m\uFFFD\uFFFD");
  EXPECT_EQ(printable("\u00e9\u4E00\U0001F600"), "\u00e9\u4E00\U0001F600");
  EXPECT_EQ(printable("\xC2\x9B"), "\uFFFD");                            // CSI of C1
  EXPECT_EQ(printable("\xFFz"), "\uFFFDz");                              // no UTF-8 at all
  EXPECT_EQ(printable("\xE4\xB8"), "\uFFFD\uFFFD");                      // cut short
  EXPECT_EQ(printable("\xC0\xAF"), "\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(printable("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // past U+10FFFF
}

TEST(ValidUtf8, KeepsControls) {
  EXPECT_EQ(valid_utf8("a\n\x1b\xFF"), "a\n\x1b\uFFFD");
}

TEST(Padded, CountsColumnsOfATerminal) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("\u4E00\u4E8C"), 4U);
  EXPECT_EQ(columns("\u00e9\u2013"), 2U);
  EXPECT_EQ(padded("\u4E00", 4), "\u4E00  ");
  EXPECT_EQ(padded("longer", 3), "longer");
}

TEST(Numbers, AreWrittenForPeople) {
  EXPECT_EQ(percent(0.9987), "99.9 %");
  EXPECT_EQ(percent(0.99701, 2), "99.70 %");
  EXPECT_EQ(duration(0.0000123), "12.3 us");
  EXPECT_EQ(duration(0.0123), "12.30 ms");
  EXPECT_EQ(duration(2), "2.00 s");
  EXPECT_EQ(shortest(0.1F), 0.1);
  EXPECT_EQ(shortest(-16777216.0F), -16777216.0);
}

}  // namespace
}  // namespace longhand::cli
