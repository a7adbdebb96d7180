#include "cluster/subscriber.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace longhand::cluster {
namespace {

using std::chrono::steady_clock;

// A connection on which nothing came for so long is asked whether it lives, and given as long again
// to answer.
constexpr std::chrono::milliseconds kQuiet{1'000};

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

}  // namespace

Subscriber::Subscriber(RedisAddress address, Patience patience, std::vector<std::string> channels,
                       Handlers handlers)
    : address_(std::move(address)),
      patience_(patience),
      channels_(std::move(channels)),
      handlers_(std::move(handlers)),
      wake_(eventfd(0, EFD_CLOEXEC)) {
  if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this] { run(); });
}

Subscriber::~Subscriber() {
  stopping_ = true;
  eventfd_write(wake_, 1);
  thread_.join();
  close(wake_);
}

bool Subscriber::is_stopping() const {
  return stopping_;
}

void Subscriber::run() {
  auto pause = patience_.first_pause;
  while (!is_stopping()) {
    auto context = connect(address_, patience_);
    if (context) {
      std::vector<std::string> subscribe{"SUBSCRIBE"};
      subscribe.insert(subscribe.end(), channels_.begin(), channels_.end());
      append(**context, subscribe);
      listen(**context);
      listening_ = false;
      pause = patience_.first_pause;
    }
    wait(-1, pause);
    pause = std::min(2 * pause, patience_.last_pause);
  }
}

bool Subscriber::wait(int descriptor, std::chrono::milliseconds time) const {
  std::array<pollfd, 2> polled{pollfd{wake_, POLLIN, 0}, pollfd{descriptor, POLLIN, 0}};
  return poll(polled.data(), polled.size(), static_cast<int>(time.count())) > 0 &&
         polled[1].revents != 0;
}

void Subscriber::listen(redisContext& context) {
  bool asked = false;
  auto heard = steady_clock::now();
  for (;;) {
    int done = 0;
    while (done == 0) {
      if (redisBufferWrite(&context, &done) != REDIS_OK) return;
    }
    const auto silent = steady_clock::now() - heard;
    const auto left = (asked ? 2 * kQuiet : kQuiet) -
                      std::chrono::duration_cast<std::chrono::milliseconds>(silent);
    const bool readable = wait(context.fd, std::max(left, std::chrono::milliseconds(0)));
    if (is_stopping()) return;
    if (readable) {
      if (redisBufferRead(&context) != REDIS_OK || !take_replies(context)) return;
      heard = steady_clock::now();
      asked = false;
    } else if (steady_clock::now() - heard >= kQuiet) {
      if (asked) {
        if (steady_clock::now() - heard >= 2 * kQuiet) return;
      } else {
        append(context, {"PING"});
        asked = true;
      }
    }
  }
}

bool Subscriber::take_replies(redisContext& context) {
  for (;;) {
    void* raw = nullptr;
    if (redisGetReplyFromReader(&context, &raw) != REDIS_OK) return false;
    if (raw == nullptr) return true;
    const std::unique_ptr<redisReply, FreeReply> owned(static_cast<redisReply*>(raw));
    const Reply reply = to_reply(*owned);
    if (reply.is_error()) return false;
    const auto& parts = reply.elements;
    if (parts.size() != 3) continue;  // an answer to PING
    if (parts[0].text == "message") {
      handlers_.on_message(parts[1].text, parts[2].text);
    } else if (parts[0].text == "subscribe" &&
               parts[2].integer == static_cast<long long>(channels_.size())) {
      listening_ = true;
      if (std::exchange(once_, true)) handlers_.on_gap();
    }
  }
}

}  // namespace longhand::cluster
