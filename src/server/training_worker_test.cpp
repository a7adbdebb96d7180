#include "server/training_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "records/testing.h"
#include "server/query.h"

namespace longhand::server {
namespace {

using ::testing::StartsWith;

class LastWords : public ::testing::Test {
 protected:
  std::string of(const std::string& said) const {
    std::ofstream(file_, std::ios::binary) << said;
    return last_words(file_);
  }

  records::testing::TemporaryFolder folder_;
  const std::string file_ = folder_.file("trainer.log");
};

TEST_F(LastWords, AreTheLastLineThatSaysAnything) {
  EXPECT_EQ(of("epoch 1\nlonghand train: no data\n\n"), "no data");
  EXPECT_EQ(of("a\x1b[31mred\x7f\n"), "a[31mred");
  EXPECT_EQ(of(""), "the trainer ended without a word");
  EXPECT_EQ(last_words(folder_.path() / "none"), "the trainer ended without a word");
}

TEST_F(LastWords, AreShortAndNoCharacterIsCut) {
  for (const std::size_t before : {0, 1, 2, 3}) {
    std::string said(before, 'x');
    for (int i = 0; i < 500; ++i) said += "字";
    const std::string words = of(said + "\n");
    EXPECT_LE(words.size(), 1'000U);
    EXPECT_GT(words.size(), 990U);
    EXPECT_TRUE(is_valid_utf8(words)) << before;
  }
}

TEST_F(LastWords, AreUtf8WhateverIsSaid) {
  const std::string words = of("can't read data/\xe9t\xe9, 字\n");
  EXPECT_TRUE(is_valid_utf8(words)) << words;
  EXPECT_THAT(words, StartsWith("can't read data/?t?, "));
}

}  // namespace
}  // namespace longhand::server
