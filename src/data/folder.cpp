#include <algorithm>
#include <charconv>
#include <map>

#include "data/dataset.h"
#include "picture/picture.h"
#include "recognizer/card.h"

namespace longhand::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxPixels = std::size_t{4} << 30;

// "7" and "U+0037" both stand for 7; nullopt for a name of several characters.
std::optional<std::string> label_of(const std::string& name) {
  if (name.size() > 2 && (name.starts_with("U+") || name.starts_with("u+"))) {
    std::uint32_t code_point = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + 2, end, code_point, 16);
    if (error != std::errc() || stop != end || code_point > 0x10FFFF ||
        (code_point >= 0xD800 && code_point <= 0xDFFF))
      return std::nullopt;
    return recognizer::to_utf8(static_cast<char32_t>(code_point));
  }
  const auto characters = recognizer::split_code_points(name);
  if (!characters || characters->size() != 1) return std::nullopt;
  return name;
}

// What a folder holds and is not hidden, by name.
Result<std::vector<fs::path>> entries(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (!it->path().filename().string().starts_with(".")) paths.push_back(it->path());
  if (error)
    return fail(
        error == std::errc::no_such_file_or_directory ? ErrorCode::kNotFound : ErrorCode::kIo,
        "can't read the folder " + folder.string() + ": " + error.message());
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<ink::Raster> read_picture(const fs::path& file) {
  const picture::Limits limits;
  const auto bytes = read_file(file, limits.max_bytes);
  if (!bytes) return tl::unexpected(bytes.error());
  return picture::decode(std::as_bytes(std::span(*bytes)), limits).map_error([&](Error error) {
    return Error{error.code, file.string() + ": " + error.message};
  });
}

}  // namespace

Result<Dataset> read_folder(const fs::path& folder) {
  const auto classes = entries(folder);
  if (!classes) return tl::unexpected(classes.error());
  std::map<char32_t, std::vector<fs::path>> by_code_point;
  for (const fs::path& path : *classes) {
    const auto label = label_of(path.filename().string());
    if (!fs::is_directory(path) || !label)
      return fail(ErrorCode::kCorruptData,
                  path.string() +
                      ": only folders named by one character (7) or its code point (U+0037) "
                      "belong here, with the pictures of that character");
    by_code_point[recognizer::first_code_point(*label)].push_back(path);
  }
  Dataset set;
  std::size_t pixels = 0;
  for (const auto& [code_point, paths] : by_code_point) {
    for (const fs::path& path : paths) {
      const auto files = entries(path);
      if (!files) return tl::unexpected(files.error());
      for (const fs::path& file : *files) {
        auto raster = read_picture(file);
        if (!raster) return tl::unexpected(raster.error());
        pixels += raster->grey.pixels.size() + raster->alpha.pixels.size();
        if (pixels > kMaxPixels)
          return fail(ErrorCode::kTooLarge, folder.string() +
                                                ": more than 4 GiB of pixels; the pictures must "
                                                "be smaller, or fewer");
        set.samples.push_back({std::move(*raster), recognizer::to_utf8(code_point), -1,
                               (path.filename() / file.filename()).string()});
      }
    }
  }
  return set;
}

}  // namespace longhand::data
