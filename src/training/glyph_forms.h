#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "ink/strokes.h"
#include "training/counter_random.h"

namespace longhand::training {

// A place that a pen passes on its way, in hundredths of a character's height, y downwards.
struct FormPoint {
  float x = 0;
  float y = 0;
  bool corner = false;  // the way turns here at once; elsewhere it is smooth
  bool operator==(const FormPoint&) const = default;
};

struct FormStroke {
  std::vector<FormPoint> points;  // at least two
  float chance = 1;               // that a writing of the form has the stroke
};

// One of the ways in which people write a character: those that no bending of another form makes
// (a 7 with a bar, a looped 4).
struct Form {
  std::string character;  // one code point, UTF-8
  std::string name;
  float weight = 1;  // how common it is among the character's forms
  std::vector<FormStroke> strokes;
};

// Forms from TOML, see docs/training.md. kCorruptData with the form's place and what would be
// right; `name` opens every message.
Result<std::vector<Form>> parse_forms(std::string_view toml, const std::string& name);
Result<std::vector<Form>> read_forms(const std::filesystem::path& file);

// One writing of a form by some hand, in hundredths of its height: its points displaced, its
// corners rounded, strokes too long, too short or out of place, slanted, narrow or wide, with a
// tremor and a pressure that changes along the way. The form's identity is kept.
ink::Strokes write_form(const Form& form, CounterRandom& random);

// `count` pictures of 56x56, white on black, as MNIST's lie in their frame: each character that the
// alphabet and the forms share about as often as the others, its forms by their weights, each by
// another hand and pen. The same arguments give the same pictures.
data::Dataset draw_forms(const std::vector<Form>& forms, const std::vector<std::string>& alphabet,
                         std::size_t count, std::uint64_t seed);

}  // namespace longhand::training
