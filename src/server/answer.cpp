#include "server/answer.h"

#include <algorithm>
#include <ctime>

namespace longhand::server {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'";

constexpr std::string_view kAlways =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(self), microphone=(), geolocation=(), payment=(), usb=()\r\n";

// IMF-fixdate (RFC 9110, 5.6.7), made once a second on each thread.
const std::string& date() {
  thread_local std::time_t made_at = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    char buffer[40];
    text.assign(buffer, std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &utc));
    made_at = now;
  }
  return text;
}

// A line break in a value would be a header of somebody else's making.
void append_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
}

void append(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  append_value(out, value);
  out += "\r\n";
}

bool has(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return header.first == name; });
}

}  // namespace

std::string answer_head(const App& app, const Response& response, bool keep_alive) {
  std::string out;
  out.reserve(1'024);
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason(response.status)).append("\r\n");
  append(out, "Date", date());
  append(out, "Server", "longhand");
  append(out, "X-Longhand-Replica", app.replica);
  for (const auto& [name, value] : response.headers) append(out, name, value);
  out += kAlways;
  if (!has(response, "Content-Security-Policy")) append(out, "Content-Security-Policy", kPolicy);
  // What is somebody's own is in no cache unless a handler says otherwise.
  if (!has(response, "Cache-Control")) append(out, "Cache-Control", "no-store");
  const bool bodiless = response.status == 204 || response.status == 304 || response.events;
  if (!bodiless) append(out, "Content-Length", std::to_string(response.content().size()));
  append(out, "Connection", keep_alive ? "keep-alive" : "close");
  out += "\r\n";
  return out;
}

}  // namespace longhand::server
