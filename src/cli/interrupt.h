#pragma once

#include <atomic>

namespace longhand::cli {

// Set by the first Ctrl-C (or SIGTERM) once catch_interrupts() was called; the second one ends the
// program the hard way.
const std::atomic<bool>& interrupted();
void catch_interrupts();

}  // namespace longhand::cli
