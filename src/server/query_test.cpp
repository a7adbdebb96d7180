#include "server/query.h"

#include <gtest/gtest.h>

namespace longhand::server {
namespace {

TEST(Url, DecodesAndEncodes) {
  EXPECT_EQ(decode_url("a%20b+c%2B", true), "a b c+");
  EXPECT_EQ(decode_url("a+b", false), "a+b");
  EXPECT_EQ(decode_url("%", true), "%");
  EXPECT_EQ(decode_url("%4", true), "%4");
  EXPECT_EQ(decode_url("%zz%41", true), "%zzA");
  EXPECT_EQ(encode_url("a+/=~ \xe4"), "a%2B%2F%3D~%20%E4");
}

TEST(QueryParams, TakesPairsInOrder) {
  const auto params = QueryParams::parse("a=1&&b&c=x=y&a=2&%64=e");
  EXPECT_EQ(params.get_or("a", ""), "1");
  EXPECT_EQ(params.get_or("b", "-"), "");
  EXPECT_EQ(params.get_or("c", ""), "x=y");
  EXPECT_EQ(params.get_or("d", ""), "e");
  EXPECT_FALSE(params.has("e"));
}

TEST(QueryParams, ReadsFlags) {
  const auto params = QueryParams::parse("t=true&f=0&bare&x=maybe");
  EXPECT_TRUE(*params.flag("t", false));
  EXPECT_FALSE(*params.flag("f", true));
  EXPECT_TRUE(*params.flag("bare", false));
  EXPECT_TRUE(*params.flag("absent", true));
  EXPECT_FALSE(params.flag("x", true));
}

TEST(CleanName, LeavesWhatCanBeShown) {
  EXPECT_EQ(clean_name("C:\\a\\b.png"), "b.png");
  EXPECT_EQ(clean_name("../../etc/passwd"), "passwd");
  EXPECT_EQ(clean_name("a\r\n\tb\x7f"), "ab");
  EXPECT_EQ(clean_name("a\xc2\x9b\x62\xc2\xa0"), "ab\xc2\xa0");
  EXPECT_EQ(clean_name("\xe4\xb8\x83"), "\xe4\xb8\x83");
  EXPECT_EQ(clean_name("\xff\xe4"), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(clean_name(std::string(500, 'a')).size(), 200U);
  EXPECT_TRUE(is_valid_utf8(clean_name(std::string(199, 'a') + "\xe4\xb8\x83")));
}

TEST(CleanText, KeepsSlashes) {
  EXPECT_EQ(clean_text("text/plain\n", 40), "text/plain");
  EXPECT_EQ(clean_text("text/plain", 4), "text");
}

TEST(Controls, AreThoseOfC0AndC1) {
  EXPECT_FALSE(has_control("a\xc2\xa0\xe4\xb8\x83", ""));
  EXPECT_FALSE(has_control("1\n2", "\n"));
  for (const char* text : {"1\n2", "a\x1b", "\x7f", "\xc2\x80", "a\xc2\x9b\x33"}) {
    EXPECT_TRUE(has_control(text, "")) << text;
  }
}

TEST(Utf8, KnowsWhatIsWellFormed) {
  EXPECT_TRUE(is_valid_utf8("a\xc3\xa9\xe4\xb8\x83\xf0\x9f\x98\x80"));
  for (const char* text :
       {"\x80", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5"}) {
    EXPECT_FALSE(is_valid_utf8(text));
  }
}

}  // namespace
}  // namespace longhand::server
