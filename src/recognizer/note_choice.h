#pragma once

#include "ink/image.h"
#include "recognizer/reader.h"

namespace longhand::recognizer {

// Whether a picture was read so doubtfully, glyph by glyph, that a sheet in it
// (ink/note.h) is worth a look by itself.
bool is_doubtful(const Writing& whole);

// Whether what the sheet alone says counts rather than the whole picture: where it is surer, and
// what else was read is not clearly written like what is on the sheet, and as high.
bool is_rather_note(const Writing& whole, const Writing& alone, const ink::Box& sheet);

}  // namespace longhand::recognizer
