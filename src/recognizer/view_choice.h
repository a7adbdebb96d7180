#pragma once

#include "ink/image.h"
#include "recognizer/reader.h"

namespace longhand::recognizer {

// Whether a sheet in a picture that was read so (ink/note.h) is worth a look by itself: unless it
// is one glyph that is hardly anything else.
bool may_be_of_note(const Writing& whole);

// Whether what the sheet alone says counts rather than the whole picture: where that has nothing
// from the sheet's middle; or where it is less sure, glyph by glyph, and has nothing else (little,
// where it is doubtful) that is clearly written like what is on the sheet, and as high.
bool is_rather_note(const Writing& whole, const Writing& alone, const ink::Box& sheet);

}  // namespace longhand::recognizer
