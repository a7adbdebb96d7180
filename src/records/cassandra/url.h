#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace longhand::records::cassandra {

inline constexpr std::string_view kScheme = "cassandra://";

// How the keyspace is made where it is missing. What is there already stays.
struct Replication {
  std::string strategy = "NetworkTopologyStrategy";  // or SimpleStrategy
  std::optional<int> factor;  // nullopt: the lesser of 3 and the data centre's nodes
};

// cassandra://HOST[:PORT][,HOST[:PORT]...]/KEYSPACE[?OPTION=VALUE[&...]]; docs/store.md lists the
// options.
struct ClusterUrl {
  std::vector<std::string> hosts;
  std::string keyspace;
  std::string datacenter;
  std::string consistency = "local_quorum";
  Replication replication;
  std::string user, password;
  bool tls = false;
  std::string ca_file, certificate_file, key_file;
  std::chrono::seconds retention{0};  // 0: for ever
  std::chrono::milliseconds deadline{5'000};
  std::chrono::milliseconds connecting{30'000};
  std::string spool;  // folder; empty: none
  std::uint64_t spool_bytes = std::uint64_t{1} << 30;
};

// Reads an environment variable; empty where there is none.
using Environment = std::function<std::string(const char* name)>;

// kInvalidArgument says what is wrong and what would be right. User and password come from the
// options `user` and `password_file`, else from LONGHAND_CASSANDRA_USER and
// LONGHAND_CASSANDRA_PASSWORD: never from the URL itself, which every user of the machine sees.
Result<ClusterUrl> parse_url(std::string_view url, const Environment& environment);

}  // namespace longhand::records::cassandra
