#include "training/glyph_forms.h"

#include <toml++/toml.h>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <utility>

#include "recognizer/card.h"

namespace longhand::training {
namespace {

constexpr std::size_t kMostBytes = 4 << 20;
constexpr float kMostCoordinate = 1'000;
constexpr const char* kStrokeExample = "such as \"5,3 65,3! 30,100\" or \"50% 14,52 60,48\"";

// The number at the front of the text, which is cut by it.
std::optional<float> take_number(std::string& text) {
  char* end = nullptr;
  const float value = std::strtof(text.c_str(), &end);
  const auto length = static_cast<std::size_t>(end - text.c_str());
  if (length == 0 || !std::isfinite(value)) return std::nullopt;
  text.erase(0, length);
  return value;
}

// "5,3" or "65,3!".
std::optional<FormPoint> parse_point(std::string text) {
  FormPoint point;
  const auto x = take_number(text);
  if (!x || text.empty() || text.front() != ',') return std::nullopt;
  text.erase(0, 1);
  const auto y = take_number(text);
  if (!y || (!text.empty() && text != "!")) return std::nullopt;
  if (std::abs(*x) > kMostCoordinate || std::abs(*y) > kMostCoordinate) return std::nullopt;
  return FormPoint{*x, *y, !text.empty()};
}

// Points with blanks between, before them perhaps the stroke's chance: "50% 14,52 60,48".
std::optional<FormStroke> parse_stroke(const std::string& text) {
  FormStroke stroke;
  std::istringstream in(text);
  bool first = true;
  for (std::string word; in >> word; first = false) {
    if (first && word.back() == '%') {
      const auto percent = take_number(word);
      if (!percent || word != "%" || !(*percent > 0 && *percent <= 100)) return std::nullopt;
      stroke.chance = *percent / 100;
      continue;
    }
    const auto point = parse_point(word);
    if (!point) return std::nullopt;
    stroke.points.push_back(*point);
  }
  if (stroke.points.size() < 2) return std::nullopt;
  return stroke;
}

bool is_character(const std::string& text) {
  const auto characters = recognizer::split_code_points(text);
  return characters && characters->size() == 1;
}

Result<void> read_strokes(const toml::table& table, Form& form) {
  const toml::array* strokes = table["strokes"].as_array();
  if (strokes == nullptr || strokes->empty()) {
    return fail(ErrorCode::kCorruptData, "\"strokes\" must be an array of texts");
  }
  bool certain = false;
  for (const toml::node& node : *strokes) {
    const auto text = node.value_exact<std::string>();
    auto stroke = text ? parse_stroke(*text) : std::nullopt;
    if (!stroke) {
      return fail(ErrorCode::kCorruptData,
                  "a stroke must be a text of at least two points, " + std::string(kStrokeExample));
    }
    certain = certain || stroke->chance >= 1;
    form.strokes.push_back(std::move(*stroke));
  }
  if (!certain) {
    return fail(ErrorCode::kCorruptData, "at least one stroke must be there in every writing");
  }
  return {};
}

Result<Form> read_form(const toml::table& table) {
  Form form;
  form.character = table["of"].value_or(std::string());
  form.name = table["name"].value_or(std::string());
  if (!is_character(form.character)) {
    return fail(ErrorCode::kCorruptData, "\"of\" must be one character");
  }
  form.weight = static_cast<float>(table["weight"].value_or(1.0));
  if (!(form.weight > 0 && form.weight <= 1'000)) {
    return fail(ErrorCode::kCorruptData, "\"weight\" must be a number over 0, at most 1000");
  }
  for (const auto& [key, node] : table) {
    const std::string_view known = key.str();
    if (known != "of" && known != "name" && known != "weight" && known != "strokes") {
      return fail(ErrorCode::kCorruptData,
                  "no such key: " + std::string(known) + "; known here: name, of, strokes, weight");
    }
  }
  if (auto ok = read_strokes(table, form); !ok) return tl::unexpected(ok.error());
  return form;
}

}  // namespace

Result<std::vector<Form>> parse_forms(std::string_view toml, const std::string& name) {
  toml::table root;
  try {
    root = toml::parse(toml, name);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kCorruptData, name + ", line " +
                                             std::to_string(error.source().begin.line) + ": " +
                                             std::string(error.description()));
  }
  const toml::array* array = root["forms"].as_array();
  if (array == nullptr || array->empty() || root.size() != 1) {
    return fail(
        ErrorCode::kCorruptData,
        name + ": it must hold one array, forms = [ { of = \"7\", strokes = [...] }, ... ]");
  }
  std::vector<Form> forms;
  for (const toml::node& node : *array) {
    const toml::table* table = node.as_table();
    auto form = table != nullptr ? read_form(*table)
                                 : fail(ErrorCode::kCorruptData, "a form must be a table");
    if (!form) {
      return fail(ErrorCode::kCorruptData, name + ", line " +
                                               std::to_string(node.source().begin.line) + ": " +
                                               form.error().message);
    }
    forms.push_back(std::move(*form));
  }
  return forms;
}

Result<std::vector<Form>> read_forms(const std::filesystem::path& file) {
  const auto bytes = data::read_file(file, kMostBytes);
  if (!bytes) return tl::unexpected(bytes.error());
  return parse_forms({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, file.string());
}

}  // namespace longhand::training
