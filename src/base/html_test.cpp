#include "base/html.h"

#include <gtest/gtest.h>

namespace longhand {
namespace {

TEST(Html, EscapesWhatWouldBeMarkup) {
  EXPECT_EQ(escape_html("<a href=\"x\" id='y'>&</a>"),
            "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
}

TEST(Html, DropsControlCharactersOnly) {
  using namespace std::string_literals;
  EXPECT_EQ(escape_html("a\x01\0b\n\tc\x7f\u4E00\xff"s), "ab\n\tc\x7f\u4E00\xff");
}

}  // namespace
}  // namespace longhand
