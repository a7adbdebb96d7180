#include "cluster/cluster.h"

#include <utility>

namespace longhand::cluster {
namespace {

constexpr const char* kEvents = "longhand:events";
constexpr const char* kModels = "longhand:models";

// Each replica's last words, and when it said them by Redis' clock. Those of a minute ago are
// forgotten.
constexpr const char* kBeat = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - 60000)) do
  redis.call('ZREM', KEYS[1], gone)
  redis.call('HDEL', KEYS[2], gone)
end
return 1
)lua";

constexpr const char* kList = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local alive = redis.call('ZRANGEBYSCORE', KEYS[1], now - 5000, '+inf')
if #alive == 0 then return {} end
return redis.call('HMGET', KEYS[2], unpack(alive))
)lua";

constexpr const char* kAlive = "longhand:replicas:alive";
constexpr const char* kWords = "longhand:replicas";

// Splits off what stands before the first line break; nullopt when there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string to_wire(const Event& event) {
  return event.owner + "\n" + event.id + "\n" + event.data;
}

std::optional<Event> from_wire(std::string_view text) {
  const auto owner = take_line(text);
  if (!owner) return std::nullopt;
  const auto id = take_line(text);
  if (!id || owner->empty() || id->empty() || text.find('\n') != std::string_view::npos) {
    return std::nullopt;
  }
  return Event{std::string(*owner), std::string(*id), std::string(text)};
}

Cluster::Cluster(RedisAddress address, Patience patience, std::string instance, Handlers handlers)
    : instance_(std::move(instance)),
      handlers_(std::move(handlers)),
      redis_(address,
             {.patience = patience,
              .heartbeat =
                  [this] {
                    return std::vector<std::string>{
                        "EVAL", kBeat, "2", kAlive, kWords, instance_, handlers_.presence()};
                  },
              .on_change = handlers_.on_change}),
      subscriber_(std::move(address), patience, {kEvents, kModels},
                  {.on_message = [this](const std::string& channel,
                                        const std::string& message) { hear(channel, message); },
                   .on_gap = handlers_.on_gap}) {}

void Cluster::publish(const Event& event) {
  say(kEvents, to_wire(event));
}

void Cluster::announce_models() {
  say(kModels, "");
}

void Cluster::say(const std::string& channel, const std::string& what) {
  redis_.call({"PUBLISH", channel, instance_ + "\n" + what}, [](const Result<Reply>&) {});
}

void Cluster::hear(const std::string& channel, std::string_view message) {
  const auto speaker = take_line(message);
  if (!speaker || *speaker == instance_) return;
  if (channel == kModels) {
    if (handlers_.on_models) handlers_.on_models();
  } else if (auto event = from_wire(message)) {
    handlers_.on_event(std::move(*event));
  }
}

void Cluster::replicas(Done done) {
  redis_.call({"EVAL", kList, "2", kAlive, kWords},
              [done = std::move(done)](const Result<Reply>& reply) {
                if (!reply) return done(tl::unexpected(reply.error()));
                if (reply->is_error()) return done(fail(ErrorCode::kUnavailable, reply->text));
                std::vector<std::string> words;
                for (const Reply& one : reply->elements) {
                  if (one.kind == Reply::Kind::kText) words.push_back(one.text);
                }
                done(std::move(words));
              });
}

}  // namespace longhand::cluster
