#include "server/identity.h"

#include <gtest/gtest.h>

namespace longhand::server {
namespace {

Request with(std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

constexpr const char* kToken = "00112233445566778899aabbccddeeff";

TEST(Identity, KnowsAnOwnerByCookieOrBearerAlike) {
  const Identity identity("");
  Request cookie = with({{"cookie", std::string("a=b; longhand_owner=") + kToken}});
  Request bearer = with({{"authorization", std::string("bearer ") + kToken}});
  ASSERT_TRUE(identity.identify(cookie));
  ASSERT_TRUE(identity.identify(bearer));
  EXPECT_EQ(cookie.viewer.owner, bearer.viewer.owner);
  EXPECT_EQ(cookie.new_token, "");
  EXPECT_FALSE(cookie.viewer.is_operator);
}

TEST(Identity, MakesANewOwnerWhereThereIsNone) {
  const Identity identity("");
  Request first = with({});
  Request second = with({{"cookie", "longhand_owner=guessable"}});
  ASSERT_TRUE(identity.identify(first));
  ASSERT_TRUE(identity.identify(second));
  EXPECT_EQ(first.new_token.size(), 32U);
  EXPECT_NE(first.new_token, second.new_token);
  EXPECT_NE(first.viewer.owner, second.viewer.owner);
}

TEST(Identity, RefusesTokensThatCanBeGuessed) {
  const Identity identity("");
  for (const char* header : {"Bearer", "Bearer ", "Bearer short", "Bearer abcdefghijk lmnopqrst"}) {
    Request request = with({{"authorization", header}});
    const auto known = identity.identify(request);
    ASSERT_FALSE(known) << header;
    EXPECT_EQ(known.error().code, ErrorCode::kUnauthorized);
  }
}

// A proxy that asks for passwords may pass them on; the owner is still known by the cookie.
TEST(Identity, LooksAtNoOtherSchemeThanBearer) {
  const Identity identity("");
  for (const char* header : {"Basic YWxhZGRpbjpvcGVuc2VzYW1l", "Negotiate x", "Bearerx y", "x"}) {
    Request request =
        with({{"authorization", header}, {"cookie", std::string("longhand_owner=") + kToken}});
    Request cookie = with({{"cookie", std::string("longhand_owner=") + kToken}});
    ASSERT_TRUE(identity.identify(request)) << header;
    ASSERT_TRUE(identity.identify(cookie));
    EXPECT_EQ(request.viewer.owner, cookie.viewer.owner);
    request.headers.emplace_back("sec-fetch-site", "cross-site");
    EXPECT_TRUE(identity.is_foreign(request)) << "a browser adds it by itself";
  }
}

TEST(Identity, KnowsTheOperator) {
  const Identity identity("the operator's token");
  Request wrong = with({{"authorization", std::string("Bearer ") + kToken}});
  ASSERT_TRUE(identity.identify(wrong));
  EXPECT_FALSE(wrong.viewer.is_operator);
  const Identity plain("the-operators-token");
  Request right = with({{"authorization", "Bearer the-operators-token"}});
  ASSERT_TRUE(plain.identify(right));
  EXPECT_TRUE(right.viewer.is_operator);
}

TEST(Identity, SetsTheCookieSecureBehindHttpsOnly) {
  Request request = with({{"x-forwarded-proto", "https"}});
  request.new_token = kToken;
  const Identity identity("");
  const std::string distrusted = identity.cookie(request);
  EXPECT_NE(distrusted.find("HttpOnly; SameSite=Lax"), std::string::npos);
  EXPECT_EQ(distrusted.find("Secure"), std::string::npos);
  request.by_proxy = true;
  EXPECT_NE(identity.cookie(request).find("; Secure"), std::string::npos);
}

TEST(Identity, KnowsAnotherSitesRequests) {
  const Identity identity("");
  const auto foreign = [&](std::vector<std::pair<std::string, std::string>> headers) {
    headers.emplace_back("host", "here:8080");
    return identity.is_foreign(with(std::move(headers)));
  };
  EXPECT_FALSE(foreign({}));
  EXPECT_FALSE(foreign({{"sec-fetch-site", "same-origin"}}));
  EXPECT_FALSE(foreign({{"sec-fetch-site", "none"}}));
  EXPECT_FALSE(foreign({{"origin", "http://HERE:8080"}}));
  EXPECT_FALSE(foreign({{"sec-fetch-site", "cross-site"}, {"authorization", "Bearer x"}}));
  EXPECT_TRUE(foreign({{"sec-fetch-site", "cross-site"}}));
  EXPECT_TRUE(foreign({{"sec-fetch-site", "same-site"}}));
  EXPECT_TRUE(foreign({{"origin", "http://there"}}));
  EXPECT_TRUE(foreign({{"origin", "http://here:8081"}}));
  EXPECT_TRUE(foreign({{"origin", "null"}}));
}

TEST(Cookies, AreFoundByTheirWholeName) {
  EXPECT_EQ(cookie_value("xlonghand_owner=1; longhand_owner=2", "longhand_owner"), "2");
  EXPECT_EQ(cookie_value("longhand_owners=1", "longhand_owner"), "");
  EXPECT_EQ(cookie_value("", "longhand_owner"), "");
}

TEST(LoopbackHost, IsThisMachineOnly) {
  for (const char* host : {"localhost", "LocalHost:8080", "127.0.0.1:80", "127.1.2.3", "[::1]",
                           "[::1]:8080", "a.localhost:1"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const char* host : {"", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example",
                           "localhost:", "localhost:x", "[::2]", ".localhost", "10.0.0.1"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

}  // namespace
}  // namespace longhand::server
