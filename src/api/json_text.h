#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace longhand::api {

// JSON text on one line. Unlike boost::json::serialize it writes numbers as people do (0.998, not
// 9.98E-1), shortest form that reads back the same; what is no finite number becomes null.
std::string to_text(const boost::json::value& value);
std::string to_text(const boost::json::object& object);

// The double with the float's shortest decimal: 0.1 for 0.1F, where the float itself is
// 0.100000001490116.
double shortest(float number);

}  // namespace longhand::api
