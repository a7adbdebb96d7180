#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "training/layers.h"

namespace longhand::training {

class RecipeDocument;

// A view of one table of a recipe, read key by key. Reading a key also makes it known: what is in
// the file and was never asked for is an error in the end. The first error is kept in the document,
// so that reading code has no branches. Values that are absent leave the variable as it is.
class RecipeTable {
 public:
  void text(std::string_view key, std::string& value);
  void path(std::string_view key, std::filesystem::path& value);
  void paths(std::string_view key, std::vector<std::filesystem::path>& value);
  void boolean(std::string_view key, bool& value);
  void integer(std::string_view key, std::int64_t& value, std::int64_t least, std::int64_t most);
  void number(std::string_view key, double& value, double least, double most);
  void texts(std::string_view key, std::vector<std::string>& value);
  // Strings, each one layer, and arrays in it, each a residual block.
  void layers(std::string_view key, std::vector<Layer>& value);

  template <typename E>
  void choice(std::string_view key, E& value,
              std::initializer_list<std::pair<std::string_view, E>> names) {
    std::string given;
    text(key, given);
    if (given.empty()) return;
    std::string allowed;
    for (const auto& [name, meaning] : names) {
      if (name == given) {
        value = meaning;
        return;
      }
      allowed += (allowed.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    refuse(key, "it must be one of " + allowed + ", not \"" + given + "\"");
  }

  RecipeTable sub(std::string_view key);
  // One table or an array of tables, in order; none where the key is absent.
  std::vector<RecipeTable> tables(std::string_view key);
  bool given() const { return given_; }  // whether the file has this table at all
  void refuse(std::string_view key, const std::string& why);

 private:
  friend class RecipeDocument;
  RecipeTable(RecipeDocument& document, std::string path, bool given)
      : document_(&document), path_(std::move(path)), given_(given) {}
  std::string full(std::string_view key) const;
  RecipeTable at(const std::string& path) const;

  RecipeDocument* document_;
  std::string path_;  // "optimizer", "data.train[1]", "" for the root
  bool given_;
};

// A TOML document with settings laid over it.
class RecipeDocument {
 public:
  static Result<RecipeDocument> parse(std::string_view toml, std::string_view file_name,
                                      const std::vector<std::string>& settings);
  RecipeDocument(RecipeDocument&&) noexcept;
  RecipeDocument& operator=(RecipeDocument&&) noexcept;
  ~RecipeDocument();

  RecipeTable root() { return {*this, "", true}; }
  // The first error met, unknown keys included.
  std::optional<Error> finish();
  // All settings as text in one order, whatever the file's layout, without the keys named, which
  // may stand in any table, and the paths named ("data.test").
  std::string canonical(const std::set<std::string_view>& keys,
                        const std::set<std::string_view>& paths = {}) const;

 private:
  friend class RecipeTable;
  struct Body;
  explicit RecipeDocument(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

}  // namespace longhand::training
