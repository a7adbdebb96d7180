#pragma once

#include <cstddef>
#include <filesystem>

namespace longhand::server {

// What this process may take of the machine: the least of what the machine has and what the control
// groups (version 1 or 2) that the process is in, and those around them, allow.
struct Resources {
  double cpus = 1;         // 0.8: as much time as eight tenths of a processor give
  std::size_t memory = 0;  // bytes
};

// `root` stands for "/" in tests.
Resources read_resources(const std::filesystem::path& root = "/");

}  // namespace longhand::server
