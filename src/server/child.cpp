#include "server/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace longhand::server {
namespace {

constexpr int kCantStart = 127;

int status_of(int word) {
  return WIFEXITED(word) ? WEXITSTATUS(word) : 128 + WTERMSIG(word);
}

// In the child, where other threads' locks may be held for ever: nothing but system calls.
[[noreturn]] void become(char* const* arguments, const char* folder, int output, int niceness,
                         pid_t parent, int report) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  static_cast<void>(nice(niceness));
  const bool ready = getppid() == parent && chdir(folder) == 0 && dup2(output, 1) == 1 &&
                     dup2(output, 2) == 2 && dup2(open("/dev/null", O_RDONLY), 0) == 0;
  if (ready) execv(arguments[0], arguments);
  const int error = errno;
  static_cast<void>(!write(report, &error, sizeof error));
  _exit(kCantStart);
}

}  // namespace

Result<Child> Child::start(const Plan& plan) {
  std::vector<char*> arguments;
  for (const std::string& word : plan.command) {
    arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT: execv() takes them so
  }
  arguments.push_back(nullptr);
  const auto wrong = [&](int error) {
    return fail(ErrorCode::kIo,
                "can't start " + plan.command[0] + ": " + std::string(std::strerror(error)));
  };
  const int output = open(plan.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (output < 0) return wrong(errno);
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) {
    const int error = errno;
    close(output);
    return wrong(error);
  }
  const pid_t parent = getpid();
  const pid_t process = fork();
  if (process == 0) {
    become(arguments.data(), plan.folder.c_str(), output, plan.niceness, parent, report[1]);
  }
  int error = process < 0 ? errno : 0;
  close(output);
  close(report[1]);
  // It is closed, with nothing in it, by the program's start.
  if (process > 0 && read(report[0], &error, sizeof error) > 0) waitpid(process, nullptr, 0);
  close(report[0]);
  if (error != 0) return wrong(error);
  return Child(process);
}

Child::Child(Child&& other) noexcept
    : process_(std::exchange(other.process_, -1)), status_(other.status_) {}

Child::~Child() {
  if (process_ <= 0 || ended()) return;
  send(SIGKILL);
  waitpid(process_, nullptr, 0);
}

std::optional<int> Child::ended() {
  int word = 0;
  if (!status_ && waitpid(process_, &word, WNOHANG) == process_) status_ = status_of(word);
  return status_;
}

void Child::send(int signal) const {
  if (!status_) kill(process_, signal);
}

}  // namespace longhand::server
