#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ink/image.h"

namespace longhand::cli {

// One line to stdout, at once. Gives up the program with exit code 1 when stdout can't take it
// (a full disk), since what follows would be lost too.
void print(const std::string& line);

// What was called, "longhand records list": usage_error() says that its --help says more. "longhand"
// until said; before any other thread.
void set_command(std::string command);

// "longhand: MESSAGE" to stderr; gives kFailure and kUsage, to be returned from a Run.
int failure(const Error& error);
int usage_error(const std::string& message);
void warn(const std::string& message);

// Fit for a terminal: control characters and bytes that are no UTF-8 become U+FFFD.
std::string printable(std::string_view text);
// UTF-8 for JSON: bytes that are none become U+FFFD.
std::string valid_utf8(std::string_view text);

// The number that a float is written as with the fewest digits: 0.1 for 0.1F, for JSON.
double shortest(float number);
// "99.8 %"
std::string percent(double share, int decimals = 1);
// "12.3 ms", "451 us"
std::string duration(double seconds);

// Columns side by side, as wide as their widest cell; the last is not padded.
class Table {
 public:
  enum class Align { kLeft, kRight };

  explicit Table(std::vector<std::string> head, std::vector<Align> align = {});
  void add(std::vector<std::string> row);
  void print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<Align> align_;
};

// The text and spaces up to `width` columns of a terminal; a Chinese character takes two.
std::string padded(const std::string& text, std::size_t width);
std::size_t columns(std::string_view text);

}  // namespace longhand::cli
