#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"

namespace longhand::records::cassandra {

// The values of a statement's markers, in their order, as the bytes of CQL's native protocol
// (version 4, section 6): for each a length of four bytes, big-endian, -1 for null, and the value.
class Values {
 public:
  Values& integer(std::int32_t value);  // int
  Values& bigint(std::int64_t value);   // bigint
  Values& real(float value);            // float
  Values& boolean(bool value);
  Values& text(std::string_view value);  // text; UTF-8, or the cluster refuses it
  Values& blob(std::span<const std::byte> value);
  Values& blob(std::span<const std::uint8_t> value);
  Values& uuid(const Uuid& value);
  Values& null();

  std::span<const std::uint8_t> bytes() const { return bytes_; }

 private:
  void number(std::uint64_t value, std::size_t size);
  void length(std::size_t size);

  std::vector<std::uint8_t> bytes_;
};

// What a SELECT gave, in the same form. Nothing is taken on trust: a column that is null, of
// another size than its type, or not there reads as 0 or empty, and well_typed() tells.
class Rows {
 public:
  Rows() = default;
  Rows(std::size_t columns, std::vector<std::uint8_t> bytes);

  // To the next row; false after the last.
  bool next();

  bool null(std::size_t column) const;
  std::int32_t integer(std::size_t column);
  std::int64_t bigint(std::size_t column);
  float real(std::size_t column);
  bool boolean(std::size_t column);
  std::string text(std::size_t column);
  std::optional<std::string> optional_text(std::size_t column);
  std::span<const std::byte> blob(std::size_t column);  // lasts as long as the rows
  Uuid uuid(std::size_t column);

  bool well_typed() const { return well_typed_; }

 private:
  using Cell = std::optional<std::span<const std::uint8_t>>;

  std::uint64_t number(std::size_t column, std::size_t size);
  bool read(Cell& cell);

  std::size_t columns_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
  std::vector<Cell> row_;
  bool well_typed_ = true;
};

}  // namespace longhand::records::cassandra
