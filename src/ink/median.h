#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace longhand::ink {

// The middle one of the values in their order, the upper of two. REQUIRES: some values.
template <typename T>
T median(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace longhand::ink
