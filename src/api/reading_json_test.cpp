#include "api/reading_json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>

#include "api/json_text.h"

namespace longhand::api {
namespace {

recognizer::Reading seven() {
  recognizer::Reading reading;
  reading.alphabet = "digits";
  reading.text = "7";
  reading.confidence = 0.998F;
  reading.model = {"digits", "0123456789ab"};
  reading.ink_us = 12;
  reading.net_us = 200;
  recognizer::GlyphReading glyph;
  glyph.box = {0.1F, 2, 3.5F, 4};
  glyph.text = "7";
  glyph.confidence = 0.998F;
  glyph.candidates = {{"7", 0.998F}, {"1", 0.001F}};
  glyph.image = ink::GreyImage(2, 1, 255);
  reading.glyphs.push_back(glyph);
  return reading;
}

TEST(ReadingJson, IsTheContractsObject) {
  EXPECT_EQ(to_text(reading_json(seven())),
            R"({"alphabet":"digits","text":"7","confidence":0.998,"rejected":false,)"
            R"("glyphs":[{"box":[0.1,2,3.5,4],"text":"7","confidence":0.998,)"
            R"("candidates":[{"text":"7","confidence":0.998},{"text":"1","confidence":0.001}]}],)"
            R"("model":{"name":"digits","version":"0123456789ab"},"elapsed_us":212})");
}

TEST(ReadingJson, AnEmptyPictureHasNoGlyphs) {
  recognizer::Reading reading;
  reading.alphabet = "digits";
  reading.rejected = true;
  const auto object = reading_json(reading);
  EXPECT_EQ(object.at("text").as_string(), "");
  EXPECT_TRUE(object.at("rejected").as_bool());
  EXPECT_TRUE(object.at("glyphs").as_array().empty());
}

TEST(ReadingJson, GivesTheNormalizedGlyphWhenAsked) {
  const auto object = reading_json(seven(), {.normalized = true});
  const auto& glyph = object.at("glyphs").as_array().at(0).as_object();
  EXPECT_EQ(to_text(glyph.at("normalized")), R"({"width":2,"height":1,"data":"//8="})");
}

TEST(RecognitionJson, AddsWhatIsRecorded) {
  records::Summary summary;
  summary.id = *Uuid::parse("018f0000-0000-7000-8000-000000000001");
  summary.created_us = 1'000'001;
  summary.name = "a.png";
  summary.reading = seven();
  auto object = recognition_json(summary, records::Stored::kSpooled);
  EXPECT_EQ(object.at("id").as_string(), "018f0000-0000-7000-8000-000000000001");
  EXPECT_EQ(object.at("created_at").as_string(), "1970-01-01T00:00:01.000001Z");
  EXPECT_EQ(object.at("stored").as_string(), "spooled");
  EXPECT_TRUE(object.at("label").is_null());
  EXPECT_EQ(object.at("picture").as_string(),
            "/api/v1/recognitions/018f0000-0000-7000-8000-000000000001/picture");
  summary.label = "1";
  object = recognition_json(summary, records::Stored::kDurable);
  EXPECT_EQ(object.at("label").as_string(), "1");
  EXPECT_EQ(object.at("stored").as_string(), "durable");
}

TEST(ErrorJson, NamesCodeAndMessage) {
  EXPECT_EQ(to_text(error_json({ErrorCode::kUnsupportedImage, "no \"picture\""})),
            R"({"code":"unsupported_image","message":"no \"picture\""})");
}

TEST(JsonText, EscapesAndWritesNumbersPlainly) {
  boost::json::array array{"a\"\\\n\x01\x7f\xc3\xa9",
                           0.5,
                           -3,
                           std::uint64_t{18446744073709551615U},
                           nullptr,
                           true,
                           std::numeric_limits<double>::infinity()};
  EXPECT_EQ(to_text(boost::json::value(array)),
            "[\"a\\\"\\\\\\n\\u0001\\u007f\xc3\xa9\",0.5,-3,18446744073709551615,null,true,null]");
}

}  // namespace
}  // namespace longhand::api
