#include "training/loader.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "data/test_files.h"
#include "ink/rasterize.h"
#include "recognizer/confidences.h"
#include "recognizer/tiny_model.h"
#include "training/augment.h"
#include "training/learner.h"
#include "training/negatives.h"
#include "training/teacher.h"

namespace longhand::training {
namespace {

// Slanted strokes of ten kinds, as if they were characters.
Samples make_samples(std::size_t count) {
  Samples samples;
  for (std::size_t i = 0; i < count; ++i) {
    const auto kind = static_cast<float>(i % 10);
    ink::Strokes strokes;
    strokes.strokes = {{{8 + kind, 4, 0, 1}, {20 - kind, 24, 0, 1}},
                       {{6, 6 + kind, 0, 1}, {22, 14, 0, 1}}};
    ink::Brush brush;
    brush.width = 3;
    samples.pictures.push_back({ink::rasterize(strokes, 28, 28, brush), {}});
    samples.labels.push_back(static_cast<std::int32_t>(i % 10));
  }
  return samples;
}

Recipe make_recipe(bool bent, ink::Normalization normalization) {
  Recipe recipe;
  recipe.seed = 5;
  recipe.normalization = normalization;
  recipe.training.batch = 7;
  recipe.training.negatives = bent ? 0.3 : 0;
  Augmentation& bend = recipe.augmentation;
  bend.enabled = bent;
  bend.rotation = 15;
  bend.shear = bend.scale = bend.contrast = 0.2;
  bend.elastic = 0.03;
  bend.stroke = 0.5;
  bend.noise = 0.1;
  bend.cutout = bend.low_resolution = 0.3;
  return recipe;
}

std::vector<Batch> load(const BatchMaker& maker, std::int64_t first, std::int64_t end,
                        int threads) {
  Loader loader(maker, first, end, threads);
  std::vector<Batch> batches;
  for (std::int64_t step = first; step < end; ++step) batches.push_back(loader.next());
  return batches;
}

class LoaderWith : public testing::TestWithParam<ink::Normalization> {};

TEST_P(LoaderWith, GivesTheSameBytesOnAnyNumberOfThreads) {
  const Samples samples = make_samples(30);
  const Recipe recipe = make_recipe(true, GetParam());
  const BatchMaker maker(recipe, samples);
  const auto one = load(maker, 0, 20, 1);
  for (const int threads : {2, 5}) {
    const auto many = load(maker, 0, 20, threads);
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_EQ(one[i].inputs, many[i].inputs) << i;
      EXPECT_EQ(one[i].labels, many[i].labels) << i;
    }
  }
  // Begun in the middle, as when a training is resumed.
  const auto rest = load(maker, 13, 20, 2);
  EXPECT_EQ(rest.front().inputs, one[13].inputs);
}

INSTANTIATE_TEST_SUITE_P(Normalizations, LoaderWith,
                         testing::Values(ink::Normalization::kRaw, ink::Normalization::kInk1));

TEST(Loader, BendsEachEpochAnew) {
  const Samples samples = make_samples(7);
  const Recipe recipe = make_recipe(true, ink::Normalization::kRaw);
  const BatchMaker maker(recipe, samples);
  ASSERT_EQ(maker.steps_per_epoch(), 1);
  EXPECT_NE(maker.make(0).inputs, maker.make(1).inputs);
}

TEST(Loader, ShowsEachSampleOnceAnEpoch) {
  const Samples samples = make_samples(70);
  const Recipe recipe = make_recipe(false, ink::Normalization::kRaw);
  const BatchMaker maker(recipe, samples);
  std::vector<int> seen(10);
  for (std::int64_t step = 0; step < 10; ++step) {
    for (const std::int32_t label : maker.make(step).labels)
      ++seen[static_cast<std::size_t>(label)];
  }
  EXPECT_EQ(seen, std::vector<int>(10, 7));
}

TEST(Loader, AddsTheShareOfNegatives) {
  const Samples samples = make_samples(70);
  const Recipe recipe = make_recipe(true, ink::Normalization::kRaw);
  const Batch batch = BatchMaker(recipe, samples).make(0);
  EXPECT_EQ(batch.labels.size(), 9U);  // 7 and 0.3 * 7
  EXPECT_EQ(batch.labels.back(), Learner::kNothing);
  EXPECT_EQ(batch.inputs.size(), 9U * 784U);
}

TEST(Loader, BendsLessInTheCalmEpochs) {
  const data::testing::Folder folder;
  const Samples samples = make_samples(70);
  Recipe recipe = make_recipe(true, ink::Normalization::kInk1);
  recipe.augmentation.seed = 5;
  recipe.training.epochs = 2;
  const auto full = BatchMaker(recipe, samples);
  const std::vector<float> first = full.make(0).inputs;
  const std::vector<float> last = full.make(full.steps_per_epoch()).inputs;
  Recipe calm_recipe = recipe;
  calm_recipe.augmentation.calm_epochs = 1;
  calm_recipe.augmentation.calm = 0;  // not bent at all
  const Recipe calm_whole = [&] {
    Recipe copy = calm_recipe;
    copy.augmentation.calm_epochs = 2;
    return copy;
  }();
  const std::vector<float> unbent =
      BatchMaker(calm_whole, samples).make(full.steps_per_epoch()).inputs;
  EXPECT_NE(unbent, last);
  for (const bool filled : {false, true}) {
    BatchMaker maker(calm_recipe, samples);
    ASSERT_TRUE(maker.keep_in(folder.path(), 2));
    EXPECT_EQ(maker.make(0).inputs, first) << filled;
    EXPECT_EQ(maker.make(maker.steps_per_epoch()).inputs, unbent) << filled;
  }
}

TEST(Loader, TakesFromTheCacheWhatItWouldMake) {
  const data::testing::Folder folder;
  Samples samples = make_samples(70);
  samples.parts = {{0, 30, 50}, {30, 70, 20}};
  Recipe recipe = make_recipe(true, ink::Normalization::kInk1);
  recipe.augmentation.seed = 5;
  const BatchMaker plain(recipe, samples);
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(folder.path()), {});
  };
  recipe.seed = 6;  // another shuffle of the same glyphs
  const auto other = BatchMaker(recipe, samples).make(12).inputs;
  recipe.seed = 5;
  for (const bool filled : {false, true}) {
    BatchMaker maker(recipe, samples);
    ASSERT_TRUE(maker.keep_in(folder.path(), 2));
    for (std::int64_t step = 0; step < 20; ++step) {
      EXPECT_EQ(maker.make(step).inputs, plain.make(step).inputs) << step << filled;
    }
    EXPECT_EQ(files(), 1);
  }
  recipe.seed = 6;
  BatchMaker maker(recipe, samples);
  ASSERT_TRUE(maker.keep_in(folder.path(), 2));
  EXPECT_EQ(maker.make(12).inputs, other);
  EXPECT_EQ(files(), 1);
  recipe.augmentation.rotation += 1;
  BatchMaker bent_otherwise(recipe, samples);
  ASSERT_TRUE(bent_otherwise.keep_in(folder.path(), 2));
  EXPECT_NE(bent_otherwise.make(12).inputs, other);
  EXPECT_EQ(files(), 2);
}

TEST(Loader, BendsAPartByItsShare) {
  Samples samples = make_samples(128);
  Recipe recipe = make_recipe(true, ink::Normalization::kInk2);
  recipe.augmentation = {};
  recipe.augmentation.enabled = true;
  const auto unbent = BatchMaker(recipe, samples).make(0);
  recipe.augmentation.rotation = 30;
  recipe.augmentation.shear = recipe.augmentation.scale = 0.3;
  recipe.augmentation.elastic = 0.04;
  samples.parts = {{0, 64, 64, 0}, {64, 128, 64, 0.5}};
  const auto made = BatchMaker(recipe, samples).make(0);
  samples.parts[1].bend = 1;
  const auto fully = BatchMaker(recipe, samples).make(0);
  ASSERT_EQ(made.labels, unbent.labels);
  std::size_t kept = 0, halved = 0;
  for (std::size_t i = 0; i < made.labels.size(); ++i) {
    const auto same = [&](const Batch& other) {
      return std::equal(made.inputs.begin() + static_cast<std::ptrdiff_t>(i * 784),
                        made.inputs.begin() + static_cast<std::ptrdiff_t>(i * 784 + 784),
                        other.inputs.begin() + static_cast<std::ptrdiff_t>(i * 784));
    };
    kept += same(unbent) ? 1 : 0;
    halved += !same(unbent) && !same(fully) ? 1 : 0;
  }
  // A batch may be of fewer samples than there are, and is of both parts.
  EXPECT_GT(kept, 0U);
  EXPECT_GT(halved, 0U);
  EXPECT_EQ(kept + halved, made.labels.size());
}

TEST(Loader, AsksTheTeachersOfEveryGlyph) {
  const data::testing::Folder folder;
  recognizer::TinyModel tiny;
  tiny.weights.resize(10 * 784);
  for (std::size_t i = 0; i < tiny.weights.size(); ++i) {
    tiny.weights[i] = static_cast<float>(i % 97) / 97 - 0.5F;
  }
  tiny.metadata = recognizer::to_metadata(recognizer::digits_card("teacher"));
  const auto file = folder.write("teacher.onnx", recognizer::to_onnx(tiny));
  const Samples samples = make_samples(70);
  const auto digits = *recognizer::builtin_alphabet("digits");
  Recipe recipe = make_recipe(true, ink::Normalization::kInk1);
  recipe.alphabet = digits;
  const auto teachers = Teachers::load({file}, digits, ink::Normalization::kInk1);
  ASSERT_TRUE(teachers) << teachers.error().message;
  const Batch batch = BatchMaker(recipe, samples, *teachers).make(3);
  ASSERT_EQ(batch.taught.size(), batch.labels.size() * 10);
  std::vector<float> logits(10), expected(10);
  for (std::size_t i = 0; i < batch.labels.size(); ++i) {
    for (std::size_t c = 0; c < 10; ++c) {
      logits[c] = 0;
      for (std::size_t p = 0; p < 784; ++p) {
        logits[c] += tiny.weights[c * 784 + p] * batch.inputs[i * 784 + p];
      }
    }
    recognizer::softmax(logits, 1, expected);
    for (std::size_t c = 0; c < 10; ++c) {
      EXPECT_NEAR(batch.taught[i * 10 + c], expected[c], 1e-4) << i << ' ' << c;
    }
  }
  // Kept, and taken from what was kept.
  for (int round = 0; round < 2; ++round) {
    BatchMaker maker(recipe, samples, *teachers);
    ASSERT_TRUE(maker.keep_in(folder.path() / "cache", 2));
    EXPECT_EQ(maker.make(3).taught, batch.taught);
  }
  const auto other = Teachers::load({file}, digits, ink::Normalization::kRaw);
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("normalization"), std::string::npos);
  const auto none =
      Teachers::load({folder.path() / "none.onnx"}, digits, ink::Normalization::kInk1);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("training.teachers=[]"), std::string::npos);
}

TEST(Augment, IsAFunctionOfItsKey) {
  const Samples samples = make_samples(1);
  const Recipe recipe = make_recipe(true, ink::Normalization::kInk1);
  const auto bent = [&](std::uint64_t key) {
    return augment(samples.pictures[0].grey, recipe.augmentation, recipe.normalization,
                   CounterRandom({key}));
  };
  EXPECT_EQ(bent(1), bent(1));
  EXPECT_NE(bent(1), bent(2));
}

TEST(Augment, WithoutStrengthKeepsThePicture) {
  const Samples samples = make_samples(1);
  const ink::GreyImage& given = samples.pictures[0].grey;
  const ink::GreyImage same =
      augment(given, Augmentation{}, ink::Normalization::kRaw, CounterRandom({1}));
  ASSERT_EQ(same.width, given.width);
  double difference = 0;
  for (std::size_t i = 0; i < given.pixels.size(); ++i) {
    difference += std::abs(static_cast<int>(given.pixels[i]) - static_cast<int>(same.pixels[i]));
  }
  EXPECT_LT(difference / static_cast<double>(given.pixels.size()), 6);  // resampled twice
}

TEST(Augment, BreaksTakeALittleInkAndAddNone) {
  const Samples samples = make_samples(10);
  Augmentation breaks;
  breaks.breaks = 1;
  const auto ink_of = [](const ink::GreyImage& picture) {
    return std::accumulate(picture.pixels.begin(), picture.pixels.end(), 0.0);
  };
  for (std::uint64_t key = 0; key < 50; ++key) {
    const ink::GreyImage& given = samples.pictures[key % 10].grey;
    const double whole = ink_of(augment(given, {}, ink::Normalization::kRaw, CounterRandom({key})));
    const double broken =
        ink_of(augment(given, breaks, ink::Normalization::kRaw, CounterRandom({key})));
    EXPECT_LT(broken, whole) << key;
    EXPECT_GT(broken, 0.3 * whole) << key;
  }
}

TEST(Augment, NegativesHaveInkAndDiffer) {
  const Samples samples = make_samples(10);
  const Recipe recipe = make_recipe(true, ink::Normalization::kRaw);
  std::vector<ink::GreyImage> pictures;
  for (std::uint64_t key = 0; key < 64; ++key) {
    pictures.push_back(
        make_negative(samples, recipe.augmentation, recipe.normalization, CounterRandom({key})));
    const auto& pixels = pictures.back().pixels;
    EXPECT_GT(*std::max_element(pixels.begin(), pixels.end()), 60) << key;
    if (key > 0) {
      EXPECT_NE(pictures[key], pictures[key - 1]);
    }
  }
}

}  // namespace
}  // namespace longhand::training
