#include "training/schedule.h"

#include <gtest/gtest.h>

namespace longhand::training {
namespace {

TEST(Schedule, ConstantStaysAfterItsWarmUp) {
  const Schedule schedule{Schedule::Kind::kConstant, 0.1, 0};
  EXPECT_LT(rate_share(schedule, 0, 100), 0.1);
  EXPECT_LT(rate_share(schedule, 5, 100), rate_share(schedule, 6, 100));
  EXPECT_DOUBLE_EQ(rate_share(schedule, 10, 100), 1);
  EXPECT_DOUBLE_EQ(rate_share(schedule, 99, 100), 1);
  EXPECT_DOUBLE_EQ(rate_share({}, 0, 100), 1);
}

TEST(Schedule, CosineFallsFromOneToItsEnd) {
  const Schedule schedule{Schedule::Kind::kCosine, 0.2, 0.01};
  EXPECT_DOUBLE_EQ(rate_share(schedule, 200, 1000), 1);
  EXPECT_NEAR(rate_share(schedule, 600, 1000), 0.505, 1e-9);
  EXPECT_NEAR(rate_share(schedule, 999, 1000), 0.01, 1e-4);
  for (int step = 201; step < 1000; ++step) {
    EXPECT_LT(rate_share(schedule, step, 1000), rate_share(schedule, step - 1, 1000));
  }
}

TEST(Schedule, OneCycleRisesThenFalls) {
  const Schedule schedule{Schedule::Kind::kOneCycle, 0.3, 0.001};
  EXPECT_NEAR(rate_share(schedule, 0, 1000), 0.04, 1e-9);
  EXPECT_NEAR(rate_share(schedule, 150, 1000), 0.52, 1e-9);
  EXPECT_NEAR(rate_share(schedule, 300, 1000), 1, 1e-9);
  EXPECT_LT(rate_share(schedule, 999, 1000), 0.002);
}

TEST(Schedule, TheAverageForgetsTheStart) {
  EXPECT_DOUBLE_EQ(ema_decay(0.999, 0), 0.1);
  EXPECT_DOUBLE_EQ(ema_decay(0.999, 1'000'000), 0.999);
  EXPECT_DOUBLE_EQ(ema_decay(0, 5), 0);
}

}  // namespace
}  // namespace longhand::training
