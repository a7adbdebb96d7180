#include "data/strokes_json.h"

#include <boost/json/value.hpp>
#include <cmath>
#include <limits>
#include <optional>

namespace longhand::data {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Numbers that a float can't hold become infinite, which check() refuses with its place.
std::optional<float> number(const boost::json::value& value) {
  if (!value.is_number()) return std::nullopt;
  const double wide = value.to_number<double>();
  if (std::abs(wide) > static_cast<double>(std::numeric_limits<float>::max()))
    return wide > 0 ? kInfinity : -kInfinity;
  return static_cast<float>(wide);
}

std::optional<float> number_or_null(const boost::json::array& point, std::size_t i) {
  if (i >= point.size() || point[i].is_null()) return kNone;
  return number(point[i]);
}

std::optional<ink::Point> point_from_json(const boost::json::value& value) {
  const auto* const point = value.if_array();
  if (point == nullptr || point->size() < 2 || point->size() > 4) return std::nullopt;
  const auto x = number((*point)[0]);
  const auto y = number((*point)[1]);
  const auto t = number_or_null(*point, 2);
  const auto pressure = number_or_null(*point, 3);
  if (!x || !y || !t || !pressure) return std::nullopt;
  return ink::Point{*x, *y, *t, *pressure};
}

}  // namespace

Result<ink::Strokes> strokes_from_json(const boost::json::value& value,
                                       const ink::StrokeLimits& limits) {
  const auto* const list = value.if_array();
  if (list == nullptr)
    return fail(ErrorCode::kInvalidStrokes,
                "strokes must be a list of strokes, each a list of points [x, y]");
  if (list->size() > limits.max_strokes)
    return fail(ErrorCode::kTooLarge, std::to_string(list->size()) + " strokes, at most " +
                                          std::to_string(limits.max_strokes) + " are taken");
  ink::Strokes strokes;
  strokes.strokes.reserve(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* const points = (*list)[i].if_array();
    if (points == nullptr)
      return fail(ErrorCode::kInvalidStrokes,
                  "stroke " + std::to_string(i) + " must be a list of points [x, y]");
    ink::Stroke& stroke = strokes.strokes.emplace_back();
    stroke.reserve(points->size());
    for (std::size_t j = 0; j < points->size(); ++j) {
      const auto point = point_from_json((*points)[j]);
      if (!point)
        return fail(ErrorCode::kInvalidStrokes,
                    "stroke " + std::to_string(i) + ", point " + std::to_string(j) +
                        " must be [x, y], [x, y, t] or [x, y, t, pressure], all of them numbers");
      stroke.push_back(*point);
    }
  }
  if (auto checked = ink::check(strokes, limits); !checked) return tl::unexpected(checked.error());
  return strokes;
}

}  // namespace longhand::data
