// In a build without Rust: the stores of Cassandra are not there, and say how to get them.

#include "records/cassandra/open.h"

namespace longhand::records::cassandra {

Result<Stores> open_cassandra_stores(const std::string&, OutOfReach, std::stop_token) {
  return fail(ErrorCode::kInvalidArgument,
              "this longhand was built without Cassandra; script/build makes one with it, or "
              "-DLONGHAND_CASSANDRA=ON where cargo and rustc 1.88 or later are installed");
}

}  // namespace longhand::records::cassandra
