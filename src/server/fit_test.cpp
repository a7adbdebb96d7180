#include "server/fit.h"

#include <gtest/gtest.h>

namespace longhand::server {
namespace {

constexpr std::size_t kMega = std::size_t{1} << 20;

TEST(Fit, AContainerOf500MegabytesReadsOneLargePictureAtATime) {
  const ServeLimits limits;
  const Fitted fitted = fit({.cpus = 0.8, .memory = 500 * kMega}, 0, limits);
  EXPECT_EQ(fitted.workers.threads, 1);
  EXPECT_EQ(fitted.workers.large, 1);
  EXPECT_EQ(fitted.picture_memory, 340 * kMega);
  EXPECT_LE(fitted.picture_memory + fitted.limits.pending_bytes, 400 * kMega);
  EXPECT_LE(fitted.workers.waiting_large, 16U);
  EXPECT_EQ(fitted.limits.connections, limits.connections);
}

TEST(Fit, AMachineWithRoomKeepsTheLimitsAsTheyAre) {
  const ServeLimits limits;
  const Fitted fitted = fit({.cpus = 8, .memory = 16'384 * kMega}, 0, limits);
  EXPECT_EQ(fitted.workers.threads, 8);
  EXPECT_EQ(fitted.workers.large, 8);
  EXPECT_EQ(fitted.limits.pending_bytes, limits.pending_bytes);
  EXPECT_EQ(fitted.limits.connections, limits.connections);
}

TEST(Fit, LittleMemoryLowersAllThatTakesSome) {
  const ServeLimits limits;
  const Fitted fitted = fit({.cpus = 0.1, .memory = 64 * kMega}, 0, limits);
  EXPECT_LT(fitted.picture_memory, 64 * kMega);
  EXPECT_LT(fitted.limits.pending_bytes, 16 * kMega);
  EXPECT_LT(fitted.limits.connections, limits.connections);
  EXPECT_GE(fitted.workers.waiting_large, 4U);
}

TEST(Fit, TheCommandLineSaysHowManyThreads) {
  EXPECT_EQ(fit({.cpus = 0.8, .memory = 500 * kMega}, 6, {}).workers.threads, 6);
}

}  // namespace
}  // namespace longhand::server
