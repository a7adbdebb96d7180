#include "cli/interrupt.h"

#include <csignal>

namespace longhand::cli {
namespace {

std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void on_signal(int) {
  flag.store(true);
}

}  // namespace

const std::atomic<bool>& interrupted() {
  return flag;
}

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  // No restart: a read that waits for the keyboard or a pipe comes back.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace longhand::cli
