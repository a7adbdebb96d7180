#include "server/fit.h"

#include <algorithm>
#include <cmath>

namespace longhand::server {
namespace {

constexpr std::size_t kMega = std::size_t{1} << 20;

// What a picture of 40 megapixels with colours and transparency takes at most, measured.
constexpr std::size_t kLargestPicture = 340 * kMega;

// How long a picture may wait for its turn before a client had better been told to come back:
// 40 megapixels take a third of a second of a processor, an ordinary large photograph a tenth.
constexpr double kLargeASecond = 8;
constexpr double kSmallASecond = 256;
constexpr double kWaitSeconds = 2;

}  // namespace

Fitted fit(const Resources& resources, int threads, const ServeLimits& limits) {
  Fitted fitted;
  fitted.limits = limits;
  const int processors = std::max(1, static_cast<int>(std::ceil(resources.cpus)));
  Workers& workers = fitted.workers;
  workers.threads = threads > 0 ? threads : processors;
  workers.small = std::max(2, workers.threads);
  // One large picture at a time for each gigabyte, at least one, at most as many as there are
  // workers.
  workers.large =
      std::clamp(static_cast<int>(resources.memory / (1'024 * kMega)), 1, workers.small);
  // With less memory than the largest picture takes beside all else, it is refused as too large.
  const std::size_t spare = resources.memory - resources.memory * 3 / 10;
  fitted.picture_memory =
      std::min(spare, static_cast<std::size_t>(workers.large) * kLargestPicture);
  // Bodies take a twentieth, connections' buffers (64 KB while a body comes in) a tenth at most.
  fitted.limits.pending_bytes = std::min(limits.pending_bytes, resources.memory / 20 + 8 * kMega);
  fitted.limits.connections =
      std::min(limits.connections, std::max<std::size_t>(64, resources.memory / (256U << 10)));
  fitted.limits.listeners = std::min(limits.listeners, fitted.limits.connections / 2);
  const auto waiting = [&](double a_second) {
    return static_cast<std::size_t>(
        std::max(4.0, std::ceil(kWaitSeconds * a_second * std::min(resources.cpus, 16.0))));
  };
  workers.waiting_large = waiting(kLargeASecond);
  workers.waiting_small = waiting(kSmallASecond);
  return fitted;
}

}  // namespace longhand::server
