#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cluster/connection.h"

namespace longhand::cluster {

enum class RedisState {
  kDown,  // out of reach or too slow; a new attempt is made again and again
  kFull,  // answers, but has no memory left for what it should remember
  kReady,
};
std::string_view to_string(RedisState state);

// One connection to Redis on a thread of its own; commands that wait are sent together. While it
// is broken every command fails at once, so that nobody waits for a Redis that is not there: the
// most that one costs is the time that an answer may take, once. All methods are thread-safe.
class Redis {
 public:
  // As records::Done: called exactly once, on any thread; must neither block nor throw.
  using Done = std::function<void(Result<Reply>)>;

  struct Options {
    Patience patience = {};
    std::size_t max_waiting = 10'000;  // commands; more are kBusy
    // Sent every second, and after each connect: what this process has to say of itself. Called
    // on the connection's thread.
    std::function<std::vector<std::string>()> heartbeat = [] {
      return std::vector<std::string>{"PING"};
    };
    // Called on the connection's thread when the state is known and when it changes, with the
    // reason.
    std::function<void(RedisState, const std::string&)> on_change = nullptr;
  };

  Redis(RedisAddress address, Options options);
  // Every pending Done has been called when it returns; it must not run inside one.
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  // kUnavailable while Redis is out of reach: the command may have been run if it was sent. An
  // error that Redis itself answers is a Reply.
  void call(std::vector<std::string> command, Done done);

  RedisState state() const { return state_; }
  std::uint64_t failures() const { return failures_; }  // commands that got no answer

 private:
  struct Command {
    std::vector<std::string> words;
    Done done;
  };

  void run();
  bool open();
  void serve();
  // Whether the connection is still of use.
  bool exchange(std::deque<Command> batch);
  bool beat();
  void note(RedisState state, const std::string& reason);
  void fail_all(std::deque<Command> commands, const std::string& reason);
  void pause(std::chrono::milliseconds time);

  const RedisAddress address_;
  const Options options_;
  Context connection_;  // of the thread alone
  std::chrono::steady_clock::time_point next_beat_;
  bool noted_ = false;  // whether on_change was ever called
  std::atomic<RedisState> state_{RedisState::kDown};
  std::atomic<std::uint64_t> failures_{0};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Command> waiting_;
  bool connected_ = false;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all the others
};

}  // namespace longhand::cluster
