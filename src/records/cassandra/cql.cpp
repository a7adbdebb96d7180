#include "records/cassandra/cql.h"

#include <algorithm>
#include <bit>

namespace longhand::records::cassandra {
namespace {

constexpr std::size_t kLength = 4;
constexpr std::uint64_t kNull = 0xffff'ffff;  // -1

}  // namespace

void Values::number(std::uint64_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

void Values::length(std::size_t size) {
  number(size, kLength);
}

Values& Values::integer(std::int32_t value) {
  length(4);
  number(static_cast<std::uint32_t>(value), 4);
  return *this;
}

Values& Values::bigint(std::int64_t value) {
  length(8);
  number(static_cast<std::uint64_t>(value), 8);
  return *this;
}

Values& Values::real(float value) {
  length(4);
  number(std::bit_cast<std::uint32_t>(value), 4);
  return *this;
}

Values& Values::boolean(bool value) {
  length(1);
  number(value ? 1 : 0, 1);
  return *this;
}

Values& Values::text(std::string_view value) {
  length(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  return *this;
}

Values& Values::blob(std::span<const std::byte> value) {
  return blob({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
}

Values& Values::blob(std::span<const std::uint8_t> value) {
  length(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  return *this;
}

Values& Values::uuid(const Uuid& value) {
  return blob(std::span<const std::uint8_t>(value.bytes));
}

Values& Values::null() {
  number(kNull, kLength);
  return *this;
}

Rows::Rows(std::size_t columns, std::vector<std::uint8_t> bytes)
    : columns_(columns), bytes_(std::move(bytes)) {}

bool Rows::read(Cell& cell) {
  cell.reset();
  if (bytes_.size() - at_ < kLength) return false;
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < kLength; ++i) size = size << 8 | bytes_[at_++];
  if (size > INT32_MAX) return true;  // negative: null
  if (size > bytes_.size() - at_) return false;
  cell.emplace(bytes_.data() + at_, static_cast<std::size_t>(size));
  at_ += static_cast<std::size_t>(size);
  return true;
}

bool Rows::next() {
  if (columns_ == 0 || at_ == bytes_.size()) return false;
  row_.assign(columns_, {});
  for (Cell& cell : row_) {
    if (read(cell)) continue;
    well_typed_ = false;
    at_ = bytes_.size();
    return false;
  }
  return true;
}

bool Rows::null(std::size_t column) const {
  return column >= row_.size() || !row_[column];
}

std::uint64_t Rows::number(std::size_t column, std::size_t size) {
  if (null(column) || row_[column]->size() != size) {
    well_typed_ = false;
    return 0;
  }
  std::uint64_t value = 0;
  for (const std::uint8_t byte : *row_[column]) value = value << 8 | byte;
  return value;
}

std::int32_t Rows::integer(std::size_t column) {
  return static_cast<std::int32_t>(number(column, 4));
}

std::int64_t Rows::bigint(std::size_t column) {
  return static_cast<std::int64_t>(number(column, 8));
}

float Rows::real(std::size_t column) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(number(column, 4)));
}

bool Rows::boolean(std::size_t column) {
  return number(column, 1) != 0;
}

std::span<const std::byte> Rows::blob(std::size_t column) {
  if (null(column)) {
    well_typed_ = false;
    return {};
  }
  return std::as_bytes(*row_[column]);
}

std::string Rows::text(std::size_t column) {
  const auto bytes = blob(column);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<std::string> Rows::optional_text(std::size_t column) {
  if (null(column)) return std::nullopt;
  return text(column);
}

Uuid Rows::uuid(std::size_t column) {
  Uuid id;
  if (null(column) || row_[column]->size() != id.bytes.size()) {
    well_typed_ = false;
  } else {
    std::copy(row_[column]->begin(), row_[column]->end(), id.bytes.begin());
  }
  return id;
}

}  // namespace longhand::records::cassandra
