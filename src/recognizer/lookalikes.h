#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace longhand::recognizer {

// Whether one shape may be either, whatever the alphabet.
bool look_alike(std::string_view one, std::string_view other);

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

  // Shares within one shape become their powers 1 / temperature; what the shape has stays what it
  // was. Above 1 they are nearer to each other, but never so near that the likeliest of all
  // characters is no longer that: not to know which of O, o and 0 it is makes no other likelier.
  // REQUIRES: as top(); temperature > 0.
  void temper(float temperature, std::span<float> characters) const;

 private:
  void keep_first(std::span<const float> before, std::span<float> after) const;

  std::vector<std::size_t> shape_of_;  // by character
  std::size_t shapes_ = 0;
};

}  // namespace longhand::recognizer
