#pragma once

#include "ink/image.h"
#include "recognizer/reader.h"

namespace longhand::recognizer {

// A picture may be seen otherwise than as a whole: a sheet in it alone (ink/note.h), or all of it
// without its stains (ink/stains.h). Whether nothing could come of that, since what was read is one
// glyph and hardly anything else.
bool is_beyond_doubt(const Writing& whole);

// What is seen so.
struct View {
  ink::Box part;                  // of the picture
  bool leaves_out_faint = false;  // rather than what lies around
};

// Whether what a view says counts rather than the whole picture: where that has nothing from the
// part's middle; or where the view is as sure, glyph by glyph, and the whole has nothing else that
// is clearly written like what the view shows, and as high. It may have a little where it is
// doubtful itself; and of what is faint a few glyphs that stand alone, which may be blots. Any blot
// looks like a 1: bare strokes away from the view's lines say nothing.
bool is_view_better(const Writing& whole, const Writing& view, const View& of);

}  // namespace longhand::recognizer
