#include "ink/board.h"

#include "ink/enclosures.h"
#include "ink/pen_lifts.h"
#include "ink/underlines.h"

namespace longhand::ink {

Strokes writing_on(const Strokes& board) {
  return without_enclosures(without_underlines(without_lifts(board)));
}

}  // namespace longhand::ink
