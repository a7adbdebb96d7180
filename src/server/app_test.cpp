#include "server/app.h"

#include <gtest/gtest.h>

namespace longhand::server {
namespace {

std::string name_of(const Match& found) {
  return found.route == nullptr ? "" : std::string(found.route->pattern);
}

TEST(Routes, AreFoundByMethodAndPath) {
  EXPECT_EQ(name_of(match(Method::kGet, "/")), "/");
  EXPECT_EQ(name_of(match(Method::kHead, "/healthz")), "/healthz");
  EXPECT_EQ(name_of(match(Method::kGet, "/assets/a/b.js")), "/{rest...}");
  const Match found = match(Method::kPut, "/api/v1/recognitions/a%20b/label");
  EXPECT_EQ(name_of(found), "/api/v1/recognitions/{id}/label");
  EXPECT_EQ(found.captures, std::vector<std::string>{"a b"});
  EXPECT_EQ(routes()[found.number].pattern, found.route->pattern);
}

TEST(Routes, SayWhatAPathTakes) {
  const Match found = match(Method::kPut, "/api/v1/recognitions");
  EXPECT_EQ(found.route, nullptr);
  EXPECT_EQ(found.allow, "POST, GET, HEAD");
  EXPECT_EQ(match(Method::kPost, "/healthz").allow, "GET, HEAD");
  EXPECT_EQ(match(Method::kGet, "").route, nullptr);
  EXPECT_EQ(match(Method::kGet, "*").route, nullptr);
}

TEST(Routes, DoNotTakeEmptyOrLongerPaths) {
  EXPECT_EQ(name_of(match(Method::kDelete, "/api/v1/recognitions/")), "");
  EXPECT_EQ(name_of(match(Method::kDelete, "/api/v1/recognitions/a/b")), "");
}

TEST(MaxBody, LeavesRoomForBase64AndForms) {
  const ServeLimits limits;
  EXPECT_EQ(max_body(Body::kPicture, "image/png", limits), 16U << 20);
  EXPECT_GT(max_body(Body::kPicture, "application/json", limits), (16U << 20) / 3 * 4);
  EXPECT_GT(max_body(Body::kPicture, "multipart/form-data; boundary=x", limits), 17U << 20);
  EXPECT_EQ(max_body(Body::kNone, "", limits), 0U);
}

}  // namespace
}  // namespace longhand::server
