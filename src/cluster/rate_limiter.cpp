#include "cluster/rate_limiter.h"

#include <algorithm>
#include <optional>

namespace longhand::cluster {
namespace {

// The same as LocalBuckets::take(), by Redis' clock and in one step: what a request took is taken
// for all. A level is kept with 17 digits, as many as a double has. Gives {0 allowed | 1 the
// owner's limit | 2 the newcomers', milliseconds to wait}.
constexpr const char* kScript = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local memory = ARGV[5]
local function take(key, rate, burst)
  local kept = redis.call('HMGET', key, 'level', 'at')
  local level = tonumber(kept[1]) or burst
  local at = tonumber(kept[2]) or now
  level = math.min(burst, level + math.max(0, now - at) * rate / 1000)
  if level < 1 then return math.ceil((1 - level) * 1000 / rate) end
  redis.call('HSET', key, 'level', string.format('%.17g', level - 1),
             'at', string.format('%.17g', now))
  redis.call('PEXPIRE', key, memory)
  return 0
end
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local new_rate, new_burst = tonumber(ARGV[3]), tonumber(ARGV[4])
if new_rate > 0 and redis.call('EXISTS', KEYS[1]) == 0 then
  local wait = take(KEYS[2], new_rate, new_burst)
  if wait > 0 then return {2, wait} end
end
if rate <= 0 then
  redis.call('HSET', KEYS[1], 'level', '0')
  redis.call('PEXPIRE', KEYS[1], memory)
  return {0, 0}
end
local wait = take(KEYS[1], rate, burst)
if wait > 0 then return {1, wait} end
return {0, 0}
)lua";

// nullopt for an answer that is an error or makes no sense.
std::optional<Verdict> to_verdict(const Result<Reply>& reply) {
  if (!reply || reply->elements.size() != 2) return std::nullopt;
  const long long kind = reply->elements[0].integer;
  const long long wait = reply->elements[1].integer;
  return Verdict{kind == 0, kind == 2, std::chrono::milliseconds(std::max(wait, 0LL))};
}

}  // namespace

RateLimiter::RateLimiter(RateRules rules, Redis* redis)
    : rules_(rules),
      redis_(redis),
      local_(std::make_shared<LocalBuckets>(rules)),
      fallbacks_(std::make_shared<std::atomic<std::uint64_t>>(0)) {}

void RateLimiter::take(std::string owner, std::string way, Done done) {
  if (!is_on()) {
    done({});
    return;
  }
  if (redis_ == nullptr) {
    done(local_->take(owner, way, LocalBuckets::Clock::now()));
    return;
  }
  std::vector<std::string> command{"EVAL",
                                   kScript,
                                   "2",
                                   "longhand:rate:o" + owner,
                                   "longhand:rate:w" + way,
                                   std::to_string(rules_.owner.per_second),
                                   std::to_string(rules_.owner.burst),
                                   std::to_string(rules_.newcomers.per_second),
                                   std::to_string(rules_.newcomers.burst),
                                   std::to_string(rules_.memory.count())};
  redis_->call(std::move(command),
               [local = local_, fallbacks = fallbacks_, owner = std::move(owner),
                way = std::move(way), done = std::move(done)](const Result<Reply>& reply) {
                 const auto now = LocalBuckets::Clock::now();
                 if (const auto verdict = to_verdict(reply)) {
                   if (verdict->allowed) local->know(owner, now);
                   done(*verdict);
                 } else {
                   fallbacks->fetch_add(1, std::memory_order_relaxed);
                   done(local->take(owner, way, now));
                 }
               });
}

}  // namespace longhand::cluster
