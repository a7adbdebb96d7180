#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "training/epoch.h"
#include "training/recipe.h"
#include "training/sample_cache.h"
#include "training/samples.h"
#include "training/teacher.h"

namespace longhand::training {

// One step's pictures, ready for the network.
struct Batch {
  std::vector<float> inputs;         // labels.size() * 784, ink 1
  std::vector<std::int32_t> labels;  // Learner::kNothing for what is no character
  std::vector<float> taught;         // labels.size() * classes of the teachers, if there are any
};

// Makes batches. Each is a pure function of (recipe, samples, number of the step); an epoch is all
// whole batches of draw_epoch(). Thread-safe. Keeps references to what it is made of.
class BatchMaker {
 public:
  BatchMaker(const Recipe& recipe, const Samples& samples, Teachers teachers = {});

  // From now on what is made is kept in files of the folder, and taken from them where another
  // training of the same samples and augmentation has made it. kIo where they can't be written.
  Result<void> keep_in(const std::filesystem::path& folder, std::int64_t epochs);

  std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  Batch make(std::int64_t step) const;
  // The negatives of the validation split: the same for every training of the same seed.
  std::vector<float> negatives(std::int64_t count) const;

 private:
  using Order = std::shared_ptr<const std::vector<Draw>>;
  using Glyph = std::array<std::uint8_t, ink::Glyph::kSize * ink::Glyph::kSize>;
  // How an epoch's characters are bent, and where what was made of them is kept.
  struct Bending {
    Augmentation strengths;
    std::unique_ptr<SampleCache> glyphs;   // null where nothing is kept
    std::unique_ptr<SampleCache> lessons;  // what the teachers said of them
  };
  Order order(std::int64_t epoch) const;
  std::size_t characters() const;  // of a batch
  std::size_t negatives() const;
  // Glyphs are kept in blocks: every sample with one turn, then the negatives of one epoch.
  std::size_t block() const;
  const Bending& bending(std::int64_t epoch) const;
  Glyph make_character(Draw draw, const Augmentation& strengths) const;
  Glyph make_negative_glyph(std::initializer_list<std::uint64_t> key) const;
  template <typename Make>
  static void add(const SampleCache* kept, std::size_t entry, float* out, const Make& make);
  void add_lessons(const SampleCache* kept, const std::vector<std::size_t>& entries,
                   Batch& batch) const;
  std::string digest(const Augmentation& bend) const;
  Result<void> keep(Bending& bending, const std::filesystem::path& folder, std::size_t entries);

  const Recipe& recipe_;
  const Samples& samples_;
  Teachers teachers_;
  std::int64_t steps_per_epoch_;
  Bending full_;
  Bending calm_;
  std::vector<std::uint8_t> plain_;       // normalised, where nothing is bent
  std::vector<ink::GreyImage> inks_;      // to be bent
  mutable std::mutex orders_mutex_;
  mutable std::map<std::int64_t, Order> orders_;  // of the last epochs
};

// Makes batches ahead of their use on threads of its own; next() hands them out in order.
class Loader {
 public:
  Loader(const BatchMaker& maker, std::int64_t first, std::int64_t end, int threads);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // The batch of the next step; must not be called more often than there are steps. Throws what a
  // thread of the loader threw.
  Batch next();

 private:
  void work(const std::stop_token& stop);

  const BatchMaker& maker_;
  std::int64_t end_;
  std::int64_t ahead_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::int64_t wanted_;   // the step that next() gives
  std::int64_t started_;  // the first step that no thread has taken
  std::map<std::int64_t, Batch> ready_;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;
};

}  // namespace longhand::training
