#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"
#include "ink/image.h"
#include "ink/strokes.h"
#include "recognizer/reading.h"

namespace longhand::records {

// What a store keeps as a blob beside its columns; docs/store.md describes the bytes. Each blob
// begins with its version. Decoding takes nothing on trust: whatever the bytes, it gives a value or
// kCorruptStore, and allocates no more than a small multiple of their number.
using Blob = std::vector<std::byte>;

// Exact: every bit of every float comes back, NaNs' too.
Blob encode_strokes(const ink::Strokes& strokes);
// Also refuses strokes that ink::check() does.
Result<ink::Strokes> decode_strokes(std::span<const std::byte> blob);

// Box, text, confidence and candidates of each glyph; not its pixels.
Blob encode_glyphs(const std::vector<recognizer::GlyphReading>& glyphs);
Result<std::vector<recognizer::GlyphReading>> decode_glyphs(std::span<const std::byte> blob);

Blob encode_images(const std::vector<ink::GreyImage>& images);
Result<std::vector<ink::GreyImage>> decode_images(std::span<const std::byte> blob);

}  // namespace longhand::records
