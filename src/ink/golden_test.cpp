// The seam of normalization and model: what each normalization makes of given pictures and strokes
// must stay as it is, bit for bit, on every target and at every optimisation, or trained networks
// read something else than they learned. Run with LONGHAND_UPDATE_GOLDEN=1 to write the expected
// glyphs anew, for a new normalization only.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ink/normalize.h"
#include "source_folder.h"

namespace longhand::ink {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(LONGHAND_SOURCE_DIR) / "tests/golden";

GreyImage read_pgm(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string magic;
  int width = 0, height = 0, most = 0;
  stream >> magic >> width >> height >> most;
  stream.get();
  EXPECT_TRUE(stream && magic == "P5" && most == 255) << file;
  GreyImage image(width, height);
  stream.read(reinterpret_cast<char*>(image.pixels.data()),
              static_cast<std::streamsize>(image.pixels.size()));
  EXPECT_TRUE(stream) << file;
  return image;
}

void write_pgm(const std::filesystem::path& file, const GreyImage& image) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << "P5\n" << image.width << ' ' << image.height << "\n255\n";
  stream.write(reinterpret_cast<const char*>(image.pixels.data()),
               static_cast<std::streamsize>(image.pixels.size()));
}

// One stroke a line: x y x y ...
Strokes read_strokes(const std::filesystem::path& file) {
  Strokes strokes;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    std::istringstream numbers(line);
    Stroke stroke;
    for (Point p; numbers >> p.x >> p.y;) stroke.push_back(p);
    strokes.strokes.push_back(std::move(stroke));
  }
  EXPECT_FALSE(strokes.strokes.empty()) << file;
  return strokes;
}

TEST(Golden, EachNormalizationGivesTheSameBitsAsEver) {
  int seen = 0;
  for (const auto normalization : {Normalization::kRaw, Normalization::kInk1, Normalization::kInk2}) {
    for (const auto& entry : std::filesystem::directory_iterator(kFolder / "input")) {
      const auto glyph = entry.path().extension() == ".pgm"
                             ? normalize(Raster{read_pgm(entry.path()), {}}, normalization)
                             : normalize(read_strokes(entry.path()), normalization);
      ASSERT_TRUE(glyph) << entry.path();
      const auto expected = kFolder / std::string(to_string(normalization)) /
                            (entry.path().stem().string() + ".pgm");
      if (std::getenv("LONGHAND_UPDATE_GOLDEN") != nullptr) write_pgm(expected, glyph->image);
      EXPECT_EQ(read_pgm(expected), glyph->image) << entry.path();
      ++seen;
    }
  }
  EXPECT_GE(seen, 81);
}

}  // namespace
}  // namespace longhand::ink
