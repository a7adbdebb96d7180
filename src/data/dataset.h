#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ink/image.h"
#include "ink/strokes.h"

namespace longhand::data {

// One labelled sample as found: a picture or the pen's path.
struct Sample {
  std::variant<ink::Raster, ink::Strokes> input;
  std::string label;   // one character, UTF-8
  int writer = -1;     // -1 where not known
  std::string source;  // file name or "index 17", for reports
};

// Samples in order. Small sets only in this form; see IdxImages for the large ones.
struct Dataset {
  std::vector<Sample> samples;
};

// The IDX files of MNIST and its kin, plain or gzipped (told by signature): N pictures of HxW bytes
// kept in one block, and N labels. 8-bit labels are class indices, 32-bit ones (type 0x0C) code
// points.
struct IdxImages {
  int count = 0;
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;  // count * height * width
};
struct IdxLabels {
  bool are_code_points = false;
  std::vector<std::uint32_t> values;
};

Result<IdxImages> read_idx_images(const std::filesystem::path& file);
Result<IdxLabels> read_idx_labels(const std::filesystem::path& file);
// Any one-dimensional IDX file of integers (writers).
Result<std::vector<std::int32_t>> read_idx_integers(const std::filesystem::path& file);

struct IdxOptions {
  bool transpose = false;  // EMNIST's files hold columns first
  // Lines of "index code-point" in decimals, as EMNIST's; what follows on a line is ignored.
  std::optional<std::filesystem::path> label_map;
  std::vector<std::string> alphabet;  // what 8-bit labels index without a map
  std::optional<std::filesystem::path> writers;
};
// An 8-bit label that neither map nor alphabet has gives a sample with an empty label.
// kInvalidArgument for a map beside labels that are code points already.
Result<Dataset> read_idx(const std::filesystem::path& images, const std::filesystem::path& labels,
                         const IdxOptions& options);
// What the labels stand for, by the same rules.
Result<std::vector<std::string>> label_texts(const IdxLabels& labels, const IdxOptions& options);
// Rows become columns.
void transpose(IdxImages& images);

// One folder a class: DIR/7/*.png, or DIR/U+0041/* where the character makes no safe or no unique
// name. Hidden files and folders are left out, all else must be a picture that `picture` takes.
// By code point, then by name. kTooLarge for more than 4 GiB of pixels.
Result<Dataset> read_folder(const std::filesystem::path& folder);

// One {"label": ..., "writer": ..., "strokes": [[[x, y, t?, pressure?], ...], ...]} a line, plain
// or gzipped. Other members are ignored, and so are empty lines.
Result<Dataset> read_strokes(const std::filesystem::path& ndjson);
// The same from text; `name` opens every message.
Result<Dataset> parse_strokes(std::string_view ndjson, const std::string& name);

// A file's bytes as they are; kNotFound, kIo, and kTooLarge over max_bytes.
Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& file,
                                            std::size_t max_bytes);
// A file's bytes, through gzip if it is compressed; kNotFound, kIo, kCorruptData, and kTooLarge
// over max_bytes, packed or unpacked.
Result<std::vector<std::uint8_t>> read_maybe_gzip(const std::filesystem::path& file,
                                                  std::size_t max_bytes = std::size_t{4} << 30);
// Unpacks a gzip file's bytes (one member or several); `name` opens every message.
Result<std::vector<std::uint8_t>> gunzip(std::span<const std::uint8_t> bytes,
                                         const std::string& name, std::size_t max_bytes);

}  // namespace longhand::data
