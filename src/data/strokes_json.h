#pragma once

#include <boost/json/fwd.hpp>

#include "base/result.h"
#include "ink/strokes.h"

namespace longhand::data {

// Strokes of the wire: [[[x, y, t?, pressure?], ...], ...], where t and pressure may also be null.
// They have passed ink::check() with these limits. kInvalidStrokes, kTooLarge, with the place.
Result<ink::Strokes> strokes_from_json(const boost::json::value& value,
                                       const ink::StrokeLimits& limits = {});

}  // namespace longhand::data
