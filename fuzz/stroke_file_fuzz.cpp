// Stroke files, one object a line: what is taken has one character a label and checked strokes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/dataset.h"
#include "ink/strokes.h"

namespace data = longhand::data;
namespace ink = longhand::ink;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto set = data::parse_strokes({reinterpret_cast<const char*>(bytes), size}, "f");
  if (!set) {
    if (set.error().message.empty()) std::abort();
    return 0;
  }
  for (const data::Sample& sample : set->samples) {
    const auto& strokes = std::get<ink::Strokes>(sample.input);
    if (sample.label.empty() || sample.label.size() > 4 || !ink::check(strokes)) std::abort();
  }
  return 0;
}
