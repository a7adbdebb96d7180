// IDX files and the gzip around them: whatever the bytes, an answer, and one that is consistent.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "data/idx.h"

namespace data = longhand::data;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void parse_all(std::span<const std::uint8_t> bytes) {
  if (const auto images = data::parse_idx_images(bytes, "f")) {
    check(images->count >= 0 && images->width > 0 && images->height > 0);
    check(images->pixels.size() == static_cast<std::size_t>(images->count) *
                                       static_cast<std::size_t>(images->width) *
                                       static_cast<std::size_t>(images->height));
    auto turned = *images;
    data::transpose(turned);
    data::transpose(turned);
    check(turned.pixels == images->pixels);
  }
  if (const auto labels = data::parse_idx_labels(bytes, "f")) {
    data::IdxOptions options;
    options.alphabet = {"0", "1", "2"};
    const auto texts = data::label_texts(*labels, options);
    check(texts && texts->size() == labels->values.size());
  }
  if (const auto integers = data::parse_idx_integers(bytes, "f"))
    check(integers->size() <= bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::span input(bytes, size);
  parse_all(input);
  constexpr std::size_t kLimit = 1 << 16;
  if (const auto unpacked = data::gunzip(input, "f", kLimit)) {
    check(unpacked->size() <= kLimit);
    parse_all(*unpacked);
  }
  return 0;
}
