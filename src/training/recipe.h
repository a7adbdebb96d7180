#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ink/normalize.h"
#include "training/layers.h"

namespace longhand::training {

// Where pictures come from. Exactly one kind is given: a pair of IDX files, a folder with one
// folder a class, a file of strokes, a file of forms, or a folder of
// fonts.
struct DataSource {
  std::string name;   // "letters-upper-nist": for messages, the card and data.without
  std::string terms;  // under which the data may be used, for the card
  std::filesystem::path images;
  std::filesystem::path labels;
  std::filesystem::path writers;    // "" where not known
  std::filesystem::path label_map;  // what 8-bit labels mean, where not the alphabet's places
  std::filesystem::path folder;
  std::filesystem::path strokes;  // the pen's paths, one object a line
  std::filesystem::path forms;    // how characters are written, to be written by made-up hands
  std::filesystem::path fonts;    // whose characters are drawn
  std::int64_t count = 0;         // how many pictures to draw of the forms
  bool transpose = false;         // IDX files that hold columns first, as EMNIST's do
  bool nothing = false;           // learnt as what is no character of the alphabet
  // Of a recipe of pairs: how many are put together from its characters, and how many pictures of
  // what a wrong cut shows instead (touching.h).
  std::int64_t pairs = 0;
  std::int64_t wrong_pairs = 0;
  // Which characters to take; none: all that the recipe's alphabet has.
  std::vector<std::string> characters;
  std::int64_t per_epoch = 0;    // samples that an epoch takes of it; 0: each once
  std::int64_t validation = -1;  // samples held out; -1: its share of data.validation
  // The share of the augmentation's rotation, shear, scale and elastic that its pictures take: what
  // a made-up hand has bent already would become another character.
  double bend = 1;
  // Whether what is held out of it fits the temperature. Where the same writers are learnt from,
  // the model is surer of them than it may be of others.
  bool calibrates = true;

  bool given() const {
    return !images.empty() || !folder.empty() || !strokes.empty() || !forms.empty() ||
           !fonts.empty();
  }
};

struct DataRecipe {
  std::string name;   // for the card
  std::string terms;  // under which the data may be used, for the card
  std::vector<DataSource> train;
  DataSource test;                  // may be absent
  std::int64_t validation = 5'000;  // samples held out, or whole writers of so many
  std::int64_t split_seed = 1;      // which ones; the recipe's seed unless said
  std::int64_t limit = 0;           // use so many training samples of each source; 0: all
};

struct Initialization {
  enum class Kind { kHe, kTruncatedNormal };
  Kind kind = Kind::kHe;
  double deviation = 0.1;  // kTruncatedNormal: cut at two deviations
  double bias = 0;         // of every convolution and linear layer
};

struct Optimizer {
  enum class Kind { kAdam, kAdamW, kSgd };
  Kind kind = Kind::kAdam;
  double rate = 1e-3;
  double weight_decay = 0;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double momentum = 0.9;
};

struct Schedule {
  enum class Kind { kConstant, kCosine, kOneCycle };
  Kind kind = Kind::kConstant;
  double warmup = 0;      // share of all steps over which the rate rises
  double final_rate = 0;  // what the rate falls to, as a share of optimizer.rate
};

// How strongly pictures are bent: each key is the largest amount, 0 leaves the step out.
struct Augmentation {
  bool enabled = false;
  std::int64_t seed = 1;      // of the bending and the negatives; the recipe's seed unless said
  double rotation = 0;        // degrees
  double shear = 0;           // tangent
  double scale = 0;           // natural logarithm of the factor, each axis by itself
  double translation = 0;     // share of the width
  double elastic = 0;         // deviation of the displacement, share of the width
  double elastic_grid = 5;    // knots of the displacement field along one side
  double stroke = 0;          // radius by which strokes grow or shrink, pixels of 28
  double contrast = 0;        // natural logarithm of gamma, and share of the ink's level
  double noise = 0;           // deviation, share of full ink; on a third of the pictures
  double cutout = 0;          // probability of one patch without ink
  double breaks = 0;          // probability of one to four thin gaps through all strokes
  double low_resolution = 0;  // probability of a picture of 10 to 24 pixels a side
  // The last epochs see characters bent by this share of all that only, nearer to what is read in
  // the end ("refined" augmentation: He et al., Data Augmentation Revisited, 2019).
  std::int64_t calm_epochs = 0;
  double calm = 0.4;
};

struct TrainingPlan {
  std::int64_t batch = 128;
  std::int64_t epochs = 0;  // either epochs ...
  std::int64_t steps = 0;   // ... or steps
  double ema = 0;           // decay of the average of weights; 0: none
  double label_smoothing = 0;
  bool balance = false;  // the model's answers take all classes to be alike frequent (learner.h)
  double negatives = 0;  // pictures that are no character, as a share added to each batch
  std::vector<std::filesystem::path> teachers;  // models whose mean answer is learnt as well
  double teaching = 0.7;  // weight of the teachers' answer against the label's
  double nothing = 1;     // weight in the loss of what is no character, against a character's
  enum class Choice { kLoss, kAccuracy, kLast };
  Choice choose = Choice::kLoss;  // which epoch becomes the model, by the validation split
  std::filesystem::path start;    // a checkpoint whose model to begin from; "": from random weights
  std::int64_t checkpoint_every = 500;  // steps; at the end of each epoch besides
  std::int64_t threads = 1;             // of libtorch
  std::int64_t loaders = 1;             // threads that prepare pictures
};

// How the exported file holds the weights of convolutions and linear layers. With kInt8 and kInt4
// the training knows of it (quantize.h).
enum class WeightType { kFloat32, kFloat16, kInt8, kInt4 };

// One training, wholly described. docs/training.md explains every key.
struct Recipe {
  std::string name;
  std::string alphabet_name;
  std::vector<std::string> alphabet;    // the classes
  std::vector<std::string> characters;  // what they are made of: the alphabet, unless glyphs is 2
  int glyphs = 1;                       // characters a class, which touch
  ink::Normalization normalization = ink::Normalization::kRaw;
  std::uint64_t seed = 1;
  std::string date;    // for the card; "" lets the trainer find one
  std::string file;    // the recipe's file name, for the card
  std::string digest;  // of all settings that change the result, hex
  // Of those that the weights depend on: not on the model's name, what the card says of the data,
  // and the test set.
  std::string weights_digest;
  DataRecipe data;
  std::vector<Layer> layers;
  Initialization initialization;
  Optimizer optimizer;
  Schedule schedule;
  TrainingPlan training;
  Augmentation augmentation;
  WeightType export_weights = WeightType::kFloat32;
  double lookalike_temperature = 1;  // for the card (recognizer/lookalikes.h)
};

// Reads a recipe and lays `settings` ("optimizer.rate=1e-3") over it. Every error (kCorruptData, or
// kInvalidArgument for a setting) names the key, the line, and what would be right. Unknown keys
// are errors. Paths in it are relative to the working directory.
Result<Recipe> load_recipe(const std::filesystem::path& file,
                           const std::vector<std::string>& settings);
Result<Recipe> parse_recipe(std::string_view toml, std::string_view file_name,
                            const std::vector<std::string>& settings);

}  // namespace longhand::training
