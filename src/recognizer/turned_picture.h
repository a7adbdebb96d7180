#pragma once

#include <vector>

#include "recognizer/reader.h"

namespace longhand::recognizer {

// Whether a picture was read so unsurely that it may lie on its side or on its head.
bool may_lie_turned(const Writing& as_it_lies);

// By how many quarters of a circle to turn it then, in the order in which that may help: upside
// down where what is written stands side by side, else either way. `boxes` are of what hangs
// together; fewer than three may be one glyph's parts, and aren't turned.
std::vector<int> turns_to_try(const std::vector<ink::Box>& boxes);

// Whether what the picture says when it is turned by a quarter or two counts rather than what it
// says as it is: several glyphs, surely, all together far likelier, and a surer text. One sure
// glyph or two that are a little surer say nothing: a 0 is one however it lies.
bool is_turned_better(const Writing& as_it_is, const Writing& turned);

// Whether one turn of it is surer than another.
bool is_surer(const Writing& one, const Writing& other);

}  // namespace longhand::recognizer
