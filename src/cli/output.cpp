#include "cli/output.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "cli/command.h"

namespace longhand::cli {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";

std::string& called() {
  static std::string command = "longhand";
  return command;
}

// The length of the well-formed character at the text's start; 0 where there is none (RFC 3629).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const unsigned char second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool too_high = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_high ? 0 : length;
}

std::string cleaned(std::string_view text, bool drop_controls) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const auto first = static_cast<unsigned char>(text[0]);
    // C0, DEL, and C1, which is C2 80 to C2 9F: a terminal obeys them.
    const bool control =
        length == 1 ? first < 0x20 || first == 0x7F
                    : length == 2 && first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    if (length == 0 || (control && drop_controls))
      out += kReplacement;
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

void print(const std::string& line) {
  const bool written = std::fwrite(line.data(), 1, line.size(), stdout) == line.size() &&
                       std::fputc('\n', stdout) != EOF && std::fflush(stdout) == 0;
  if (written) return;
  std::perror("longhand: can't write to the standard output");
  std::_Exit(kFailure);
}

int failure(const Error& error) {
  warn(error.message);
  return kFailure;
}

void set_command(std::string command) {
  called() = std::move(command);
}

int usage_error(const std::string& message) {
  warn(message + " (" + called() + " --help says more)");
  return kUsage;
}

void warn(const std::string& message) {
  std::fprintf(stderr, "longhand: %s\n", printable(message).c_str());
}

std::string printable(std::string_view text) {
  return cleaned(text, true);
}
std::string valid_utf8(std::string_view text) {
  return cleaned(text, false);
}

double shortest(float number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  double value = 0;
  std::from_chars(text, end, value);
  return value;
}

std::string percent(double share, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f %%", decimals, 100 * share);
  return text;
}

std::string duration(double seconds) {
  if (seconds < 1e-3) return formatted("%.1f us", seconds * 1e6);
  if (seconds < 1) return formatted("%.2f ms", seconds * 1e3);
  return formatted("%.2f s", seconds);
}

std::size_t columns(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(character_length(text), 1);
    // East Asian characters, all of them from U+1100 but for the dashes and signs of U+2000 to
    // U+2E7F; near enough for a table.
    const auto first = static_cast<unsigned char>(text[0]);
    const bool wide = length == 4 || (length == 3 && (first >= 0xE3 || first == 0xE1));
    width += wide ? 2 : 1;
    text.remove_prefix(length);
  }
  return width;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t taken = columns(text);
  return taken < width ? text + std::string(width - taken, ' ') : text;
}

Table::Table(std::vector<std::string> head, std::vector<Align> align) : align_(std::move(align)) {
  align_.resize(head.size(), Align::kLeft);
  rows_.push_back(std::move(head));
}

void Table::add(std::vector<std::string> row) {
  rows_.push_back(std::move(row));
}

void Table::print() const {
  std::vector<std::size_t> widths(align_.size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      if (align_[i] == Align::kRight)
        line += std::string(widths[i] - columns(row[i]), ' ') + row[i];
      else
        line += i + 1 < row.size() ? padded(row[i], widths[i]) : row[i];
    }
    cli::print(line);
  }
}

}  // namespace longhand::cli
