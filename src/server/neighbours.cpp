#include "server/neighbours.h"

#include <spdlog/spdlog.h>

#include <array>
#include <charconv>

#include "base/sha256.h"
#include "base/uuid.h"
#include "server/server.h"

namespace longhand::server {
namespace {

std::optional<records::OwnerHash> parse_owner(std::string_view hex) {
  records::OwnerHash owner{};
  if (hex.size() != 2 * owner.size()) return std::nullopt;
  for (std::size_t i = 0; i < owner.size(); ++i) {
    const char* const pair = hex.data() + 2 * i;
    const auto [end, error] = std::from_chars(pair, pair + 2, owner[i], 16);
    if (error != std::errc() || end != pair + 2) return std::nullopt;
  }
  return owner;
}

cluster::Cluster::Handlers handlers(Feed& feed, Models& models,
                                    std::function<std::string()> presence,
                                    std::shared_ptr<spdlog::logger> logger) {
  return {
      .on_event =
          [&feed](const cluster::Event& event) {
            const auto owner = parse_owner(event.owner);
            if (owner && Uuid::parse(event.id)) {
              feed.deliver(*owner, event.id, event.data);
            }
          },
      .on_models = [&models] { models.look_again(); },
      .on_gap =
          [&feed, &models] {
            feed.lose();
            models.look_again();
          },
      .presence = std::move(presence),
      .on_change =
          [logger](cluster::RedisState state, const std::string& reason) {
            if (state == cluster::RedisState::kReady) {
              logger->info("Redis is ready: {}", reason);
            } else {
              logger->warn("Redis is {}: {}; limits are each replica's own meanwhile",
                           cluster::to_string(state), reason);
            }
          },
  };
}

}  // namespace

Neighbours::Neighbours(const ServeOptions& options, Feed& feed, Models& models,
                       std::function<std::string()> presence,
                       std::shared_ptr<spdlog::logger> logger)
    : instance_(make_uuid7().to_string()), presence_(std::move(presence)) {
  if (options.redis) {
    cluster_ =
        std::make_unique<cluster::Cluster>(*options.redis, cluster::Patience(), instance_,
                                           handlers(feed, models, presence_, std::move(logger)));
    feed.set_relay(
        [this](const records::OwnerHash& owner, const std::string& id, const std::string& data) {
          cluster_->publish({to_hex(owner), id, data});
        });
    jobs_ = std::make_unique<cluster::JobStream>(cluster_->redis(), instance_);
    models.set_relay([this] { cluster_->announce_models(); });
  }
  limiter_ = std::make_unique<cluster::RateLimiter>(options.rates,
                                                    cluster_ ? &cluster_->redis() : nullptr);
}

void Neighbours::leave() {
  cluster_.reset();
}

void Neighbours::replicas(Replicas done) {
  if (cluster_) {
    cluster_->replicas(std::move(done));
  } else {
    done(std::vector{presence_()});
  }
}

std::string Neighbours::trouble() const {
  if (!cluster_ || cluster_->state() == cluster::RedisState::kReady) return "";
  return "Redis is " + std::string(cluster::to_string(cluster_->state())) +
         ": limits are each replica's own, events of other replicas may be missing";
}

void Neighbours::write_metrics(std::string& out) const {
  if (!cluster_) return;
  out +=
      "# HELP longhand_redis_state What Redis is: 1 for the state that holds.\n"
      "# TYPE longhand_redis_state gauge\n";
  constexpr std::array kStates{cluster::RedisState::kReady, cluster::RedisState::kFull,
                               cluster::RedisState::kDown};
  for (const auto state : kStates) {
    out += "longhand_redis_state{state=\"" + std::string(cluster::to_string(state)) + "\"} " +
           (state == cluster_->state() ? "1\n" : "0\n");
  }
  out +=
      "# HELP longhand_redis_failures_total Commands that Redis did not answer.\n"
      "# TYPE longhand_redis_failures_total counter\n"
      "longhand_redis_failures_total " +
      std::to_string(cluster_->redis().failures()) +
      "\n"
      "# HELP longhand_rate_limit_fallbacks_total Requests counted by this process alone, since "
      "Redis could not.\n"
      "# TYPE longhand_rate_limit_fallbacks_total counter\n"
      "longhand_rate_limit_fallbacks_total " +
      std::to_string(limiter_->fallbacks()) + "\n";
}

}  // namespace longhand::server
