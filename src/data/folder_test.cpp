#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/dataset.h"
#include "data/test_files.h"

namespace longhand::data {
namespace {

using testing::Folder;
using ::testing::HasSubstr;

const std::string kBlack = "P5 2 1 255\n" + std::string("\x00\x00", 2);
const std::string kWhite = "P5 1 2 255\n\xFF\xFF";

TEST(ClassFolders, GiveSamplesByCodePointAndName) {
  const Folder folder;
  folder.write("b/1.pgm", kBlack);
  folder.write("U+0042/2.pgm", kWhite);
  folder.write("7/z.pgm", kBlack);
  folder.write("7/a.pgm", kWhite);
  folder.write("U+002F/slash.pgm", kBlack);
  folder.write("\u4E00/x.pgm", kBlack);
  folder.write(".git/config", std::string("no class"));
  folder.write("7/.DS_Store", std::string("no picture"));
  const auto set = read_folder(folder.path());
  ASSERT_TRUE(set.has_value()) << set.error().message;
  std::string read;
  for (const Sample& sample : set->samples) read += sample.label + "=" + sample.source + " ";
  EXPECT_EQ(read,
            "/=U+002F/slash.pgm 7=7/a.pgm 7=7/z.pgm B=U+0042/2.pgm b=b/1.pgm "
            "\u4E00=\u4E00/x.pgm ");
  const auto& raster = std::get<ink::Raster>(set->samples[1].input);
  EXPECT_EQ(raster.grey.height, 2);
  EXPECT_EQ(raster.grey.at(0, 1), 255);
}

TEST(ClassFolders, RefuseWhatIsNoClassOrNoPicture) {
  for (const auto& [name, what] :
       std::vector<std::pair<std::string, std::string>>{{"seven/a.pgm", "seven"},
                                                        {"a.pgm", "a.pgm"},
                                                        {"U+D800/a.pgm", "U+D800"},
                                                        {"U+00zz/a.pgm", "U+00zz"},
                                                        {"\xFF/a.pgm", "named by one character"}}) {
    const Folder folder;
    folder.write(name, kBlack);
    const auto set = read_folder(folder.path());
    ASSERT_FALSE(set.has_value()) << name;
    EXPECT_EQ(set.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(set.error().message, HasSubstr(what));
  }
  const Folder folder;
  folder.write("7/notes.txt", std::string("hello"));
  const auto set = read_folder(folder.path());
  ASSERT_FALSE(set.has_value());
  EXPECT_EQ(set.error().code, ErrorCode::kUnsupportedImage);
  EXPECT_THAT(set.error().message, HasSubstr("notes.txt: "));
  EXPECT_EQ(read_folder(folder.path() / "none").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace longhand::data
