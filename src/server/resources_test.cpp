#include "server/resources.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace longhand::server {
namespace {

namespace fs = std::filesystem;

// A file system as far as control groups show in it.
class Machine {
 public:
  Machine() : root_(fs::temp_directory_path() / ("longhand-cgroup-" + std::to_string(getpid()))) {
    fs::remove_all(root_);
  }
  ~Machine() { fs::remove_all(root_); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  Machine& file(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text << "\n";
    return *this;
  }
  Resources read() const { return read_resources(root_); }

 private:
  const fs::path root_;
};

constexpr const char* kVersion2 =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";

TEST(Resources, AreTheMachinesWithoutGroups) {
  const Resources all = Machine().read();
  EXPECT_GE(all.cpus, 1);
  EXPECT_GT(all.memory, 64U << 20);
}

TEST(Resources, FollowVersion2AndTheGroupsAround) {
  Machine machine;
  machine.file("proc/self/cgroup", "0::/a/b")
      .file("proc/self/mountinfo", kVersion2)
      .file("sys/fs/cgroup/a/memory.max", "67108864")
      .file("sys/fs/cgroup/a/b/memory.max", "max")
      .file("sys/fs/cgroup/a/b/cpu.max", "80000 100000")
      .file("sys/fs/cgroup/a/cpu.max", "max 100000");
  EXPECT_DOUBLE_EQ(machine.read().cpus, 0.8);
  EXPECT_EQ(machine.read().memory, 64U << 20);
}

TEST(Resources, FollowVersion2InAContainer) {
  Machine machine;
  machine.file("proc/self/cgroup", "0::/")
      .file("proc/self/mountinfo", kVersion2)
      .file("sys/fs/cgroup/memory.max", "33554432")
      .file("sys/fs/cgroup/cpu.max", "50000 100000");
  EXPECT_DOUBLE_EQ(machine.read().cpus, 0.5);
  EXPECT_EQ(machine.read().memory, 32U << 20);
}

TEST(Resources, FollowVersion1InAContainer) {
  Machine machine;
  machine.file("proc/self/cgroup", "4:memory:/docker/ab\n2:cpu,cpuacct:/docker/ab\n0::/")
      .file("proc/self/mountinfo",
            "40 31 0:31 /docker/ab /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
            "41 31 0:32 /docker/ab /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct")
      .file("sys/fs/cgroup/memory/memory.limit_in_bytes", "33554432")
      .file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "25000")
      .file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000");
  EXPECT_DOUBLE_EQ(machine.read().cpus, 0.25);
  EXPECT_EQ(machine.read().memory, 32U << 20);
}

TEST(Resources, KnowWhatIsNoLimit) {
  Machine machine;
  machine.file("proc/self/cgroup", "4:memory:/x\n2:cpu:/x\nnonsense\n0::/y")
      .file("proc/self/mountinfo",
            "40 31 0:31 / /m rw - cgroup cgroup rw,memory\n"
            "41 31 0:32 / /c rw - cgroup cgroup rw,cpu\nnonsense")
      .file("m/x/memory.limit_in_bytes", "9223372036854771712")
      .file("c/x/cpu.cfs_quota_us", "-1")
      .file("c/x/cpu.cfs_period_us", "100000");
  const Resources all = Machine().read();
  EXPECT_DOUBLE_EQ(machine.read().cpus, all.cpus);
  EXPECT_EQ(machine.read().memory, all.memory);
}

}  // namespace
}  // namespace longhand::server
