#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "records/spooling_store.h"

namespace longhand::server {

// Durations in buckets, as Prometheus counts them. Thread-safe, lock-free.
class Histogram {
 public:
  void observe(std::int64_t micros);
  // Appends the lines `NAME_bucket{LABELS,le="..."}`, `_sum` and `_count`, in seconds.
  void write(std::string& out, std::string_view name, std::string_view labels) const;

 private:
  // Microseconds: from a tenth of a glyph's time to a slow disk's.
  static constexpr std::array<std::int64_t, 16> kBounds{
      50,     100,    250,     500,     1'000,   2'500,     5'000,     10'000,
      25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 10'000'000};
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_{0};
};

enum class Stage : std::size_t { kDecode, kInk, kNet, kStore };
inline constexpr std::size_t kStages = 4;
std::string_view to_string(Stage stage);

// What /metrics shows. All methods are thread-safe.
class Metrics {
 public:
  // Routes by number, as the router has them; one more stands for "no such route".
  explicit Metrics(std::vector<std::string> routes);

  void answered(std::size_t route, unsigned status, std::int64_t micros);
  void staged(Stage stage, std::int64_t micros);
  std::size_t unknown_route() const { return routes_.size() - 1; }

  std::atomic<std::int64_t> connections{0};
  std::atomic<std::int64_t> in_flight{0};
  std::atomic<std::int64_t> listeners{0};
  std::atomic<std::uint64_t> connections_refused{0};
  std::atomic<std::uint64_t> recognitions{0};
  std::atomic<std::uint64_t> rejected{0};  // readings, not requests
  std::atomic<std::uint64_t> events_dropped{0};
  std::atomic<std::uint64_t> throttled{0};  // answered 429

  // Prometheus' text format, version 0.0.4.
  std::string text() const;

 private:
  static constexpr std::array<unsigned, 25> kStatuses{200, 201, 204, 206, 303, 304, 400, 401, 403,
                                                      404, 405, 408, 409, 413, 414, 415, 421, 422,
                                                      429, 431, 500, 501, 503, 507, 0};
  struct Route {
    std::string name;
    std::array<std::atomic<std::uint64_t>, kStatuses.size()> statuses{};
    Histogram seconds;
  };
  std::vector<Route> routes_;
  std::array<Histogram, kStages> stages_;
};

// Appends what /metrics shows of a spool.
void write_metrics(std::string& out, const records::SpoolingRecordStore::Numbers& numbers);

}  // namespace longhand::server
