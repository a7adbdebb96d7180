#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace longhand::server {

// Another program that runs for this one. It gets SIGTERM when the thread that started it is gone,
// whatever that died of. Not thread-safe.
class Child {
 public:
  struct Plan {
    std::vector<std::string> command;  // the program's path first
    std::filesystem::path folder;      // where it works
    std::filesystem::path output;      // a file for what it says, appended to
    int niceness = 0;
  };

  // kIo where it can't be started.
  static Result<Child> start(const Plan& plan);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  // Kills it if it still runs.
  ~Child();

  // The exit status once it has ended, 128 and the signal's number where one ended it. Never waits.
  std::optional<int> ended();
  void send(int signal) const;

 private:
  explicit Child(pid_t process) : process_(process) {}

  pid_t process_;
  std::optional<int> status_;
};

}  // namespace longhand::server
