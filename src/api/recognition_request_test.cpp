#include "api/recognition_request.h"

#include <gtest/gtest.h>

#include <cmath>

namespace longhand::api {
namespace {

Error error_of(std::string_view text) {
  const auto request = parse_recognition_request(text);
  return request ? Error{ErrorCode::kCancelled, "no error"} : request.error();
}

TEST(RecognitionRequest, TakesStrokesAndOptions) {
  const auto request = parse_recognition_request(
      R"({"strokes":[[[1,2],[3.5,-4,10,0.5]],[],[[0,0,null,0.25]]],"alphabet":"digits",)"
      R"("model":"digits","mode":"glyph","name":"\u4e03"})");
  ASSERT_TRUE(request) << request.error().message;
  ASSERT_EQ(request->strokes->strokes.size(), 3U);
  const auto& first = request->strokes->strokes[0];
  EXPECT_EQ(first[0].x, 1);
  EXPECT_TRUE(std::isnan(first[0].t));
  EXPECT_EQ(first[1].y, -4);
  EXPECT_EQ(first[1].pressure, 0.5F);
  EXPECT_TRUE(request->strokes->strokes[1].empty());
  EXPECT_TRUE(std::isnan(request->strokes->strokes[2][0].t));
  EXPECT_EQ(request->strokes->strokes[2][0].pressure, 0.25F);
  EXPECT_EQ(request->alphabet, "digits");
  EXPECT_EQ(request->name, "\xe4\xb8\x83");
}

TEST(RecognitionRequest, TakesAPicture) {
  const auto request =
      parse_recognition_request(R"({"image":"data:image\/png;base64,Zm9v","model":null})");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->picture->media_type, "image/png");
  EXPECT_EQ(request->picture->bytes.size(), 3U);
  EXPECT_FALSE(request->strokes);
}

TEST(RecognitionRequest, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "no JSON"},
      {"{", "no JSON"},
      {"{} x", "no JSON"},
      {"{}", "must be a JSON object with image"},
      {"[]", "must be a JSON object with image"},
      {"7", "must be a JSON object with image"},
      {R"({"imge":"x"})", "unknown member \"imge\""},
      {R"({"image":"Zm9v","image":"Zm9v"})", "twice"},
      {R"({"image":"Zm9v","strokes":[]})", "not both"},
      {R"({"image":7})", "\"image\" must be a string"},
      {R"({"image":["Zm9v"]})", "\"image\" must be a string"},
      {R"({"image":{"a":1}})", "object"},
      {R"({"image":true})", "\"image\""},
      {R"({"image":"?"})", "base64"},
      {R"({"strokes":"x"})", "\"strokes\""},
      {R"({"strokes":7})", "JSON object"},
      {R"({"strokes":[7]})", "number"},
      {R"({"strokes":[[7]]})", "number"},
      {R"({"strokes":[[[7]]]})", "point 0 of stroke 0 needs at least x and y"},
      {R"({"strokes":[[[1,2],[1,2,3,4,5]]]})", "point 1 of stroke 0"},
      {R"({"strokes":[[[null,2]]]})", "null"},
      {R"({"strokes":[[[1,2],[1,2,3,1.5]]]})", "point 1 of stroke 0 has a pressure"},
      {R"({"strokes":[[[1,2,null,-0.1]]]})", "between 0 and 1"},
      {R"({"strokes":[[[1,2,1e400]]]})", "a time that is no finite number"},
      {R"({"strokes":[[[1,"2"]]]})", "string"},
      {R"({"strokes":[[[1,[2]]]]})", "array"},
      {R"({"strokes":[[{"x":1,"y":2}]]})", "object"},
      {R"({"strokes":[[[NaN,1]]]})", "no JSON"},
      {R"({"strokes":[[[1e400,1]]]})", ""},
      {R"({"strokes":[[[1e308,1]]]})", ""},
  };
  for (const auto& [text, part] : cases) {
    const Error error = error_of(text);
    EXPECT_NE(error.code, ErrorCode::kCancelled) << text;
    EXPECT_NE(error.message.find(part), std::string::npos) << text << ": " << error.message;
  }
}

TEST(RecognitionRequest, StopsAtTheLimits) {
  const ink::StrokeLimits limits{.max_strokes = 3, .max_points = 4};
  const auto parse = [&](std::string_view text) { return parse_strokes(text, limits); };
  EXPECT_TRUE(parse("[[[1,1]],[[1,1]],[[1,1],[1,1]]]"));
  // What follows the limit is not even read.
  const auto strokes = parse("[[],[],[],[], never read");
  ASSERT_FALSE(strokes);
  EXPECT_EQ(strokes.error().code, ErrorCode::kTooLarge) << strokes.error().message;
  const auto points = parse("[[[1,1],[1,1],[1,1],[1,1],[1,1], never read");
  ASSERT_FALSE(points);
  EXPECT_EQ(points.error().code, ErrorCode::kTooLarge) << points.error().message;
}

TEST(RecognitionRequest, LimitsDepth) {
  EXPECT_NE(error_of(std::string(100'000, '[')).code, ErrorCode::kCancelled);
  EXPECT_NE(error_of("{\"strokes\":" + std::string(100'000, '[')).code, ErrorCode::kCancelled);
}

TEST(Strokes, StandAlone) {
  const auto strokes = parse_strokes("[[[1,2],[3,4]]]");
  ASSERT_TRUE(strokes) << strokes.error().message;
  EXPECT_EQ(strokes->strokes[0][1].y, 4);
  EXPECT_FALSE(parse_strokes("{}"));
  EXPECT_FALSE(parse_strokes("7"));
  EXPECT_FALSE(parse_strokes("null"));
  EXPECT_FALSE(parse_strokes("\"x\""));
}

}  // namespace
}  // namespace longhand::api
