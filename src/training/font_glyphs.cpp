#include "training/font_glyphs.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "recognizer/card.h"

namespace longhand::training {
namespace {

namespace fs = std::filesystem;

constexpr int kSide = 56;     // of a picture: MNIST's frame, two pixels for one
constexpr int kInkSide = 40;  // the longer side of what is drawn
constexpr std::size_t kMostFontBytes = 64 << 20;

struct Closer {
  void operator()(FT_Library library) const { FT_Done_FreeType(library); }
  void operator()(FT_Face face) const { FT_Done_Face(face); }
};
using Library = std::unique_ptr<std::remove_pointer_t<FT_Library>, Closer>;
using Face = std::unique_ptr<std::remove_pointer_t<FT_Face>, Closer>;

// The fonts of the folder, by name.
Result<std::vector<fs::path>> list_fonts(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const fs::path kind = at->path().extension();
    if (kind == ".woff" || kind == ".ttf" || kind == ".otf") files.push_back(at->path());
  }
  if (error || files.empty()) {
    return fail(ErrorCode::kNotFound, folder.string() +
                                          ": no folder with fonts (.woff, .ttf, .otf) is there; "
                                          "script/data fonts brings some into data/fonts");
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The glyph so large that its longer side is kInkSide, in the middle of the picture; nullopt where
// the font lacks it or leaves it empty.
std::optional<ink::GreyImage> draw(FT_Face face, char32_t character) {
  const FT_UInt index = FT_Get_Char_Index(face, character);
  if (index == 0 || FT_Load_Glyph(face, index, FT_LOAD_NO_SCALE) != 0) return std::nullopt;
  if (face->glyph->format != FT_GLYPH_FORMAT_OUTLINE) return std::nullopt;
  FT_BBox box;
  FT_Outline_Get_CBox(&face->glyph->outline, &box);
  const FT_Pos longer = std::max(box.xMax - box.xMin, box.yMax - box.yMin);
  if (longer <= 0) return std::nullopt;
  const FT_F26Dot6 size = (kInkSide - 1) * 64L * face->units_per_EM / longer;
  if (FT_Set_Char_Size(face, size, size, 72, 72) != 0) return std::nullopt;
  if (FT_Load_Glyph(face, index, FT_LOAD_NO_HINTING | FT_LOAD_RENDER) != 0) return std::nullopt;
  const FT_Bitmap& bitmap = face->glyph->bitmap;
  const auto width = static_cast<int>(bitmap.width);
  const auto height = static_cast<int>(bitmap.rows);
  if (width < 1 || height < 1 || width > kSide || height > kSide) return std::nullopt;
  ink::GreyImage picture(kSide, kSide);
  for (int y = 0; y < height; ++y) {
    const unsigned char* row = bitmap.buffer + static_cast<std::ptrdiff_t>(y) * bitmap.pitch;
    for (int x = 0; x < width; ++x) {
      picture.at((kSide - width) / 2 + x, (kSide - height) / 2 + y) = row[x];
    }
  }
  return picture;
}

}  // namespace

Result<data::Dataset> draw_fonts(const fs::path& folder, const std::vector<std::string>& alphabet) {
  const auto files = list_fonts(folder);
  if (!files) return tl::unexpected(files.error());
  FT_Library opened = nullptr;
  if (FT_Init_FreeType(&opened) != 0) return fail(ErrorCode::kIo, "FreeType can't be started");
  const Library library(opened);
  data::Dataset set;
  for (std::size_t i = 0; i < files->size(); ++i) {
    const auto bytes = data::read_file((*files)[i], kMostFontBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    FT_Face read = nullptr;
    if (FT_New_Memory_Face(library.get(), bytes->data(), static_cast<FT_Long>(bytes->size()), 0,
                           &read) != 0) {
      return fail(ErrorCode::kCorruptData, (*files)[i].string() + " is no font of a known form");
    }
    const Face face(read);
    for (const std::string& character : alphabet) {
      auto picture = draw(face.get(), recognizer::first_code_point(character));
      if (!picture) continue;
      set.samples.push_back({ink::Raster{std::move(*picture), {}}, character, static_cast<int>(i),
                             (*files)[i].stem().string()});
    }
  }
  return set;
}

}  // namespace longhand::training
