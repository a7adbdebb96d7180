#include "training/recipe_table.h"

#include <toml++/toml.h>
#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace longhand::training {

struct RecipeDocument::Body {
  toml::table table;
  std::string file;
  std::map<std::string, std::set<std::string>> known;  // keys asked for, by table
  std::optional<Error> error;

  const toml::node* find(const std::string& path) const {
    return path.empty() ? &table : table.at_path(path).node();
  }

  std::string place(const std::string& path) const {
    const toml::node* node = find(path);
    const auto line = node == nullptr ? 0 : node->source().begin.line;
    return line == 0 ? file : file + ", line " + std::to_string(line);
  }

  void refuse(const std::string& path, const std::string& why) {
    if (!error) error = Error{ErrorCode::kCorruptData, place(path) + ": " + path + ": " + why};
  }
};

namespace {

// "optimizer.rate" -> {"optimizer", "rate"}; empty parts are kept, so that they are found wrong.
std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream in(path);
  for (std::string part; std::getline(in, part, '.');) parts.push_back(part);
  return parts;
}

// The value as TOML, or as a bare string where it is none.
Result<toml::table> parse_setting(const std::string& text) {
  const auto parsed_as = [](const std::string& value) -> std::optional<toml::table> {
    try {
      return toml::parse("value = " + value);
    } catch (const toml::parse_error&) {
      return std::nullopt;
    }
  };
  if (auto table = parsed_as(text)) return std::move(*table);
  if (text.find_first_of("'\n") == std::string::npos) {
    if (auto table = parsed_as("'" + text + "'")) return std::move(*table);
  }
  return fail(ErrorCode::kInvalidArgument, "the value '" + text + "' is not understood");
}

Result<void> lay_over(toml::table& root, const std::string& setting) {
  const auto equals = setting.find('=');
  const std::string path = setting.substr(0, equals);
  const auto parts = split_path(path);
  const bool sound =
      equals != std::string::npos && !parts.empty() && path.back() != '.' &&
      std::none_of(parts.begin(), parts.end(), [](const auto& p) {
        return p.empty() ||
               p.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos;
      });
  if (!sound) {
    return fail(ErrorCode::kInvalidArgument,
                "--set " + setting + ": it must be key=value, as in optimizer.rate=1e-3");
  }
  auto value = parse_setting(setting.substr(equals + 1));
  if (!value) return fail(value.error().code, "--set " + setting + ": " + value.error().message);
  toml::table* table = &root;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    toml::node* child = table->get(parts[i]);
    if (child == nullptr) child = &table->insert(parts[i], toml::table{}).first->second;
    table = child->as_table();
    if (table == nullptr) {
      return fail(ErrorCode::kInvalidArgument,
                  "--set " + setting + ": " + parts[i] + " is no table");
    }
  }
  table->insert_or_assign(parts.back(), *value->get("value"));
  return {};
}

std::string child_path(const std::string& parent, std::string_view key) {
  return parent.empty() ? std::string(key) : parent + "." + std::string(key);
}

void write_canonical(std::ostream& out, const std::string& path, const toml::node& node,
                     const std::set<std::string_view>& without) {
  if (const toml::table* table = node.as_table()) {
    for (const auto& [key, child] : *table) {  // toml++ keeps keys sorted
      if (without.count(key.str()) == 0) {
        write_canonical(out, child_path(path, key.str()), child, without);
      }
    }
    return;
  }
  out << path << '=';
  node.visit([&out](const auto& value) { out << value; });
  out << '\n';
}

// One array of layers; `place` makes the message for a fault at a node.
Result<std::vector<Layer>> read_layers(const toml::array& array) {
  std::vector<Layer> layers;
  for (const toml::node& node : array) {
    if (const auto text = node.value_exact<std::string>()) {
      auto layer = parse_layer(*text);
      if (!layer) return tl::unexpected(layer.error());
      layers.push_back(std::move(*layer));
    } else if (const toml::array* block = node.as_array()) {
      auto body = read_layers(*block);
      if (!body) return body;
      Layer layer;
      layer.kind = LayerKind::kResidual;
      layer.text = "[...]";
      layer.body = std::move(*body);
      layers.push_back(std::move(layer));
    } else {
      return fail(ErrorCode::kCorruptData,
                  "a layer must be text such as \"conv 16 kernel=3\", or an array of layers for a "
                  "residual block");
    }
  }
  return layers;
}

}  // namespace

RecipeDocument::RecipeDocument(std::unique_ptr<Body> body) : body_(std::move(body)) {}
RecipeDocument::RecipeDocument(RecipeDocument&&) noexcept = default;
RecipeDocument& RecipeDocument::operator=(RecipeDocument&&) noexcept = default;
RecipeDocument::~RecipeDocument() = default;

Result<RecipeDocument> RecipeDocument::parse(std::string_view toml, std::string_view file_name,
                                             const std::vector<std::string>& settings) {
  auto body = std::make_unique<Body>();
  body->file = file_name;
  try {
    body->table = toml::parse(toml, file_name);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kCorruptData, std::string(file_name) + ", line " +
                                             std::to_string(error.source().begin.line) + ": " +
                                             std::string(error.description()));
  }
  for (const std::string& setting : settings) {
    if (auto ok = lay_over(body->table, setting); !ok) return tl::unexpected(ok.error());
  }
  return RecipeDocument(std::move(body));
}

std::optional<Error> RecipeDocument::finish() {
  if (body_->error) return body_->error;
  for (const auto& [path, keys] : body_->known) {
    const toml::node* node = body_->find(path);
    const toml::table* table = node == nullptr ? nullptr : node->as_table();
    if (table == nullptr) continue;
    for (const auto& [key, unused] : *table) {
      if (keys.count(std::string(key.str())) != 0) continue;
      std::string allowed;
      for (const std::string& name : keys) allowed += (allowed.empty() ? "" : ", ") + name;
      body_->refuse(child_path(path, key.str()), "no such key; known here: " + allowed);
      return body_->error;
    }
  }
  return std::nullopt;
}

std::string RecipeDocument::canonical(std::initializer_list<std::string_view> without) const {
  std::ostringstream out;
  write_canonical(out, "", body_->table, std::set<std::string_view>(without));
  return out.str();
}

std::string RecipeTable::full(std::string_view key) const {
  document_->body_->known[path_].emplace(key);
  return child_path(path_, key);
}

void RecipeTable::refuse(std::string_view key, const std::string& why) {
  document_->body_->refuse(full(key), why);
}

void RecipeTable::text(std::string_view key, std::string& value) {
  const toml::node* node = document_->body_->find(full(key));
  if (node == nullptr) return;
  if (const auto date = node->value_exact<toml::date>()) {  // TOML has a type for 2026-11-23
    std::ostringstream out;
    out << *date;
    value = out.str();
    return;
  }
  const auto given = node->value_exact<std::string>();
  if (!given) return refuse(key, "it must be text in quotes");
  value = *given;
}

void RecipeTable::path(std::string_view key, std::filesystem::path& value) {
  std::string given = value.string();
  text(key, given);
  value = given;
}

void RecipeTable::paths(std::string_view key, std::vector<std::filesystem::path>& value) {
  const toml::node* node = document_->body_->find(full(key));
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  const bool texts = array != nullptr && std::all_of(array->begin(), array->end(),
                                                     [](const auto& n) { return n.is_string(); });
  if (!texts) return refuse(key, "it must be an array of paths in quotes");
  value.clear();
  for (const toml::node& item : *array) value.emplace_back(*item.value<std::string>());
}

void RecipeTable::boolean(std::string_view key, bool& value) {
  const toml::node* node = document_->body_->find(full(key));
  if (node == nullptr) return;
  const auto given = node->value_exact<bool>();
  if (!given) return refuse(key, "it must be true or false");
  value = *given;
}

void RecipeTable::integer(std::string_view key, std::int64_t& value, std::int64_t least,
                          std::int64_t most) {
  const toml::node* node = document_->body_->find(full(key));
  if (node == nullptr) return;
  const auto given = node->value_exact<std::int64_t>();
  if (!given || *given < least || *given > most) {
    return refuse(key, "it must be a whole number from " + std::to_string(least) + " to " +
                           std::to_string(most));
  }
  value = *given;
}

void RecipeTable::number(std::string_view key, double& value, double least, double most) {
  const toml::node* node = document_->body_->find(full(key));
  if (node == nullptr) return;
  const auto given = node->is_number() ? node->value<double>() : std::nullopt;
  if (!given || !(*given >= least && *given <= most)) {
    std::ostringstream range;
    range << "it must be a number from " << least << " to " << most;
    return refuse(key, range.str());
  }
  value = *given;
}

void RecipeTable::layers(std::string_view key, std::vector<Layer>& value) {
  const toml::node* node = document_->body_->find(full(key));
  const toml::array* array = node == nullptr ? nullptr : node->as_array();
  if (array == nullptr || array->empty()) {
    return refuse(key, "it must be an array of layers, such as [\"conv 16\", \"relu\"]");
  }
  auto layers = read_layers(*array);
  if (!layers) return refuse(key, layers.error().message);
  value = std::move(*layers);
}

RecipeTable RecipeTable::sub(std::string_view key) {
  const std::string path = full(key);
  const toml::node* node = document_->body_->find(path);
  if (node != nullptr && !node->is_table()) refuse(key, "it must be a table");
  document_->body_->known[path];
  return {*document_, path, node != nullptr && node->is_table()};
}

}  // namespace longhand::training
