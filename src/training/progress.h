#pragma once

#include <chrono>
#include <ostream>
#include <string>

#include "training/trainer.h"

namespace longhand::training {

// Shows a training to a person: a bar that redraws itself on a terminal, else a plain line every
// ten seconds; one line for each epoch on both.
class ProgressPrinter : public Observer {
 public:
  ProgressPrinter(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}

  void started(const Start& start) override;
  void progressed(const Progress& progress) override;
  void finished_epoch(const EpochResult& result, bool best) override;
  void note(std::string_view line) override;
  void print(const Outcome& outcome);
  // Leaves the bar's line.
  void end();

 private:
  void line(const std::string& text);

  std::ostream& out_;
  bool terminal_;
  bool bar_shown_ = false;
  std::chrono::steady_clock::time_point shown_at_{};
};

// "4 s", "3 min 05 s", "2 h 10 min".
std::string duration_text(double seconds);

}  // namespace longhand::training
