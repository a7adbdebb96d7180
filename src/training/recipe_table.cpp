#include "training/recipe_table.h"

#include <toml++/toml.h>
#include <charconv>
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

// One step of a path: a key, and the place in the array that it names ("train[1]"), or -1.
struct PathPart {
  std::string key;
  int place = -1;
};

// "data.train[1].images" -> {"data", "train" 1, "images"}; nullopt for what is no path.
std::optional<std::vector<PathPart>> split_path(const std::string& path) {
  std::vector<PathPart> parts;
  std::istringstream in(path);
  for (std::string text; std::getline(in, text, '.');) {
    PathPart part;
    const auto open = text.find('[');
    part.key = text.substr(0, open);
    if (open != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(text.data() + open + 1, end, part.place);
      if (error != std::errc() || part.place < 0 || stop + 1 != end || *stop != ']') return {};
    }
    if (part.key.empty() ||
        part.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
      return {};
    }
    parts.push_back(std::move(part));
  }
  if (parts.empty() || path.back() == '.' || parts.back().place >= 0) return {};
  return parts;
}

// The table at one step from `table`, made if it is missing; nullptr where there is none.
toml::table* step_into(toml::table& table, const PathPart& part) {
  toml::node* child = table.get(part.key);
  if (part.place >= 0) {
    toml::array* const array = child == nullptr ? nullptr : child->as_array();
    child = array == nullptr ? nullptr : array->get(static_cast<std::size_t>(part.place));
    return child == nullptr ? nullptr : child->as_table();
  }
  if (child == nullptr) child = &table.insert(part.key, toml::table{}).first->second;
  return child->as_table();
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
  if (equals == std::string::npos || !parts) {
    return fail(ErrorCode::kInvalidArgument,
                "--set " + setting + ": it must be key=value, as in optimizer.rate=1e-3");
  }
  auto value = parse_setting(setting.substr(equals + 1));
  if (!value) return fail(value.error().code, "--set " + setting + ": " + value.error().message);
  toml::table* table = &root;
  for (std::size_t i = 0; i + 1 < parts->size(); ++i) {
    const PathPart& part = (*parts)[i];
    table = step_into(*table, part);
    if (table == nullptr) {
      std::string name = part.key;
      if (part.place >= 0) name.append("[").append(std::to_string(part.place)).append("]");
      return fail(ErrorCode::kInvalidArgument, "--set " + setting + ": " + name + " is no table");
    }
  }
  table->insert_or_assign(parts->back().key, *value->get("value"));
  return {};
}

std::string child_path(const std::string& parent, std::string_view key) {
  return parent.empty() ? std::string(key) : parent + "." + std::string(key);
}

// Of the tables in an array, such as the sources of data.
void drop_keys(toml::array& array, const std::set<std::string_view>& without) {
  for (toml::node& node : array) {
    if (toml::table* table = node.as_table()) {
      for (const std::string_view key : without) table->erase(key);
    }
  }
}

void write_canonical(std::ostream& out, const std::string& path, const toml::node& node,
                     const std::set<std::string_view>& keys,
                     const std::set<std::string_view>& paths) {
  if (const toml::table* table = node.as_table()) {
    for (const auto& [key, child] : *table) {  // toml++ keeps keys sorted
      const std::string at = child_path(path, key.str());
      if (keys.count(key.str()) == 0 && paths.count(at) == 0) {
        write_canonical(out, at, child, keys, paths);
      }
    }
    return;
  }
  out << path << '=';
  if (const toml::array* array = node.as_array()) {
    toml::array kept = *array;
    drop_keys(kept, keys);
    out << kept << '\n';
    return;
  }
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

std::string RecipeDocument::canonical(const std::set<std::string_view>& keys,
                                      const std::set<std::string_view>& paths) const {
  std::ostringstream out;
  write_canonical(out, "", body_->table, keys, paths);
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

void RecipeTable::texts(std::string_view key, std::vector<std::string>& value) {
  const toml::node* node = document_->body_->find(full(key));
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  std::vector<std::string> texts;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    if (auto text = array->get(i)->value_exact<std::string>()) texts.push_back(std::move(*text));
  }
  if (array == nullptr || texts.size() != array->size()) {
    return refuse(key, "it must be an array of texts, such as [\"one\", \"two\"]");
  }
  value = std::move(texts);
}

RecipeTable RecipeTable::at(const std::string& path) const {
  document_->body_->known[path];
  return {*document_, path, true};
}

std::vector<RecipeTable> RecipeTable::tables(std::string_view key) {
  const std::string path = full(key);
  const toml::node* node = document_->body_->find(path);
  if (node == nullptr) return {};
  const toml::array* array = node->as_array();
  if (array == nullptr) return {sub(key)};
  std::vector<RecipeTable> tables;
  for (std::size_t i = 0; i < array->size(); ++i) {
    if (!array->get(i)->is_table()) {
      refuse(key, "it must be a table, or an array of tables");
      return {};
    }
    tables.push_back(at(std::string(path).append("[").append(std::to_string(i)).append("]")));
  }
  return tables;
}

RecipeTable RecipeTable::sub(std::string_view key) {
  const std::string path = full(key);
  const toml::node* node = document_->body_->find(path);
  if (node != nullptr && !node->is_table()) refuse(key, "it must be a table");
  document_->body_->known[path];
  return {*document_, path, node != nullptr && node->is_table()};
}

}  // namespace longhand::training
