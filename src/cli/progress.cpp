#include "cli/progress.h"

#include <unistd.h>

#include <cstdio>

namespace longhand::cli {
namespace {

constexpr std::chrono::seconds kPatience{2};
constexpr std::chrono::milliseconds kBetween{100};
constexpr int kBarWidth = 24;

}  // namespace

Progress::Progress(std::string what) : what_(std::move(what)), shown_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (anything_drawn_) std::fputs("\r\x1b[K", stderr);
}

void Progress::at(std::size_t done, std::size_t total) {
  const auto now = Clock::now();
  if (!shown_ || total == 0 || now - started_ < kPatience || now - drawn_ < kBetween) return;
  drawn_ = now;
  anything_drawn_ = true;
  const double share = static_cast<double>(done) / static_cast<double>(total);
  const int filled = static_cast<int>(share * kBarWidth);
  const double spent = std::chrono::duration<double>(now - started_).count();
  std::string bar;
  for (int i = 0; i < kBarWidth; ++i) bar += i < filled ? "\u2501" : "\u2500";
  std::fprintf(stderr, "\r\x1b[K%s %s %zu of %zu", what_.c_str(), bar.c_str(), done, total);
  if (done > 0) std::fprintf(stderr, ", %.0f s left", spent / share - spent);
}

}  // namespace longhand::cli
