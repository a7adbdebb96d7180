#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace longhand::recognizer {

// Characters that one shape may be: O, o and 0; a letter and its capital where they differ in size
// alone; 1, l and I. A network that is sure of the shape is unsure which of them it is, so where
// the question is whether ink is a glyph at all, they count together.
class Lookalikes {
 public:
  // Of the alphabet's characters; those that look like no other of it are alone.
  explicit Lookalikes(const std::vector<std::string>& alphabet);

  // The largest share that characters of one shape have together. REQUIRES: as many characters as
  // the alphabet has, at least one.
  double top(std::span<const float> characters) const;

 private:
  std::vector<std::size_t> shape_of_;  // by character
  std::size_t shapes_ = 0;
};

}  // namespace longhand::recognizer
