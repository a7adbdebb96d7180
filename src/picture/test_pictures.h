#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "source_folder.h"

namespace longhand::picture {

inline std::filesystem::path picture_folder() {
  return std::filesystem::path(LONGHAND_SOURCE_DIR) / "tests/data/pictures";
}

inline std::vector<std::byte> read_bytes(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> chars((std::istreambuf_iterator<char>(stream)), {});
  std::vector<std::byte> bytes(chars.size());
  std::transform(chars.begin(), chars.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

inline std::vector<std::byte> test_picture(std::string_view name) {
  return read_bytes(picture_folder() / name);
}

// Every file of the folder that is a picture, by name.
inline std::vector<std::string> test_picture_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(picture_folder()))
    if (entry.is_regular_file() && entry.path().extension() != ".py")
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

inline std::vector<std::byte> bytes_of(std::string_view text) {
  std::vector<std::byte> bytes;
  for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

}  // namespace longhand::picture
