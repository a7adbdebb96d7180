#pragma once

// The stores that must behave alike, for the suites that hold all of them against one contract. Not
// for the library.

#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <string>
#include <vector>

#include "records/testing.h"

namespace longhand::records::testing {

// A kind of store under test. SQLite always; Cassandra where LONGHAND_TEST_CASSANDRA names a node,
// which `script/cassandra up` starts.
struct Backend {
  std::string name;  // of the tests
  std::string node;  // of Cassandra; empty for SQLite

  bool is_cassandra() const { return !node.empty(); }
};

inline std::ostream& operator<<(std::ostream& out, const Backend& backend) {
  return out << backend.name;
}

inline std::vector<Backend> backends() {
  std::vector<Backend> all{{"Sqlite", ""}};
  const char* const node = std::getenv("LONGHAND_TEST_CASSANDRA");
  if (node != nullptr && *node != '\0') all.push_back({"Cassandra", node});
  return all;
}

inline std::string name_of(const ::testing::TestParamInfo<Backend>& info) {
  return info.param.name;
}

// Opens a store of the backend. In Cassandra a keyspace stands for a file: making one takes a
// while, so that tests may share it.
class BackendTest : public ::testing::TestWithParam<Backend> {
 protected:
  std::string url(const std::string& keyspace) const {
    if (!GetParam().is_cassandra()) return "sqlite:" + folder_.file("store.db");
    return "cassandra://" + GetParam().node + "/" + keyspace + "?deadline=20s&connecting=60s";
  }
  static std::string unique_keyspace() {
    std::string name = "test_" + make_uuid7().to_string();
    for (char& c : name) c = c == '-' ? '_' : c;
    return name;
  }

  TemporaryFolder folder_;
};

}  // namespace longhand::records::testing
