#include "training/loader.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "base/sha256.h"
#include "training/augment.h"
#include "training/counter_random.h"
#include "training/learner.h"
#include "training/negatives.h"

namespace longhand::training {
namespace {

constexpr std::size_t kPixels = 28 * 28;

// The strengths of the calm epochs: every amount and probability by its share.
Augmentation calmed(Augmentation strengths) {
  for (double* amount : {&strengths.rotation, &strengths.shear, &strengths.scale,
                         &strengths.translation, &strengths.elastic, &strengths.stroke,
                         &strengths.contrast, &strengths.noise, &strengths.cutout,
                         &strengths.breaks, &strengths.low_resolution}) {
    *amount *= strengths.calm;
  }
  return strengths;
}

void to_input(std::span<const std::uint8_t> pixels, float* out) {
  for (const std::uint8_t pixel : pixels) *out++ = static_cast<float>(pixel) / 255.0F;
}

// The strengths for the samples of a part.
Augmentation bent_for(const Part& part, Augmentation strengths) {
  for (double* amount :
       {&strengths.rotation, &strengths.shear, &strengths.scale, &strengths.elastic}) {
    *amount *= part.bend;
  }
  return strengths;
}

// The strengths for one sample. Samples without parts take all.
Augmentation bent_for(const Samples& samples, std::size_t sample, const Augmentation& strengths) {
  for (const Part& part : samples.parts) {
    if (sample < part.end) return bent_for(part, strengths);
  }
  return strengths;
}

}  // namespace

BatchMaker::BatchMaker(const Recipe& recipe, const Samples& samples, Teachers teachers)
    : recipe_(recipe),
      samples_(samples),
      teachers_(std::move(teachers)),
      steps_per_epoch_(std::max<std::int64_t>(
          1, static_cast<std::int64_t>(epoch_size(samples)) / recipe.training.batch)),
      full_{recipe.augmentation, {}, {}},
      calm_{calmed(recipe.augmentation), {}, {}} {
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

std::size_t BatchMaker::characters() const {
  return std::min(static_cast<std::size_t>(recipe_.training.batch), epoch_size(samples_));
}

std::size_t BatchMaker::negatives() const {
  return static_cast<std::size_t>(
      std::lround(recipe_.training.negatives * static_cast<double>(characters())));
}

std::size_t BatchMaker::block() const {
  return samples_.size() + static_cast<std::size_t>(steps_per_epoch_) * negatives();
}

// What the glyphs depend on, and a few of them, so that a change of the code is another digest.
std::string BatchMaker::digest(const Augmentation& bend) const {
  std::ostringstream text;
  text << ink::to_string(recipe_.normalization) << ' ' << samples_.size() << ' '
       << epoch_size(samples_) << ' ' << characters() << ' ' << negatives() << ' ' << bend.seed
       << ' ' << bend.rotation << ' ' << bend.shear << ' ' << bend.scale << ' ' << bend.translation
       << ' ' << bend.elastic << ' ' << bend.elastic_grid << ' ' << bend.stroke << ' '
       << bend.contrast << ' ' << bend.noise << ' ' << bend.cutout << ' ' << bend.low_resolution
       << ' ' << bend.breaks << '\n';
  for (const Part& part : samples_.parts) text << part.end << ' ' << part.bend << '\n';
  for (const ink::GreyImage& ink : inks_) {
    text.write(reinterpret_cast<const char*>(ink.pixels.data()),
               static_cast<std::streamsize>(ink.pixels.size()));
  }
  for (std::uint32_t i = 0; i < 64; ++i) {
    const Glyph character =
        make_character({static_cast<std::uint32_t>(i * samples_.size() / 64), i}, bend);
    const Glyph negative = make_negative_glyph({i});
    for (const Glyph* glyph : {&character, &negative}) {
      text.write(reinterpret_cast<const char*>(glyph->data()),
                 static_cast<std::streamsize>(glyph->size()));
    }
  }
  const std::string bytes = text.str();
  return to_hex(sha256(std::as_bytes(std::span(bytes.data(), bytes.size()))));
}

Result<void> BatchMaker::keep_in(const std::filesystem::path& folder, std::int64_t epochs) {
  if (!recipe_.augmentation.enabled) return {};  // nothing that takes time
  const std::size_t entries = turns(samples_, epochs) * block();
  if (auto kept = keep(full_, folder, entries); !kept) return kept;
  if (recipe_.augmentation.calm_epochs == 0) return {};
  return keep(calm_, folder, entries);
}

Result<void> BatchMaker::keep(Bending& bending, const std::filesystem::path& folder,
                              std::size_t entries) {
  const std::string key = digest(bending.strengths);
  auto glyphs = SampleCache::open(folder, "glyphs-" + key.substr(0, 24), entries, sizeof(Glyph));
  if (!glyphs) return tl::unexpected(glyphs.error());
  bending.glyphs = std::move(*glyphs);
  if (teachers_.versions().empty()) return {};
  const std::string lessons = key + " " + teachers_.versions();
  const auto name = to_hex(sha256(std::as_bytes(std::span(lessons.data(), lessons.size()))));
  auto opened = SampleCache::open(folder, "lessons-" + name.substr(0, 24), entries,
                                  recipe_.alphabet.size() * sizeof(float));
  if (!opened) return tl::unexpected(opened.error());
  bending.lessons = std::move(*opened);
  return {};
}

const BatchMaker::Bending& BatchMaker::bending(std::int64_t epoch) const {
  return epoch < recipe_.training.epochs - recipe_.augmentation.calm_epochs ||
                 recipe_.augmentation.calm_epochs == 0
             ? full_
             : calm_;
}

BatchMaker::Order BatchMaker::order(std::int64_t epoch) const {
  const std::lock_guard lock(orders_mutex_);
  Order& kept = orders_[epoch];
  if (kept == nullptr) {
    kept = std::make_shared<const std::vector<Draw>>(draw_epoch(samples_, recipe_.seed, epoch));
  }
  const Order result = kept;
  if (orders_.size() > 3) orders_.erase(orders_.begin());  // one made anew is the same again
  return result;
}

BatchMaker::Glyph BatchMaker::make_character(Draw draw, const Augmentation& strengths) const {
  const std::size_t sample = draw.sample;
  Glyph result{};
  const auto take = [&result](const ink::Raster& picture, ink::Normalization normalization) {
    const auto glyph = ink::normalize(picture, normalization);
    if (glyph) std::copy_n(glyph->image.pixels.begin(), result.size(), result.begin());
    return glyph.has_value();
  };
  if (!recipe_.augmentation.enabled) {
    std::copy_n(plain_.begin() + static_cast<std::ptrdiff_t>(sample * kPixels), kPixels,
                result.begin());
    return result;
  }
  const Augmentation own = bent_for(samples_, sample, strengths);
  // A picture bent until no ink is left is bent anew.
  for (std::uint64_t attempt = 0; attempt < 4; ++attempt) {
    const CounterRandom random({use(RandomUse::kAugmentation),
                                static_cast<std::uint64_t>(recipe_.augmentation.seed), draw.turn,
                                sample, attempt});
    const ink::Raster bent{
        augment(inks_[sample], own, recipe_.normalization, random), {}};
    if (take(bent, recipe_.normalization)) return result;
  }
  take(samples_.pictures[sample], recipe_.normalization);
  return result;
}

BatchMaker::Glyph BatchMaker::make_negative_glyph(std::initializer_list<std::uint64_t> key) const {
  Glyph result{};
  CounterRandom random(key);
  for (int attempt = 0; attempt < 8; ++attempt) {
    const CounterRandom one({random.next()});
    const ink::Raster picture{
        make_negative(samples_, recipe_.augmentation, recipe_.normalization, one), {}};
    const auto glyph = ink::normalize(picture, recipe_.normalization);
    if (!glyph) continue;
    std::copy_n(glyph->image.pixels.begin(), result.size(), result.begin());
    break;
  }
  return result;
}

// Takes the entry from what is kept, or makes and keeps it.
template <typename Make>
void BatchMaker::add(const SampleCache* kept, std::size_t entry, float* out, const Make& make) {
  Glyph glyph;
  if (kept == nullptr || !kept->get(entry, std::as_writable_bytes(std::span(glyph)))) {
    glyph = make();
    if (kept != nullptr) kept->put(entry, std::as_bytes(std::span(glyph)));
  }
  to_input(glyph, out);
}

void BatchMaker::add_lessons(const SampleCache* kept, const std::vector<std::size_t>& entries,
                             Batch& batch) const {
  const std::size_t classes = recipe_.alphabet.size();
  batch.taught.resize(entries.size() * classes);
  const auto lesson = [&](std::size_t i) {
    return std::span(batch.taught).subspan(i * classes, classes);
  };
  bool all = kept != nullptr;
  for (std::size_t i = 0; all && i < entries.size(); ++i) {
    all = kept->get(entries[i], std::as_writable_bytes(lesson(i)));
  }
  if (all) return;
  teachers_.answer(batch.inputs, entries.size(), batch.taught);
  if (kept == nullptr) return;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    kept->put(entries[i], std::as_bytes(lesson(i)));
  }
}

Batch BatchMaker::make(std::int64_t step) const {
  const std::int64_t epoch = step / steps_per_epoch_;
  const auto place = static_cast<std::size_t>(step % steps_per_epoch_);
  const Order shuffled = order(epoch);
  const Bending& bent = bending(epoch);
  const std::size_t count = characters();
  Batch batch;
  batch.inputs.resize((count + negatives()) * kPixels);
  batch.labels.assign(count + negatives(), Learner::kNothing);
  std::vector<std::size_t> entries(batch.labels.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Draw draw = (*shuffled)[place * count + i];
    batch.labels[i] = samples_.labels[draw.sample];
    entries[i] = draw.turn * block() + draw.sample;
    add(bent.glyphs.get(), entries[i], batch.inputs.data() + i * kPixels,
        [&] { return make_character(draw, bent.strengths); });
  }
  for (std::size_t i = count; i < entries.size(); ++i) {
    entries[i] = static_cast<std::size_t>(epoch) * block() + samples_.size() + place * negatives() +
                 (i - count);
    add(bent.glyphs.get(), entries[i], batch.inputs.data() + i * kPixels, [&] {
      return make_negative_glyph({use(RandomUse::kNegative),
                                  static_cast<std::uint64_t>(recipe_.augmentation.seed),
                                  static_cast<std::uint64_t>(step), i});
    });
  }
  if (!teachers_.versions().empty()) add_lessons(bent.lessons.get(), entries, batch);
  return batch;
}

std::vector<float> BatchMaker::negatives(std::int64_t count) const {
  std::vector<float> inputs(static_cast<std::size_t>(count) * kPixels);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    to_input(make_negative_glyph({use(RandomUse::kValidationNegative), recipe_.seed, i}),
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
