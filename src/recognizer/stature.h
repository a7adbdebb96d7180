#pragma once

#include <span>
#include <string>
#include <vector>

#include "ink/image.h"

namespace longhand::recognizer {

// Weighs what glyphs of one line may be by how high each is beside the others and how far it
// reaches below them: o from O, s from S, g from 9, p from P, in any line that has letters of
// several statures. How high the line's capitals are and where it stands is not known, so every
// height and foot is considered, each as likely as the glyphs make it; a line whose glyphs are all
// alike says nothing, and leaves its characters as the network has them.
//
// `boxes` are the glyphs', left to right, in any unit, higher than 0; characters[i] is the
// distribution over `alphabet` of glyph i, whose sum stays as it is.
void weigh_by_stature(std::span<const ink::Box> boxes, const std::vector<std::string>& alphabet,
                      std::vector<std::vector<float>>& characters);

// Whether the alphabet has letters that differ by their height alone.
bool has_both_cases(const std::vector<std::string>& alphabet);

}  // namespace longhand::recognizer
