#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "data/dataset.h"

namespace longhand::data {

// The parsers behind read_idx_*(), on bytes that are unpacked already; `name` opens every message.
// kCorruptData for what is no IDX, is of another type or shape, is cut short or too long.
Result<IdxImages> parse_idx_images(std::span<const std::uint8_t> bytes, const std::string& name);
Result<IdxLabels> parse_idx_labels(std::span<const std::uint8_t> bytes, const std::string& name);
Result<std::vector<std::int32_t>> parse_idx_integers(std::span<const std::uint8_t> bytes,
                                                     const std::string& name);

}  // namespace longhand::data
