// Data URLs and base64; what was decoded is encoded and decoded again.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/base64.h"
#include "api/data_url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto picture = longhand::api::parse_picture_text(text);
  if (!picture) {
    if (picture.error().message.empty()) std::abort();
    return 0;
  }
  const auto again = longhand::api::decode_base64(longhand::api::encode_base64(picture->bytes));
  if (!again || *again != picture->bytes) std::abort();
  return 0;
}
