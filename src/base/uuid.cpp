#include "base/uuid.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <system_error>

namespace longhand {
namespace {

constexpr std::int64_t kSecond = 1'000'000;  // in microseconds
constexpr std::int64_t kDay = 86'400 * kSecond;

// What RFC 3339 can write: 0000-01-01T00:00:00Z up to the last microsecond of 9999.
constexpr std::int64_t kFirst = -719'528 * kDay;
constexpr std::int64_t kLast = 2'932'897 * kDay - 1;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool hyphen_at(std::size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

// Milliseconds and counter of the last id; see make_uuid7().
struct Sequence {
  std::int64_t ms = 0;
  unsigned counter = 0;  // 12 bits
};

Sequence next_in_sequence(std::int64_t now_ms, std::uint8_t random_high, std::uint8_t random_low) {
  static std::mutex mutex;
  static Sequence last;
  const std::lock_guard lock(mutex);
  if (now_ms > last.ms) {
    // A random start with the top bit clear leaves room for 2048 more in this millisecond.
    last = {now_ms, (random_high & 0x07U) << 8 | random_low};
  } else if (++last.counter > 0xfff) {
    last = {last.ms + 1, 0};  // ahead of the clock, which catches up
  }
  return last;
}

// `text` read from the front, piece by piece. Each step says whether it could be taken.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool number(std::size_t digits, int lowest, int highest, int& out) {
    if (text_.size() < digits || !std::all_of(text_.begin(), text_.begin() + digits, is_digit)) {
      return false;
    }
    out = 0;
    for (std::size_t i = 0; i < digits; ++i) out = out * 10 + (text_[i] - '0');
    text_.remove_prefix(digits);
    return out >= lowest && out <= highest;
  }
  bool one_of(std::string_view characters) {
    if (text_.empty() || characters.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  // The digits of a fraction of a second, in microseconds; further ones are dropped.
  bool fraction(std::int64_t& micros) {
    if (text_.empty() || !is_digit(text_.front())) return false;
    for (std::int64_t unit = kSecond / 10; !text_.empty() && is_digit(text_.front()); unit /= 10) {
      micros += unit * (text_.front() - '0');
      text_.remove_prefix(1);
    }
    return true;
  }
  // "Z" or "+hh:mm".
  bool offset(int& minutes) {
    minutes = 0;
    if (one_of("Zz")) return true;
    const int sign = !text_.empty() && text_.front() == '-' ? -1 : 1;
    int hour = 0;
    int minute = 0;
    if (!one_of("+-") || !number(2, 0, 23, hour) || !one_of(":") || !number(2, 0, 59, minute)) {
      return false;
    }
    minutes = sign * (hour * 60 + minute);
    return true;
  }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::chrono::sys_days day_of(std::int64_t unix_us) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(unix_us)));
}

// Leap seconds come at the end of a month in UTC: `unix_us` is in the second after one.
bool follows_leap_second(std::int64_t unix_us) {
  const auto day = day_of(unix_us);
  const auto since_midnight = unix_us - day.time_since_epoch().count() * kDay;
  return since_midnight < kSecond && std::chrono::year_month_day(day).day() == std::chrono::day(1);
}

}  // namespace

std::string Uuid::to_string() const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (const auto byte : bytes) {
    if (hyphen_at(text.size())) text += '-';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::int64_t Uuid::unix_ms() const {
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | bytes[i];
  return ms;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (hyphen_at(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_value(text[i]);
    if (value < 0) return std::nullopt;
    auto& byte = id.bytes[nibble++ / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | value);
  }
  return id;
}

Uuid make_uuid7() {
  Uuid id;
  random_bytes(id.bytes.data() + 6, 10);
  const auto [ms, counter] = next_in_sequence(unix_micros() / 1000, id.bytes[6], id.bytes[7]);
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i) & 0xff);
  }
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | counter >> 8);
  id.bytes[7] = static_cast<std::uint8_t>(counter & 0xff);
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));
  return id;
}

void random_bytes(std::uint8_t* out, std::size_t count) {
  while (count > 0) {
    const ssize_t got = ::getrandom(out, count, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    out += got;
    count -= static_cast<std::size_t>(got);
  }
}

std::int64_t unix_micros() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string to_rfc3339(std::int64_t unix_us) {
  unix_us = std::clamp(unix_us, kFirst, kLast);
  const auto day = day_of(unix_us);
  const std::chrono::year_month_day date(day);
  const std::int64_t us = unix_us - day.time_since_epoch().count() * kDay;
  std::string text = "0000-00-00T00:00:00.000000Z";
  const auto put = [&text](std::size_t end, std::size_t digits, std::int64_t value) {
    for (; digits > 0; --digits, value /= 10) text[--end] = static_cast<char>('0' + value % 10);
  };
  put(4, 4, static_cast<int>(date.year()));
  put(7, 2, static_cast<unsigned>(date.month()));
  put(10, 2, static_cast<unsigned>(date.day()));
  put(13, 2, us / (3600 * kSecond));
  put(16, 2, us / (60 * kSecond) % 60);
  put(19, 2, us / kSecond % 60);
  put(26, 6, us % kSecond);
  return text;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  Reader in(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0;
  std::int64_t micros = 0;
  if (!in.number(4, 0, 9999, year) || !in.one_of("-") || !in.number(2, 1, 12, month) ||
      !in.one_of("-") || !in.number(2, 1, 31, day) || !in.one_of("Tt ") ||
      !in.number(2, 0, 23, hour) || !in.one_of(":") || !in.number(2, 0, 59, minute) ||
      !in.one_of(":") || !in.number(2, 0, 60, second) || (in.one_of(".") && !in.fraction(micros)) ||
      !in.offset(offset) || !in.at_end()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t seconds = (hour * 60 + minute - offset) * 60LL + second;
  const std::int64_t unix_us =
      std::chrono::sys_days(date).time_since_epoch().count() * kDay + seconds * kSecond + micros;
  if (second == 60 && !follows_leap_second(unix_us)) return std::nullopt;
  return unix_us;
}

}  // namespace longhand
