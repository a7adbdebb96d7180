#include "training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace longhand::training {
namespace {

// From `from` to `to` along half a cosine, at in 0..1.
double half_cosine(double from, double to, double at) {
  return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * std::clamp(at, 0.0, 1.0)));
}

}  // namespace

double rate_share(const Schedule& schedule, std::int64_t step, std::int64_t steps) {
  const double at = static_cast<double>(step);
  const double warmup = schedule.warmup * static_cast<double>(steps);
  const bool warming = at < warmup;
  const double rest = std::max(1.0, static_cast<double>(steps) - warmup);
  const double fallen = (at - warmup) / rest;
  switch (schedule.kind) {
    case Schedule::Kind::kConstant:
      return warming ? (at + 1) / (warmup + 1) : 1;
    case Schedule::Kind::kCosine:
      return warming ? (at + 1) / (warmup + 1) : half_cosine(1, schedule.final_rate, fallen);
    case Schedule::Kind::kOneCycle:
      return warming ? half_cosine(0.04, 1, at / warmup)
                     : half_cosine(1, schedule.final_rate, fallen);
  }
  return 1;
}

double ema_decay(double decay, std::int64_t step) {
  const double done = static_cast<double>(step);
  return std::min(decay, (1 + done) / (10 + done));
}

}  // namespace longhand::training
