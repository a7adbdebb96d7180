#include "api/data_url.h"

#include <gtest/gtest.h>

namespace longhand::api {
namespace {

std::string text_of(const Result<DataUrl>& url) {
  if (!url) return "error: " + url.error().message;
  return {reinterpret_cast<const char*>(url->bytes.data()), url->bytes.size()};
}

TEST(DataUrl, TakesBase64AndPercentEncoding) {
  const auto url = parse_data_url("data:image/PNG;charset=x;base64,Zm9vYmFy");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->media_type, "image/png");
  EXPECT_EQ(text_of(url), "foobar");
  EXPECT_EQ(text_of(parse_data_url("DATA:,a%20b%2Fc")), "a b/c");
  EXPECT_EQ(text_of(parse_data_url("data:;base64,")), "");
}

TEST(DataUrl, TurnsSpacesBackIntoPluses) {
  const auto plus = parse_data_url("data:image/png;base64,++++");
  EXPECT_EQ(text_of(parse_data_url("data:image/png;base64,  ++")), text_of(plus));
  EXPECT_EQ(text_of(parse_data_url("data:image/png;base64,%2B%2b +")), text_of(plus));
}

TEST(DataUrl, RefusesWhatIsNone) {
  for (const char* text : {"", "data", "data:image/png;base64", "http://x/", "data:;base64,*",
                           "data:,%", "data:,%2", "data:,%zz", "data:;base64,A"}) {
    const auto url = parse_data_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(PictureText, IsADataUrlOrBase64Alone) {
  EXPECT_EQ(text_of(parse_picture_text("Zm9v")), "foo");
  EXPECT_EQ(text_of(parse_picture_text("data:;base64,Zm9v")), "foo");
  EXPECT_FALSE(parse_picture_text("not base64!"));
}

}  // namespace
}  // namespace longhand::api
