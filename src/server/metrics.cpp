#include "server/metrics.h"

#include <algorithm>
#include <charconv>

namespace longhand::server {
namespace {

std::string seconds(std::int64_t micros) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, static_cast<double>(micros) / 1e6).ptr;
  return {text, end};
}

void line(std::string& out, std::string_view name, std::string_view labels,
          std::string_view value) {
  out += name;
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void single(std::string& out, std::string_view name, std::string_view type, std::string_view help,
            std::uint64_t value) {
  head(out, name, type, help);
  line(out, name, "", std::to_string(value));
}

}  // namespace

void Histogram::observe(std::int64_t micros) {
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), micros);
  counts_[static_cast<std::size_t>(bound - kBounds.begin())].fetch_add(1,
                                                                       std::memory_order_relaxed);
  sum_.fetch_add(static_cast<std::uint64_t>(std::max<std::int64_t>(micros, 0)),
                 std::memory_order_relaxed);
}

void Histogram::write(std::string& out, std::string_view name, std::string_view labels) const {
  const std::string comma = labels.empty() ? "" : ",";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    total += counts_[i].load(std::memory_order_relaxed);
    const std::string bound = i < kBounds.size() ? seconds(kBounds[i]) : "+Inf";
    line(out, std::string(name) + "_bucket", std::string(labels) + comma + "le=\"" + bound + "\"",
         std::to_string(total));
  }
  line(out, std::string(name) + "_sum", labels,
       seconds(static_cast<std::int64_t>(sum_.load(std::memory_order_relaxed))));
  line(out, std::string(name) + "_count", labels, std::to_string(total));
}

std::string_view to_string(Stage stage) {
  constexpr std::array<std::string_view, kStages> kNames{"decode", "ink", "net", "store"};
  return kNames[static_cast<std::size_t>(stage)];
}

Metrics::Metrics(std::vector<std::string> routes) : routes_(routes.size() + 1) {
  for (std::size_t i = 0; i < routes.size(); ++i) routes_[i].name = std::move(routes[i]);
  routes_.back().name = "none";
}

void Metrics::answered(std::size_t route, unsigned status, std::int64_t micros) {
  const auto known = std::find(kStatuses.begin(), kStatuses.end() - 1, status);
  Route& counted = routes_[std::min(route, unknown_route())];
  counted.statuses[static_cast<std::size_t>(known - kStatuses.begin())].fetch_add(
      1, std::memory_order_relaxed);
  counted.seconds.observe(micros);
}

void Metrics::staged(Stage stage, std::int64_t micros) {
  stages_[static_cast<std::size_t>(stage)].observe(micros);
}

std::string Metrics::text() const {
  std::string out;
  head(out, "longhand_http_requests_total", "counter", "Requests answered, by route and status.");
  for (const Route& route : routes_) {
    for (std::size_t i = 0; i < kStatuses.size(); ++i) {
      const std::uint64_t count = route.statuses[i].load(std::memory_order_relaxed);
      if (count == 0) continue;
      const std::string status = kStatuses[i] == 0 ? "other" : std::to_string(kStatuses[i]);
      line(out, "longhand_http_requests_total",
           "route=\"" + route.name + "\",status=\"" + status + "\"", std::to_string(count));
    }
  }
  head(out, "longhand_http_request_duration_seconds", "histogram",
       "From the last byte of a request to its answer, by route.");
  for (const Route& route : routes_) {
    route.seconds.write(out, "longhand_http_request_duration_seconds",
                        "route=\"" + route.name + "\"");
  }
  head(out, "longhand_stage_duration_seconds", "histogram",
       "Where the time of a recognition went, by stage.");
  for (std::size_t i = 0; i < kStages; ++i) {
    stages_[i].write(out, "longhand_stage_duration_seconds",
                     "stage=\"" + std::string(to_string(static_cast<Stage>(i))) + "\"");
  }
  single(out, "longhand_recognitions_total", "counter", "Readings made.", recognitions);
  single(out, "longhand_recognitions_rejected_total", "counter",
         "Readings that said \"not sure\" or \"nothing written\".", rejected);
  single(out, "longhand_connections", "gauge", "Connections open.", connections);
  single(out, "longhand_connections_refused_total", "counter",
         "Connections over the limit, answered 503.", connections_refused);
  single(out, "longhand_requests_in_flight", "gauge", "Requests being read or answered.",
         in_flight);
  single(out, "longhand_event_listeners", "gauge", "Streams of events open.", listeners);
  single(out, "longhand_events_dropped_total", "counter",
         "Events that a listener was too slow to take.", events_dropped);
  single(out, "longhand_throttled_total", "counter",
         "Requests over the limit of their owner, or of new owners, answered 429.", throttled);
  return out;
}

void write_metrics(std::string& out, const records::SpoolingRecordStore::Numbers& numbers) {
  single(out, "longhand_store_reached", "gauge", "1 while the store takes records, as far as known.",
         numbers.store_reached ? 1 : 0);
  single(out, "longhand_spool_records", "gauge", "Records on this disk that the store lacks.",
         numbers.spool.pending);
  single(out, "longhand_spool_bytes", "gauge", "Size of this process's file in the spool.",
         numbers.spool.bytes);
  single(out, "longhand_spooled_total", "counter", "Records kept for the store.",
         numbers.spool.spooled);
  single(out, "longhand_spool_drained_total", "counter", "Records brought to the store.",
         numbers.drained);
  single(out, "longhand_spool_refused_total", "counter",
         "Records that found no room in the spool, answered 503.", numbers.spool.refused);
  single(out, "longhand_spool_torn_bytes_total", "counter",
         "Bytes cut off files that ended in the middle of a record, after a crash.",
         numbers.spool.torn_bytes);
  single(out, "longhand_spool_damaged", "gauge",
         "Records that can't be read; their files are left as they are.", numbers.spool.damaged);
}

}  // namespace longhand::server
