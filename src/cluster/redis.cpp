#include "cluster/redis.h"

#include <algorithm>
#include <utility>

namespace longhand::cluster {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kBeat{1};
constexpr std::size_t kMaxBatch = 256;

// What Redis answers to a write at maxmemory with the policy noeviction.
bool is_out_of_memory(const Reply& reply) {
  return reply.is_error() && reply.text.find("OOM") != std::string::npos;
}

}  // namespace

std::string_view to_string(RedisState state) {
  switch (state) {
    case RedisState::kDown:
      return "down";
    case RedisState::kFull:
      return "full";
    case RedisState::kReady:
      break;
  }
  return "ready";
}

Redis::Redis(RedisAddress address, Options options)
    : address_(std::move(address)), options_(std::move(options)), thread_([this] { run(); }) {}

Redis::~Redis() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Redis::call(std::vector<std::string> command, Done done) {
  std::unique_lock lock(mutex_);
  const bool full = waiting_.size() >= options_.max_waiting;
  if (connected_ && !stopping_ && !full) {
    waiting_.push_back({std::move(command), std::move(done)});
    lock.unlock();
    wake_.notify_one();
    return;
  }
  lock.unlock();
  failures_.fetch_add(1, std::memory_order_relaxed);
  if (full) {
    done(fail(ErrorCode::kBusy, "too many commands wait for Redis"));
  } else {
    done(fail(ErrorCode::kUnavailable, "there is no connection to " + address_.to_string()));
  }
}

void Redis::run() {
  auto wait = options_.patience.first_pause;
  for (;;) {
    if (open()) {
      wait = options_.patience.first_pause;
      serve();
    }
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    pause(wait);
    wait = std::min(2 * wait, options_.patience.last_pause);
  }
}

bool Redis::open() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
  }
  auto connection = connect(address_, options_.patience);
  if (!connection) {
    note(RedisState::kDown, connection.error().message);
    return false;
  }
  connection_ = std::move(*connection);
  if (!beat()) return false;
  const std::lock_guard lock(mutex_);
  connected_ = true;
  return true;
}

// Until the connection breaks or the object ends.
void Redis::serve() {
  bool sound = true;
  while (sound) {
    std::deque<Command> batch;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, next_beat_, [&] { return stopping_ || !waiting_.empty(); });
      if (stopping_) break;
      const std::size_t count = std::min(waiting_.size(), kMaxBatch);
      for (std::size_t i = 0; i < count; ++i) {
        batch.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    if (!batch.empty()) sound = exchange(std::move(batch));
    if (sound && steady_clock::now() >= next_beat_) sound = beat();
  }
  std::deque<Command> left;
  {
    const std::lock_guard lock(mutex_);
    connected_ = false;
    left.swap(waiting_);
  }
  connection_.reset();
  fail_all(std::move(left), "the connection to " + address_.to_string() + " broke");
}

bool Redis::exchange(std::deque<Command> batch) {
  for (const Command& command : batch) append(*connection_, command.words);
  // One that trickles is as bad as one that hangs.
  const auto deadline = steady_clock::now() + 4 * options_.patience.answer;
  while (!batch.empty()) {
    auto reply = read_reply(*connection_);
    if (reply && steady_clock::now() > deadline) {
      reply = fail(ErrorCode::kUnavailable, "answers too slowly");
    }
    if (!reply) {
      {
        const std::lock_guard lock(mutex_);
        connected_ = false;
      }
      note(RedisState::kDown, address_.to_string() + ": " + reply.error().message);
      fail_all(std::move(batch), reply.error().message);
      return false;
    }
    if (is_out_of_memory(*reply)) note(RedisState::kFull, reply->text);
    const Done done = std::move(batch.front().done);
    batch.pop_front();
    done(std::move(*reply));
  }
  return true;
}

// Whether Redis answered. Its answer also tells whether it can remember anything.
bool Redis::beat() {
  append(*connection_, options_.heartbeat());
  const auto reply = read_reply(*connection_);
  next_beat_ = steady_clock::now() + kBeat;
  if (!reply) {
    {
      const std::lock_guard lock(mutex_);
      connected_ = false;
    }
    note(RedisState::kDown, address_.to_string() + ": " + reply.error().message);
    return false;
  }
  if (is_out_of_memory(*reply)) {
    note(RedisState::kFull, reply->text);
  } else {
    note(RedisState::kReady, reply->is_error() ? reply->text : address_.to_string());
  }
  return true;
}

void Redis::note(RedisState state, const std::string& reason) {
  const bool changed = state_.exchange(state) != state || !std::exchange(noted_, true);
  if (changed && options_.on_change) options_.on_change(state, reason);
}

void Redis::fail_all(std::deque<Command> commands, const std::string& reason) {
  failures_.fetch_add(commands.size(), std::memory_order_relaxed);
  for (const Command& command : commands) command.done(fail(ErrorCode::kUnavailable, reason));
}

void Redis::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, time, [&] { return stopping_; });
}

}  // namespace longhand::cluster
