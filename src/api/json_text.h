#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace longhand::api {

// JSON text on one line. Unlike boost::json::serialize it writes numbers as people do (0.998, not
// 9.98E-1), shortest form that reads back the same; what is no finite number becomes null.
std::string to_text(const boost::json::value& value);
std::string to_text(const boost::json::object& object);

}  // namespace longhand::api
