#include "training/loader.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "training/augment.h"
#include "training/counter_random.h"
#include "training/learner.h"
#include "training/negatives.h"

namespace longhand::training {
namespace {

constexpr std::size_t kPixels = 28 * 28;

void to_input(const std::uint8_t* pixels, float* out) {
  for (std::size_t i = 0; i < kPixels; ++i) out[i] = static_cast<float>(pixels[i]) / 255.0F;
}

}  // namespace

BatchMaker::BatchMaker(const Recipe& recipe, const Samples& samples)
    : recipe_(recipe),
      samples_(samples),
      steps_per_epoch_(std::max<std::int64_t>(
          1, static_cast<std::int64_t>(samples.size()) / recipe.training.batch)) {
  if (samples.size() == 0) throw std::logic_error("no samples to learn from");
  if (!recipe.augmentation.enabled) {
    plain_ = normalize_all(samples, recipe.normalization);
    return;
  }
  inks_.reserve(samples.size());
  for (const ink::Raster& picture : samples.pictures) {
    inks_.push_back(ink_of(picture, recipe.normalization));
  }
}

BatchMaker::Order BatchMaker::order(std::int64_t epoch) const {
  const std::lock_guard lock(orders_mutex_);
  Order& kept = orders_[epoch];
  if (kept == nullptr) {
    std::vector<std::uint32_t> order(samples_.size());
    std::iota(order.begin(), order.end(), 0U);
    CounterRandom random(
        {use(RandomUse::kShuffle), recipe_.seed, static_cast<std::uint64_t>(epoch)});
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    kept = std::make_shared<const std::vector<std::uint32_t>>(std::move(order));
  }
  const Order result = kept;
  if (orders_.size() > 3) orders_.erase(orders_.begin());  // one made anew is the same again
  return result;
}

void BatchMaker::add_character(std::size_t sample, std::uint64_t epoch, float* out) const {
  if (!recipe_.augmentation.enabled) return to_input(plain_.data() + sample * kPixels, out);
  // A picture bent until no ink is left is bent anew.
  for (std::uint64_t attempt = 0; attempt < 4; ++attempt) {
    const CounterRandom random(
        {use(RandomUse::kAugmentation), recipe_.seed, epoch, sample, attempt});
    ink::Raster bent{augment(inks_[sample], recipe_.augmentation, recipe_.normalization, random),
                     {}};
    if (const auto glyph = ink::normalize(bent, recipe_.normalization)) {
      return to_input(glyph->image.pixels.data(), out);
    }
  }
  if (const auto glyph = ink::normalize(samples_.pictures[sample], recipe_.normalization)) {
    return to_input(glyph->image.pixels.data(), out);
  }
  std::fill_n(out, kPixels, 0.0F);
}

void BatchMaker::add_negative(std::initializer_list<std::uint64_t> key, float* out) const {
  CounterRandom random(key);
  for (int attempt = 0; attempt < 8; ++attempt) {
    const CounterRandom one({random.next()});
    ink::Raster picture{make_negative(samples_, recipe_.augmentation, recipe_.normalization, one),
                        {}};
    if (const auto glyph = ink::normalize(picture, recipe_.normalization)) {
      return to_input(glyph->image.pixels.data(), out);
    }
  }
  std::fill_n(out, kPixels, 0.0F);
}

Batch BatchMaker::make(std::int64_t step) const {
  const std::int64_t epoch = step / steps_per_epoch_;
  const std::int64_t place = step % steps_per_epoch_;
  const Order shuffled = order(epoch);
  const std::vector<std::uint32_t>& samples = *shuffled;
  const auto characters =
      std::min<std::size_t>(static_cast<std::size_t>(recipe_.training.batch), samples.size());
  const auto negatives = static_cast<std::size_t>(
      std::lround(recipe_.training.negatives * static_cast<double>(characters)));
  Batch batch;
  batch.inputs.resize((characters + negatives) * kPixels);
  batch.labels.assign(characters + negatives, Learner::kNothing);
  for (std::size_t i = 0; i < characters; ++i) {
    const std::size_t sample = samples[static_cast<std::size_t>(place) * characters + i];
    batch.labels[i] = samples_.labels[sample];
    add_character(sample, static_cast<std::uint64_t>(epoch), batch.inputs.data() + i * kPixels);
  }
  for (std::size_t i = characters; i < characters + negatives; ++i) {
    add_negative({use(RandomUse::kNegative), recipe_.seed, static_cast<std::uint64_t>(step), i},
                 batch.inputs.data() + i * kPixels);
  }
  return batch;
}

std::vector<float> BatchMaker::negatives(std::int64_t count) const {
  std::vector<float> inputs(static_cast<std::size_t>(count) * kPixels);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    add_negative({use(RandomUse::kValidationNegative), recipe_.seed, i},
                 inputs.data() + i * kPixels);
  }
  return inputs;
}

Loader::Loader(const BatchMaker& maker, std::int64_t first, std::int64_t end, int threads)
    : maker_(maker), end_(end), ahead_(4 * threads + 4), wanted_(first), started_(first) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

Loader::~Loader() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void Loader::work(const std::stop_token& stop) {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return started_ < end_ && started_ < wanted_ + ahead_; });
    if (stop.stop_requested()) return;
    const std::int64_t step = started_++;
    lock.unlock();
    try {
      Batch batch = maker_.make(step);
      lock.lock();
      ready_.emplace(step, std::move(batch));
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      failure_ = std::current_exception();
    }
    changed_.notify_all();
    if (failure_) return;
  }
}

Batch Loader::next() {
  std::unique_lock lock(mutex_);
  if (wanted_ >= end_) throw std::logic_error("no more batches");
  changed_.wait(lock, [this] { return ready_.count(wanted_) != 0 || failure_ != nullptr; });
  if (failure_) std::rethrow_exception(failure_);
  Batch batch = std::move(ready_.at(wanted_));
  ready_.erase(wanted_++);
  changed_.notify_all();
  return batch;
}

}  // namespace longhand::training
