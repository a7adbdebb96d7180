#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "evaluation/evaluation.h"

namespace longhand::evaluation {
namespace {

using Clock = std::chrono::steady_clock;
using Classes = std::unordered_map<std::string, int>;

recognizer::Reading read(const recognizer::Recognizer& recognizer, const data::Sample& sample,
                         const std::optional<ink::Normalization>& normalization) {
  return std::visit(
      [&](const auto& input) {
        return normalization ? recognizer.read(ink::normalize(input, *normalization))
                             : recognizer.read(input);
      },
      sample.input);
}

// What is left of certainty for a label that is not among the candidates.
float share_of_the_rest(const std::vector<recognizer::Candidate>& candidates, std::size_t classes) {
  float rest = 1;
  for (const auto& candidate : candidates) rest -= candidate.confidence;
  const std::size_t others = classes - std::min(classes - 1, candidates.size());
  return std::max(0.0F, rest) / static_cast<float>(others);
}

Outcome judge(recognizer::Reading reading, std::size_t sample, int label, const Classes& classes) {
  Outcome outcome;
  outcome.sample = sample;
  outcome.label = label;
  outcome.rejected = reading.rejected;
  if (reading.glyphs.empty()) {
    outcome.label_confidence = 1 / static_cast<float>(classes.size());
    return outcome;
  }
  auto& glyph = reading.glyphs.front();
  outcome.confidence = glyph.confidence;
  for (std::size_t i = 0; i < glyph.candidates.size(); ++i) {
    const auto found = classes.find(glyph.candidates[i].text);
    if (found == classes.end()) continue;
    if (i == 0) outcome.read = found->second;
    if (found->second == label) {
      outcome.rank = static_cast<int>(i);
      outcome.label_confidence = glyph.candidates[i].confidence;
    }
  }
  if (outcome.rank < 0)
    outcome.label_confidence = share_of_the_rest(glyph.candidates, classes.size());
  if (outcome.read != label) outcome.seen = std::move(glyph.image);
  return outcome;
}

// Hands out samples to the threads and says how far they are.
class Work {
 public:
  Work(std::size_t total, const Options& options) : total_(total), options_(options) {}

  // The next stretch of samples; empty at the end and when stopped.
  std::pair<std::size_t, std::size_t> next() {
    constexpr std::size_t kStretch = 32;
    if (stopped()) return {0, 0};
    const std::size_t begin = next_.fetch_add(kStretch);
    return {std::min(begin, total_), std::min(begin + kStretch, total_)};
  }

  void finished(std::size_t samples) {
    const std::size_t done = done_.fetch_add(samples) + samples;
    if (!options_.progress) return;
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock) return;
    const auto now = Clock::now();
    if (now - told_ < std::chrono::milliseconds(100)) return;
    told_ = now;
    options_.progress(done, total_);
  }

  bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

 private:
  const std::size_t total_;
  const Options& options_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> done_{0};
  std::mutex mutex_;
  Clock::time_point told_ = Clock::now();
};

std::size_t thread_count(const Options& options, std::size_t samples) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t wanted =
      options.threads > 0 ? static_cast<std::size_t>(options.threads) : cores;
  return std::clamp<std::size_t>(samples / 16, 1, wanted);
}

// Runs `body` on that many threads, this one being one of them, and passes on what it throws.
void on_threads(std::size_t threads, const std::function<void()>& body) {
  std::exception_ptr thrown;
  std::mutex mutex;
  const auto guarded = [&] {
    try {
      body();
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!thrown) thrown = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(guarded);
    guarded();
  }
  if (thrown) std::rethrow_exception(thrown);
}

struct Labelled {
  std::size_t sample;
  int label;
};

}  // namespace

Result<Evaluation> evaluate(const recognizer::Recognizer& recognizer, const data::Dataset& set,
                            const Options& options) {
  const auto started = Clock::now();
  const recognizer::Card& card = recognizer.model().card();
  Classes classes;
  for (std::size_t i = 0; i < card.alphabet.size(); ++i)
    classes.emplace(card.alphabet[i], static_cast<int>(i));
  std::vector<Labelled> labelled;
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    const auto found = classes.find(set.samples[i].label);
    if (found != classes.end()) labelled.push_back({i, found->second});
  }
  if (labelled.empty())
    return fail(ErrorCode::kInvalidArgument,
                set.samples.empty()
                    ? "the data set holds no samples"
                    : "none of the " + std::to_string(set.samples.size()) +
                          " samples has a label of the alphabet \"" + card.alphabet_name + "\"");

  std::vector<Outcome> outcomes(labelled.size());
  Work work(labelled.size(), options);
  on_threads(thread_count(options, labelled.size()), [&] {
    while (true) {
      const auto [begin, end] = work.next();
      if (begin == end) return;
      for (std::size_t i = begin; i < end; ++i) {
        const data::Sample& sample = set.samples[labelled[i].sample];
        outcomes[i] = judge(read(recognizer, sample, options.normalization), labelled[i].sample,
                            labelled[i].label, classes);
      }
      work.finished(end - begin);
    }
  });
  if (work.stopped()) return fail(ErrorCode::kCancelled, "the evaluation was stopped");

  Evaluation result = summarize(card.alphabet, std::move(outcomes));
  result.model = recognizer.model().ref();
  result.normalization = to_string(options.normalization.value_or(card.normalization));
  result.skipped = set.samples.size() - labelled.size();
  result.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  return result;
}

}  // namespace longhand::evaluation
