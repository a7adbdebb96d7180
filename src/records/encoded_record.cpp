#include "records/encoded_record.h"

#include <cmath>

namespace longhand::records {
namespace {

constexpr int kMaxImageSide = 8192;

Result<void> check_summary(const Summary& summary) {
  if (summary.created_us < 0 || summary.created_us > kLastTime) {
    return fail(ErrorCode::kInvalidArgument, "a record's time must lie in the years 1970 to 9999");
  }
  bool finite = std::isfinite(summary.reading.confidence);
  for (const auto& glyph : summary.reading.glyphs) {
    for (const float number :
         {glyph.box.x, glyph.box.y, glyph.box.w, glyph.box.h, glyph.confidence}) {
      finite = finite && std::isfinite(number);
    }
    for (const auto& candidate : glyph.candidates) {
      finite = finite && std::isfinite(candidate.confidence);
    }
  }
  if (finite) return {};
  return fail(ErrorCode::kInvalidArgument, "a reading's boxes and confidences must be finite");
}

Result<void> check_content(const Content& content) {
  for (const auto& image : content.glyphs) {
    const bool sized = image.width >= 0 && image.width <= kMaxImageSide && image.height >= 0 &&
                       image.height <= kMaxImageSide;
    if (!sized || image.pixels.size() != static_cast<std::size_t>(image.width) *
                                             static_cast<std::size_t>(image.height)) {
      return fail(ErrorCode::kInvalidArgument, "a glyph's picture must have all its pixels");
    }
  }
  return content.strokes ? ink::check(*content.strokes) : Result<void>();
}

}  // namespace

std::size_t EncodedRecord::bytes() const {
  std::size_t sum = 1024 + glyphs.size() + images.size() + (strokes ? strokes->size() : 0);
  if (record.content.picture) sum += record.content.picture->bytes.size();
  return sum;
}

Result<EncodedRecord> encode(Record record) {
  if (auto sound = check_summary(record.summary); !sound) return tl::unexpected(sound.error());
  if (auto sound = check_content(record.content); !sound) return tl::unexpected(sound.error());
  EncodedRecord encoded;
  encoded.glyphs = encode_glyphs(record.summary.reading.glyphs);
  encoded.images = encode_images(record.content.glyphs);
  if (record.content.strokes) encoded.strokes = encode_strokes(*record.content.strokes);
  encoded.record = std::move(record);
  return encoded;
}

}  // namespace longhand::records
