#pragma once

#include <stop_token>
#include <string>

#include "base/result.h"
#include "records/store.h"

namespace longhand::records::cassandra {

// All three stores in one keyspace; see open_stores(). The connection stays until the last of the
// three pointers is gone, which must not happen inside a Done.
Result<Stores> open_cassandra_stores(const std::string& url, OutOfReach out_of_reach,
                                     std::stop_token stop);

}  // namespace longhand::records::cassandra
