#include "base/sha256.h"

#include <gtest/gtest.h>

#include <string>

namespace longhand {
namespace {

std::string hex_of(const std::string& text) { return to_hex(sha256(std::as_bytes(std::span(text)))); }

// The examples of FIPS 180-4.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(hex_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex_of(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// Every length around a block's end takes another way through the padding.
TEST(Sha256, DoesNotDependOnHowTheBytesArrive) {
  for (std::size_t n = 0; n < 200; ++n) {
    const std::string text(n, 'x');
    Sha256 pieces;
    for (const char& c : text) pieces.update(std::as_bytes(std::span(&c, 1)));
    EXPECT_EQ(to_hex(pieces.finish()), hex_of(text)) << n;
  }
}

}  // namespace
}  // namespace longhand
