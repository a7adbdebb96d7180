#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "records/encoded_record.h"
#include "records/record.h"
#include "records/sqlite.h"

namespace longhand::records {

// What a SELECT must ask for so that its rows are summaries, and where some of it stands.
inline constexpr char kSummaryColumns[] =
    "id, owner, created_us, name, mode, alphabet, text, confidence, rejected, model_name, "
    "model_version, ink_us, net_us, label, glyphs";
inline constexpr int kIdColumn = 0;
inline constexpr int kCreatedColumn = 2;
inline constexpr int kAlphabetColumn = 5;
inline constexpr int kLabelColumn = 13;

// The summary of a row of kSummaryColumns.
Result<Summary> read_summary(Connection& db, Statement& row);

// False when the blob has another size.
template <std::size_t kSize>
bool copy_exactly(std::span<const std::byte> blob, std::array<std::uint8_t, kSize>& out) {
  if (blob.size() != kSize) return false;
  std::transform(blob.begin(), blob.end(), out.begin(),
                 [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  return true;
}

}  // namespace longhand::records
