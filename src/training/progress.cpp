#include "training/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace longhand::training {
namespace {

#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
std::string
text_of(const char* format, ...) {
  char text[400];
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

}  // namespace

std::string duration_text(double seconds) {
  const long whole = std::lround(std::clamp(seconds, 0.0, 1e8));
  if (whole < 60) return text_of("%ld s", whole);
  if (whole < 3600) return text_of("%ld min %02ld s", whole / 60, whole % 60);
  return text_of("%ld h %02ld min", whole / 3600, whole / 60 % 60);
}

void ProgressPrinter::line(const std::string& text) {
  if (bar_shown_) out_ << "\r\x1b[K";
  bar_shown_ = false;
  out_ << text << '\n' << std::flush;
}

void ProgressPrinter::started(const Start& start) {
  line(
      text_of("%zu samples to learn from, %zu held out; %lld parameters, %.2f million "
              "multiply-adds a glyph; %lld steps in epochs of %lld",
              start.train, start.validation, static_cast<long long>(start.parameters),
              static_cast<double>(start.multiply_adds) / 1e6, static_cast<long long>(start.steps),
              static_cast<long long>(start.steps_per_epoch)));
  if (start.skipped > 0) line(text_of("%zu samples of other alphabets left out", start.skipped));
  if (start.resumed_at >= 0) {
    line(text_of("going on after step %lld", static_cast<long long>(start.resumed_at)));
  }
}

void ProgressPrinter::progressed(const Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10);
  if (now - shown_at_ < pause) return;
  shown_at_ = now;
  const double share = static_cast<double>(progress.step) / static_cast<double>(progress.steps);
  const std::string figures =
      text_of("epoch %lld  step %lld/%lld  loss %.4f  accuracy %.2f %%  %s left",
              static_cast<long long>(progress.epoch), static_cast<long long>(progress.step),
              static_cast<long long>(progress.steps), progress.loss, 100 * progress.accuracy,
              duration_text(progress.seconds_left).c_str());
  if (!terminal_) return line(figures);
  constexpr std::size_t kWidth = 24;
  const auto full = static_cast<std::size_t>(share * static_cast<double>(kWidth));
  out_ << "\r\x1b[K[" << std::string(full, '=') << std::string(kWidth - full, ' ') << "] "
       << figures << std::flush;
  bar_shown_ = true;
}

void ProgressPrinter::finished_epoch(const EpochResult& result, bool best) {
  line(text_of("epoch %lld: loss %.4f, accuracy %.2f %%; held out: loss %.4f, accuracy %.3f %%%s",
               static_cast<long long>(result.epoch), result.train_loss, 100 * result.train_accuracy,
               result.validation_loss, 100 * result.validation_accuracy, best ? "  (best)" : ""));
}

void ProgressPrinter::note(std::string_view text) {
  line(std::string(text));
}

void ProgressPrinter::print(const Outcome& outcome) {
  line(text_of("epoch %lld chosen: %.3f %% of the held-out samples right",
               static_cast<long long>(outcome.chosen_epoch), 100 * outcome.validation_accuracy));
  if (outcome.test_accuracy >= 0) {
    line(text_of("test: %.2f %% of %zu right", 100 * outcome.test_accuracy, outcome.test_samples));
  }
  line(text_of("%s of training; the model is %s", duration_text(outcome.minutes * 60).c_str(),
               outcome.model.c_str()));
}

void ProgressPrinter::end() {
  if (bar_shown_) out_ << '\n' << std::flush;
  bar_shown_ = false;
}

}  // namespace longhand::training
