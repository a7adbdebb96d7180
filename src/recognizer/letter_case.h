#pragma once

#include <span>
#include <string>
#include <vector>

namespace longhand::recognizer {

// Weighs what glyphs of one line may be by how high each is beside the others: o from O, s from S, in
// any line that has letters of both sizes. How high the line's capitals are is not known, so every
// height is considered, each as likely as the glyphs make it; a line whose glyphs are all as high as
// each other says nothing, and leaves its characters as the network has them.
//
// `heights` are the glyphs' in any unit, greater than 0; characters[i] is the distribution over
// `alphabet` of glyph i, whose sum stays as it is.
void weigh_by_height(std::span<const float> heights, const std::vector<std::string>& alphabet,
                     std::vector<std::vector<float>>& characters);

// Whether the alphabet has letters that differ by their height alone.
bool has_both_cases(const std::vector<std::string>& alphabet);

}  // namespace longhand::recognizer
