#pragma once

#include <cstddef>
#include <optional>

#include "base/result.h"
#include "records/blob.h"
#include "records/record.h"

namespace longhand::records {

inline constexpr std::int64_t kLastTime = 253'402'300'799'999'999;  // the end of the year 9999

// A record as it goes into a store's rows.
struct EncodedRecord {
  Record record;
  Blob glyphs;
  Blob images;
  std::optional<Blob> strokes;

  std::size_t bytes() const;
};

// kInvalidArgument or kInvalidStrokes for a record that couldn't be read back: a number that is
// not finite, a picture of a glyph without all its pixels, a time outside of RFC 3339's years.
Result<EncodedRecord> encode(Record record);

}  // namespace longhand::records
