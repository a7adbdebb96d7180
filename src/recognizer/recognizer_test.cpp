#include "recognizer/recognizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "recognizer/reader.h"
#include "recognizer/score.h"
#include "recognizer/tiny_model.h"

namespace longhand::recognizer {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

TinyModel random_model(const Card& card) {
  TinyModel model{std::vector<float>(card.alphabet.size() * 784), to_metadata(card)};
  std::mt19937 random(11);
  std::normal_distribution<float> normal(0, 0.05F);
  for (float& w : model.weights) w = normal(random);
  return model;
}

std::shared_ptr<const Model> load(const TinyModel& model) {
  const std::string onnx = to_onnx(model);
  auto loaded = Model::load(bytes_of(onnx));
  EXPECT_TRUE(loaded) << loaded.error().message;
  return loaded ? *loaded : nullptr;
}

ink::Strokes line(float slope) {
  return {{{{10, 10}, {10 + 60 * slope, 80}}}};
}

class Folder : public testing::Test {
 protected:
  Folder() { fs::create_directories(path); }
  ~Folder() override { fs::remove_all(path); }
  void write(const std::string& name, const std::string& content) {
    std::ofstream(path / name, std::ios::binary) << content;
  }
  fs::path path = fs::temp_directory_path() / ("longhand-models-" + std::to_string(::getpid()));
};

TEST(Recognizer, GivesCalibratedCandidatesBestFirst) {
  Card card = digits_card("tiny");
  card.temperature = 3;
  const Recognizer recognizer(load(random_model(card)));
  const Reading reading = recognizer.read(line(0.3F));
  ASSERT_EQ(reading.glyphs.size(), 1U);
  const GlyphReading& glyph = reading.glyphs[0];
  ASSERT_EQ(glyph.candidates.size(), 10U);
  float sum = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    sum += glyph.candidates[i].confidence;
    EXPECT_TRUE(i == 0 || glyph.candidates[i - 1].confidence >= glyph.candidates[i].confidence);
  }
  EXPECT_NEAR(sum, 1, 1e-5);
  EXPECT_EQ(reading.text, glyph.candidates[0].text);
  EXPECT_EQ(reading.confidence, glyph.confidence);
  EXPECT_EQ(reading.alphabet, "digits");
  EXPECT_EQ(reading.model.name, "tiny");
  EXPECT_EQ(reading.model.version.size(), 12U);
  EXPECT_EQ(glyph.box, (ink::Box{10, 10, 18, 70}));
  EXPECT_EQ(glyph.image.pixels.size(), 784U);
}

TEST(Recognizer, WhatNothingFitsIsRejectedWithItsGuesses) {
  Card card = digits_card("tiny");
  card.reject_threshold = 0.999F;
  const Recognizer recognizer(load(random_model(card)));
  const Reading reading = recognizer.read(line(0.3F));
  EXPECT_TRUE(reading.rejected);
  EXPECT_EQ(reading.text, "");
  ASSERT_EQ(reading.glyphs.size(), 1U);
  EXPECT_FALSE(reading.glyphs[0].text.empty());
}

TEST(Recognizer, AnEmptyBoardIsRejectedWithoutAGuess) {
  const Recognizer recognizer(load(random_model(digits_card("tiny"))));
  for (const Reading& reading : {recognizer.read(ink::Strokes{}), recognizer.read(ink::Raster{}),
                                 recognizer.read(ink::Raster{ink::GreyImage(40, 40, 9), {}})}) {
    EXPECT_TRUE(reading.rejected);
    EXPECT_EQ(reading.text, "");
    EXPECT_TRUE(reading.glyphs.empty());
    EXPECT_EQ(reading.confidence, 0);
  }
}

TEST(Recognizer, ANetworkOfNanRejects) {
  TinyModel model = random_model(digits_card("tiny"));
  for (float& w : model.weights) w = std::nanf("");
  const Reading reading = Recognizer(load(model)).read(line(0.3F));
  EXPECT_TRUE(reading.rejected);
  EXPECT_EQ(reading.confidence, 0);
}

TEST(Recognizer, ThreadsDoNotReadEachOthersAnswers) {
  const Recognizer recognizer(load(random_model(digits_card("tiny"))));
  std::vector<Reading> expected;
  for (int i = 0; i < 8; ++i) expected.push_back(recognizer.read(line(static_cast<float>(i) / 8)));
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < 50; ++round) {
        const int i = (t * 3 + round) % 8;
        const Reading reading = recognizer.read(line(static_cast<float>(i) / 8));
        if (reading.confidence != expected[static_cast<std::size_t>(i)].confidence) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Model, TheVersionIsOfTheGraphAlone) {
  TinyModel model = random_model(digits_card("tiny"));
  const std::string version = load(model)->ref().version;
  model.metadata["seed"] = "99";
  EXPECT_EQ(load(model)->ref().version, version);
  model.weights[5] += 1;
  EXPECT_NE(load(model)->ref().version, version);
}

TEST(Model, CardAndNetworkMustAgree) {
  Card card = digits_card("tiny");
  TinyModel model = random_model(card);
  card.alphabet.pop_back();
  model.metadata = to_metadata(card);
  auto loaded = Model::load(bytes_of(to_onnx(model)));
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("9 characters, the network gives 10 scores"));

  card = digits_card("tiny");
  card.input_size = 32;
  model.metadata = to_metadata(card);
  loaded = Model::load(bytes_of(to_onnx(model)));
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("1x32x32"));
}

TEST(Model, WithoutACardTheCallerGivesOne) {
  TinyModel model = random_model(digits_card("tiny"));
  model.metadata.clear();
  const std::string onnx = to_onnx(model);
  EXPECT_EQ(Model::load(bytes_of(onnx)).error().code, ErrorCode::kCorruptModel);
  EXPECT_TRUE(Model::load(bytes_of(onnx), digits_card("given")));
}

TEST_F(Folder, BrokenModelsAreListedAndTheOthersServed) {
  const std::string good = to_onnx(random_model(digits_card("good")));
  write("a.onnx", good);
  write("b.onnx", good.substr(0, good.size() / 2));
  write("c.onnx", good);
  write("notes.txt", "no model");
  const auto registry = Registry::load_folder(path);
  ASSERT_TRUE(registry);
  EXPECT_EQ(registry->models().size(), 1U);
  ASSERT_EQ(registry->faults().size(), 2U);
  EXPECT_THAT(registry->faults()[0].error.message, HasSubstr("b.onnx"));
  EXPECT_THAT(registry->faults()[1].error.message, HasSubstr("named \"good\" too"));
}

TEST_F(Folder, ModelsAreFoundByNameOrAlphabet) {
  write("a.onnx", to_onnx(random_model(digits_card("another"))));
  write("b.onnx", to_onnx(random_model(digits_card("digits"))));
  const auto registry = Registry::load_folder(path);
  ASSERT_TRUE(registry);
  EXPECT_EQ((*registry->find("", "digits"))->card().name, "digits");
  EXPECT_EQ((*registry->find("another", ""))->card().name, "another");
  EXPECT_THAT(registry->find("none", "").error().message, HasSubstr("another (digits), digits"));
  EXPECT_EQ(registry->find("", "hanzi").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(registry->find("digits", "hanzi").error().code, ErrorCode::kInvalidArgument);
}

// An alphabet that no model has is read by one that knows more: as that one reads, what it may not
// say left out.
TEST_F(Folder, AnAlphabetOfNoModelIsReadByAWiderOne) {
  Card card = digits_card("all");
  card.alphabet_name = "alphanumeric";
  card.alphabet = *builtin_alphabet("alphanumeric");
  write("a.onnx", to_onnx(random_model(digits_card("digits"))));
  write("b.onnx", to_onnx(random_model(card)));
  const auto registry = Registry::load_folder(path);
  ASSERT_TRUE(registry);
  EXPECT_EQ((*registry->find("", "digits"))->card().name, "digits");
  const auto wide = *registry->find("all", "");
  const auto letters = registry->find("", "letters");
  ASSERT_TRUE(letters) << letters.error().message;
  EXPECT_EQ((*letters)->card().name, "all");
  EXPECT_EQ((*letters)->card().alphabet_name, "letters");
  EXPECT_EQ((*letters)->card().alphabet.size(), 52U);

  const auto glyph = ink::normalize(line(0.3F), ink::Normalization::kInk1);
  ASSERT_TRUE(glyph);
  const auto of_all = score(*wide, {&*glyph, 1}).front();
  const auto of_letters = score(**letters, {&*glyph, 1}).front();
  double sum = 0;
  for (std::size_t c = 10; c < 62; ++c) sum += static_cast<double>(of_all[c]);
  for (std::size_t c = 0; c < 52; ++c) EXPECT_NEAR(of_letters[c], of_all[c + 10] / sum, 1e-5);
  const Reading reading = Recognizer(*letters).read(line(0.3F));
  EXPECT_EQ(reading.alphabet, "letters");
  const auto best = std::max_element(of_letters.begin(), of_letters.end()) - of_letters.begin();
  EXPECT_EQ(reading.glyphs.front().text, (*letters)->card().alphabet[static_cast<size_t>(best)]);

  EXPECT_EQ((*registry->find("all", "digits"))->card().alphabet.size(), 10U);
  EXPECT_THAT(registry->find("digits", "letters").error().message, HasSubstr("has no A"));
}

TEST_F(Folder, ARawModelIsTheLastToReadUnasked) {
  Card raw = digits_card("a-raw");
  raw.normalization = ink::Normalization::kRaw;
  write("a.onnx", to_onnx(random_model(raw)));
  EXPECT_EQ((*Registry::load_folder(path)->find("", "digits"))->card().name, "a-raw");
  write("b.onnx", to_onnx(random_model(digits_card("some"))));
  EXPECT_EQ((*Registry::load_folder(path)->find("", "digits"))->card().name, "some");
}

// A model of pairs goes with the one of their characters, and is never one to read with.
TEST_F(Folder, AModelOfPairsHelpsTheOneOfItsCharacters) {
  Card card = digits_card("a-pairs");
  card.alphabet = all_pairs(*builtin_alphabet("digits"));
  card.glyphs = 2;
  Card raw = digits_card("raw");
  raw.normalization = ink::Normalization::kRaw;
  write("a.onnx", to_onnx(random_model(card)));
  write("b.onnx", to_onnx(random_model(digits_card("some"))));
  write("c.onnx", to_onnx(random_model(raw)));
  const auto registry = Registry::load_folder(path);
  ASSERT_TRUE(registry);
  EXPECT_TRUE(registry->faults().empty());
  const auto some = *registry->find("", "digits");
  EXPECT_EQ(some->card().name, "some");
  ASSERT_TRUE(some->pairs());
  EXPECT_EQ(some->pairs()->card().name, "a-pairs");
  EXPECT_FALSE((*registry->find("raw", ""))->pairs());
  EXPECT_FALSE(some->pairs()->pairs());
  const auto pairs = *registry->find("a-pairs", "");
  EXPECT_THAT(check(ReadOptions{}, pairs->card()).error().message, HasSubstr("helps another"));
  EXPECT_THAT(registry->find("", "hanzi").error().message, Not(HasSubstr("a-pairs")));
  // A registry of the same models takes the same ones over.
  const Registry again(registry->models(), {});
  EXPECT_EQ(*again.find("some", ""), some);
  const Registry alone({some}, {});
  EXPECT_FALSE((*alone.find("some", ""))->pairs());
}

TEST_F(Folder, AMissingFolderIsAnError) {
  const auto registry = Registry::load_folder(path / "none");
  ASSERT_FALSE(registry);
  EXPECT_THAT(registry.error().message, HasSubstr("none"));
}

}  // namespace
}  // namespace longhand::recognizer
