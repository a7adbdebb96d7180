#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "data/dataset.h"
#include "data/test_files.h"

namespace longhand::data {
namespace {

using ::testing::HasSubstr;

TEST(StrokeFile, ReadsPointsTimesAndPressures) {
  const auto set = parse_strokes(
      "{\"label\":\"7\",\"writer\":12,\"strokes\":[[[1,2.5],[3,4,10],[5,6,null,0.5]],[]]}\n\n"
      "{\"strokes\":[[[-1e3,0]]],\"label\":\"\u4E00\",\"note\":{\"a\":[1]}}\r\n",
      "f");
  ASSERT_TRUE(set.has_value()) << set.error().message;
  ASSERT_EQ(set->samples.size(), 2U);
  EXPECT_EQ(set->samples[0].label, "7");
  EXPECT_EQ(set->samples[0].writer, 12);
  EXPECT_EQ(set->samples[0].source, "line 1");
  const auto& strokes = std::get<ink::Strokes>(set->samples[0].input).strokes;
  ASSERT_EQ(strokes.size(), 2U);
  ASSERT_EQ(strokes[0].size(), 3U);
  EXPECT_EQ(strokes[0][0].y, 2.5F);
  EXPECT_TRUE(std::isnan(strokes[0][0].t));
  EXPECT_EQ(strokes[0][1].t, 10);
  EXPECT_TRUE(std::isnan(strokes[0][2].t));
  EXPECT_EQ(strokes[0][2].pressure, 0.5F);
  EXPECT_TRUE(strokes[1].empty());
  EXPECT_EQ(set->samples[1].label, "\u4E00");
  EXPECT_EQ(set->samples[1].writer, -1);
  EXPECT_EQ(set->samples[1].source, "line 3");
}

TEST(StrokeFile, SaysWhichLineIsWrongAndWhy) {
  const std::string good = "{\"label\":\"7\",\"strokes\":[]}\n";
  for (const auto& [line, what] : std::vector<std::pair<std::string, std::string>>{
           {"{\"label\":\"7\",\"strokes\":[[[1,2]]", "no JSON"},
           {"[]", "an object with"},
           {"{\"strokes\":[]}", "\"label\" is missing"},
           {"{\"label\":7,\"strokes\":[]}", "\"label\""},
           {"{\"label\":\"77\",\"strokes\":[]}", "one character"},
           {"{\"label\":\"\",\"strokes\":[]}", "one character"},
           {"{\"label\":\"7\"}", "\"strokes\" is missing"},
           {"{\"label\":\"7\",\"writer\":-1,\"strokes\":[]}", "\"writer\""},
           {"{\"label\":\"7\",\"writer\":\"x\",\"strokes\":[]}", "\"writer\""},
           {"{\"label\":\"7\",\"strokes\":{}}", "a list of strokes"},
           {"{\"label\":\"7\",\"strokes\":[[],7]}", "stroke 1 must be"},
           {"{\"label\":\"7\",\"strokes\":[[[1,2],[3]]]}", "stroke 0, point 1"},
           {"{\"label\":\"7\",\"strokes\":[[[1,\"2\"]]]}", "stroke 0, point 0"},
           {"{\"label\":\"7\",\"strokes\":[[[null,2]]]}", "stroke 0, point 0"},
           {"{\"label\":\"7\",\"strokes\":[[[1,2,3,4,5]]]}", "stroke 0, point 0"},
           {"{\"label\":\"7\",\"strokes\":[[[1e308,2]]]}", "line 2"},
           {"[[[[[[[[[[[[[[1]]]]]]]]]]]]]]", "no JSON"}}) {
    const auto set = parse_strokes(good + line + "\n", "f");
    ASSERT_FALSE(set.has_value()) << line;
    EXPECT_THAT(set.error().message, HasSubstr("f, line 2: "));
    EXPECT_THAT(set.error().message, HasSubstr(what));
  }
}

TEST(StrokeFile, RefusesTooManyStrokes) {
  std::string line = "{\"label\":\"7\",\"strokes\":[[]";
  for (int i = 0; i < 2000; ++i) line += ",[]";
  const auto set = parse_strokes(line + "]}", "f");
  ASSERT_FALSE(set.has_value());
  EXPECT_EQ(set.error().code, ErrorCode::kTooLarge);
}

TEST(StrokeFile, ReadsFiles) {
  const testing::Folder folder;
  const auto file = folder.write("s.ndjson", std::string("{\"label\":\"a\",\"strokes\":[]}"));
  EXPECT_EQ(read_strokes(file)->samples.size(), 1U);
  EXPECT_EQ(read_strokes(folder.path() / "none").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace longhand::data
