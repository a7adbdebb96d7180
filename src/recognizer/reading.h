#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ink/image.h"

namespace longhand::recognizer {

struct Candidate {
  std::string text;      // one character, UTF-8
  float confidence = 0;  // calibrated, 0..1
};

struct GlyphReading {
  ink::Box box;      // in the pixels or board units of what was given
  std::string text;  // the best candidate, also when it is rejected
  float confidence = 0;
  std::vector<Candidate> candidates;  // best first, at least one, at most ten
  ink::GreyImage image;               // as the network saw it, 28x28, ink 255 on 0
  int parts = 1;                      // ink::Glyph's
};

struct ModelRef {
  std::string name;
  std::string version;  // first 12 hex digits of the SHA-256 of the graph without metadata
  bool operator==(const ModelRef&) const = default;
};

// What was read. An empty picture gives rejected with no glyph; a glyph that nothing fits gives
// rejected with the glyph and its candidates, and an empty text.
struct Reading {
  std::string alphabet;
  std::string text;      // empty when rejected
  float confidence = 0;  // of the whole text; 0 when empty
  bool rejected = false;
  std::vector<GlyphReading> glyphs;
  ModelRef model;
  std::int64_t ink_us = 0;  // where the time went
  std::int64_t net_us = 0;
};

}  // namespace longhand::recognizer
