#include "records/cassandra/url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <utility>

namespace longhand::records::cassandra {
namespace {

constexpr std::size_t kLongestKeyspace = 48;  // Cassandra's limit
constexpr int kMostReplicas = 100;
constexpr std::int64_t kLongestSeconds = 20LL * 365 * 86'400;  // Cassandra's limit of a TTL

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(ErrorCode::kInvalidArgument,
              what + "; a cluster is named as in cassandra://10.0.0.1,10.0.0.2/longhand");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

// "90", "90s", "15m", "12h" or "30d".
std::optional<std::int64_t> parse_seconds(std::string_view text) {
  constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits{
      {{'s', 1}, {'m', 60}, {'h', 3'600}, {'d', 86'400}}};
  std::int64_t unit = 1;
  for (const auto& [letter, seconds] : kUnits) {
    if (text.empty() || text.back() != letter) continue;
    unit = seconds;
    text.remove_suffix(1);
    break;
  }
  const auto count = parse_number(text);
  if (!count || *count > kLongestSeconds / unit) return std::nullopt;
  return *count * unit;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    out +=
        escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

Result<std::string> read_password(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || line.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "password_file: the password belongs on the first line of " + file);
  }
  if (line.back() == '\r') line.pop_back();
  return line;
}

Result<void> set_replication(const std::string& value, Replication& replication) {
  std::string_view factor = value;
  if (const std::size_t colon = value.find(':'); colon != std::string::npos) {
    replication.strategy = value.substr(0, colon);
    factor.remove_prefix(colon + 1);
  }
  const auto number = parse_number(factor);
  const bool known =
      replication.strategy == "NetworkTopologyStrategy" || replication.strategy == "SimpleStrategy";
  if (!known || !number || *number < 1 || *number > kMostReplicas) {
    return fail(ErrorCode::kInvalidArgument,
                "replication=" + value +
                    ": wanted is a number of copies, as in replication=3, or "
                    "replication=SimpleStrategy:2");
  }
  replication.factor = static_cast<int>(*number);
  return {};
}

Result<void> set_consistency(const std::string& value, std::string& consistency) {
  constexpr std::array<std::string_view, 7> kLevels{"one",          "two",       "three", "quorum",
                                                    "local_quorum", "local_one", "all"};
  if (std::find(kLevels.begin(), kLevels.end(), value) == kLevels.end()) {
    return fail(ErrorCode::kInvalidArgument,
                "consistency=" + value +
                    ": there are one, two, three, quorum, all, local_one and local_quorum");
  }
  consistency = value;
  return {};
}

template <typename Duration>
Result<void> set_time(const std::string& name, const std::string& value, Duration& time) {
  const auto seconds = parse_seconds(value);
  if (!seconds || *seconds == 0) {
    return fail(ErrorCode::kInvalidArgument,
                name + "=" + value + ": wanted is a time, as in 5s, 15m, 12h or 30d");
  }
  time = std::chrono::seconds(*seconds);
  return {};
}

Result<void> set_switch(const std::string& name, const std::string& value, bool& on) {
  if (value != "0" && value != "1") {
    return fail(ErrorCode::kInvalidArgument, name + "=" + value + ": wanted is 0 or 1");
  }
  on = value == "1";
  return {};
}

Result<void> set_spool_limit(const std::string& value, std::uint64_t& bytes) {
  constexpr std::int64_t kMostMb = 1'000'000;
  const auto mb = parse_number(value);
  if (!mb || *mb < 1 || *mb > kMostMb) {
    return fail(ErrorCode::kInvalidArgument,
                "spool_mb=" + value + ": wanted is a number of megabytes from 1 to 1000000");
  }
  bytes = static_cast<std::uint64_t>(*mb) << 20;
  return {};
}

Result<void> set_option(const std::string& name, const std::string& value, ClusterUrl& url) {
  if (name == "dc") return url.datacenter = value, Result<void>();
  if (name == "user") return url.user = value, Result<void>();
  if (name == "ca") return url.ca_file = value, Result<void>();
  if (name == "cert") return url.certificate_file = value, Result<void>();
  if (name == "key") return url.key_file = value, Result<void>();
  if (name == "spool") return url.spool = value, Result<void>();
  if (name == "spool_mb") return set_spool_limit(value, url.spool_bytes);
  if (name == "tls") return set_switch(name, value, url.tls);
  if (name == "consistency") return set_consistency(value, url.consistency);
  if (name == "replication") return set_replication(value, url.replication);
  if (name == "ttl") return set_time(name, value, url.retention);
  if (name == "deadline") return set_time(name, value, url.deadline);
  if (name == "connecting") return set_time(name, value, url.connecting);
  if (name == "password_file") {
    auto password = read_password(value);
    if (!password) return tl::unexpected(password.error());
    url.password = std::move(*password);
    return {};
  }
  return fail(ErrorCode::kInvalidArgument,
              "a cluster's URL has no option \"" + name +
                  "\"; there are consistency, dc, replication, user, password_file, tls, ca, cert, "
                  "key, ttl, deadline, connecting, spool and spool_mb");
}

Result<void> set_options(std::string_view query, ClusterUrl& url) {
  for (const std::string_view option : split(query, '&')) {
    if (option.empty()) continue;
    const std::size_t equals = std::min(option.find('='), option.size());
    const auto value = option.substr(std::min(equals + 1, option.size()));
    auto set = set_option(std::string(option.substr(0, equals)), decode_percent(value), url);
    if (!set) return set;
  }
  return {};
}

bool is_host(std::string_view host) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
  return !host.empty() && host.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool is_keyspace(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return !name.empty() && name.size() <= kLongestKeyspace && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

Result<void> check_together(const ClusterUrl& url) {
  if (!url.tls && !(url.ca_file + url.certificate_file + url.key_file).empty()) {
    return fail(ErrorCode::kInvalidArgument, "ca, cert and key go with tls=1");
  }
  if (url.certificate_file.empty() != url.key_file.empty()) {
    return fail(ErrorCode::kInvalidArgument, "cert and key go together");
  }
  if (url.user.empty() != url.password.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "user and password go together: the password comes from password_file=FILE or "
                "from LONGHAND_CASSANDRA_PASSWORD");
  }
  return {};
}

}  // namespace

Result<ClusterUrl> parse_url(std::string_view text, const Environment& environment) {
  ClusterUrl url;
  url.user = environment("LONGHAND_CASSANDRA_USER");
  url.password = environment("LONGHAND_CASSANDRA_PASSWORD");
  if (!text.starts_with(kScheme)) return wrong("a cluster's URL begins with cassandra://");
  text.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(text.find('/'), text.size());
  if (text.substr(0, slash).find('@') != std::string_view::npos) {
    return fail(ErrorCode::kInvalidArgument,
                "a password doesn't belong into a URL, which others see: name the user by "
                "user=NAME and a file by password_file=FILE");
  }
  for (const std::string_view host : split(text.substr(0, slash), ',')) {
    if (!is_host(host)) return wrong("\"" + std::string(host).append("\" is no host"));
    url.hosts.emplace_back(host);
  }
  const std::string_view rest = text.substr(std::min(slash + 1, text.size()));
  const std::size_t question = std::min(rest.find('?'), rest.size());
  url.keyspace = rest.substr(0, question);
  if (!is_keyspace(url.keyspace)) {
    return wrong("\"" + url.keyspace +
                 "\" is no keyspace: a name has small letters, digits and _, begins with a letter "
                 "and is no longer than 48");
  }
  auto set = set_options(rest.substr(std::min(question + 1, rest.size())), url);
  if (set) set = check_together(url);
  if (!set) return tl::unexpected(set.error());
  return url;
}

}  // namespace longhand::records::cassandra
