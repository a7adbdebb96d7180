#include "base/result.h"

namespace longhand {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "invalid_argument";
    case ErrorCode::kInvalidStrokes: return "invalid_strokes";
    case ErrorCode::kUnsupportedImage: return "unsupported_image";
    case ErrorCode::kCorruptImage: return "corrupt_image";
    case ErrorCode::kTooLarge: return "too_large";
    case ErrorCode::kBusy: return "busy";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kConflict: return "conflict";
    case ErrorCode::kUnauthorized: return "unauthorized";
    case ErrorCode::kUnsupportedModel: return "unsupported_model";
    case ErrorCode::kCorruptModel: return "corrupt_model";
    case ErrorCode::kCorruptData: return "corrupt_data";
    case ErrorCode::kCorruptStore: return "corrupt_store";
    case ErrorCode::kDiskFull: return "disk_full";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kCancelled: return "cancelled";
  }
  return "unknown";
}

}  // namespace longhand
