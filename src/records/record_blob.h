#pragma once

#include <span>

#include "base/result.h"
#include "records/blob.h"
#include "records/record.h"

namespace longhand::records {

// A whole record as one blob, for the spool; docs/formats.md describes the bytes. The rules of
// blob.h hold: decoding takes nothing on trust. The record must be one that encode() takes.
Blob encode_record(const Record& record);
Result<Record> decode_record(std::span<const std::byte> blob);

}  // namespace longhand::records
