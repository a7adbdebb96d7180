#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "ink/strokes.h"
#include "recognizer/reading.h"

namespace longhand::records {

// The SHA-256 of an owner's token: the token itself is never stored.
using OwnerHash = std::array<std::uint8_t, 32>;

// A picture as it was given, byte for byte.
struct Picture {
  std::string media_type;  // "image/png"
  std::vector<std::byte> bytes;
};

// What a list shows: small. Its reading's glyphs carry no pixels.
struct Summary {
  Uuid id;                      // version 7, made by the writer
  std::int64_t created_us = 0;  // microseconds since 1970, UTC
  OwnerHash owner{};
  std::string name;  // the file's name or what the client called it; may be empty
  std::string mode = "glyph";
  recognizer::Reading reading;
  std::optional<std::string> label;  // the owner's correction, where there is one
};

// The truth that a reading was made from, and what the network saw of it.
struct Content {
  std::optional<Picture> picture;  // one of picture and strokes is there
  std::optional<ink::Strokes> strokes;
  std::string normalization;           // "ink-1"
  std::vector<ink::GreyImage> glyphs;  // normalised, in the order of reading.glyphs
};

struct Record {
  Summary summary;
  Content content;
};

}  // namespace longhand::records
