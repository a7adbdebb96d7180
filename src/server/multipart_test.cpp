#include "server/multipart.h"

#include <gtest/gtest.h>

namespace longhand::server {
namespace {

std::string error_of(std::string_view body) {
  const auto parts = parse_multipart(body, "X");
  return parts ? "" : parts.error().message;
}

TEST(Multipart, SplitsPartsWithTheirHeaders) {
  const std::string body =
      "preamble\r\n--X\r\nContent-Disposition: form-data; name=\"a\"; filename=\"p "
      "\\\"q\\\".png\"\r\n"
      "content-TYPE: Image/PNG; x=y\r\n\r\n\x89PNG\r\n--\r\n--X\r\n"
      "Content-Disposition: form-data; name=alphabet\r\n\r\ndigits\r\n--X--\r\nepilogue";
  const auto parts = parse_multipart(body, "X");
  ASSERT_TRUE(parts) << parts.error().message;
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "a");
  EXPECT_EQ((*parts)[0].filename, "p \"q\".png");
  EXPECT_EQ((*parts)[0].content_type, "image/png");
  EXPECT_EQ((*parts)[0].data, "\x89PNG\r\n--");
  EXPECT_EQ((*parts)[1].name, "alphabet");
  EXPECT_FALSE((*parts)[1].has_filename);
  EXPECT_EQ((*parts)[1].data, "digits");
}

TEST(Multipart, TakesEmptyPartsAndNone) {
  const auto empty = parse_multipart("--X\r\n\r\n\r\n--X--", "X");
  ASSERT_TRUE(empty) << empty.error().message;
  ASSERT_EQ(empty->size(), 1U);
  EXPECT_EQ((*empty)[0].data, "");
  const auto none = parse_multipart("--X--\r\n", "X");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

TEST(Multipart, RefusesWhatIsCutShortOrWrong) {
  for (const char* body :
       {"", "--", "--X", "--X\r\n", "--X\r\n\r\n", "--X\r\n\r\nabc", "--Xabc\r\n\r\n",
        "--X\r\n\r\nabc\r\n--X", "--X\r\na: b\r\n", "no boundary at all"}) {
    EXPECT_NE(error_of(body), "") << body;
  }
  EXPECT_NE(error_of("--X\r\nno colon\r\n\r\n\r\n--X--").find("colon"), std::string::npos);
  EXPECT_NE(
      error_of("--X\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--X--").find("base64"),
      std::string::npos);
  EXPECT_NE(error_of("--X\r\na: " + std::string(9'000, 'b') + "\r\n\r\n\r\n--X--"), "");
}

TEST(Multipart, LimitsTheNumberOfParts) {
  std::string body;
  for (int i = 0; i < 3; ++i) body += "--X\r\n\r\nv\r\n";
  body += "--X--";
  EXPECT_TRUE(parse_multipart(body, "X", {.max_parts = 3}));
  const auto parts = parse_multipart(body, "X", {.max_parts = 2});
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().code, ErrorCode::kTooLarge);
}

TEST(MultipartBoundary, StandsInTheContentType) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc").value_or(""), "abc");
  EXPECT_EQ(multipart_boundary("multipart/form-data; charset=x; Boundary=\"a b\"").value_or(""),
            "a b");
  EXPECT_FALSE(multipart_boundary("multipart/form-data"));
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary="));
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'a')));
}

}  // namespace
}  // namespace longhand::server
