#include "api/base64.h"

#include <gtest/gtest.h>

#include <string>

namespace longhand::api {
namespace {

std::string encode(std::string_view text) {
  return encode_base64(std::as_bytes(std::span(text.data(), text.size())));
}

std::string decode(std::string_view text) {
  const auto bytes = decode_base64(text);
  if (!bytes) return "error: " + bytes.error().message;
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

TEST(Base64, GivesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(encode(plain), coded);
    EXPECT_EQ(decode(coded), plain);
  }
}

TEST(Base64, TakesTheUrlAlphabetSpaceAndMissingPadding) {
  EXPECT_EQ(decode("-_-_"), decode("+/+/"));
  EXPECT_EQ(decode("Zm9v\r\nYmFy"), "foobar");
  EXPECT_EQ(decode("Zm9vYg"), "foob");
}

TEST(Base64, RefusesWhatIsNotBase64) {
  EXPECT_EQ(decode("Zm9*").rfind("error", 0), 0U);
  EXPECT_NE(decode("Zm9*").find("offset 3"), std::string::npos);
  for (const char* text : {"Z", "Zm9vY", "Zg=", "Zg===", "Zg==Zg==", "====", "Zm9v="}) {
    EXPECT_EQ(decode(text).rfind("error", 0), 0U) << text;
  }
}

TEST(Base64, RoundTripsEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (std::size_t cut = 0; cut < 4; ++cut) {
    const auto part = all.substr(cut);
    EXPECT_EQ(decode(encode(part)), part);
  }
}

}  // namespace
}  // namespace longhand::api
