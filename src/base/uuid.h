#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace longhand {

// A UUID. Ids are of version 7 (RFC 9562): 48 bits of milliseconds since 1970, then a counter and
// random bits, so that ids made later sort later, also as text, and no two writers collide.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;

  // Lower case with hyphens, 36 characters.
  std::string to_string() const;
  // The milliseconds since 1970 that a version 7 id carries.
  std::int64_t unix_ms() const;
  // Takes the 36-character form only, in either case; nullopt for anything else.
  static std::optional<Uuid> parse(std::string_view text);
};

// A new id of version 7. Within one process each is greater than the one before, also when the
// clock stands still or steps back. Thread-safe.
Uuid make_uuid7();

// Bytes from the system's generator; throws std::system_error if it has none (no such system known).
void random_bytes(std::uint8_t* out, std::size_t count);

// Microseconds since 1970, UTC.
std::int64_t unix_micros();
// RFC 3339 in UTC with microseconds: 2026-11-23T20:46:00.000001Z.
std::string to_rfc3339(std::int64_t unix_us);
// Takes what RFC 3339 allows, any offset, fraction to microseconds; nullopt for anything else.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace longhand
