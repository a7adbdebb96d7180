#include "server/child.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "records/testing.h"

namespace longhand::server {
namespace {

using ::testing::HasSubstr;

class ChildTest : public ::testing::Test {
 protected:
  Child::Plan plan(const std::string& script) {
    return {.command = {"/bin/sh", "-c", script}, .folder = folder_.path(), .output = log_};
  }
  static int wait(Child& child) {
    for (int i = 0; i < 2'000; ++i) {
      if (const auto status = child.ended()) return *status;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return -1;
  }
  std::string said() const {
    std::ostringstream text;
    text << std::ifstream(log_).rdbuf();
    return text.str();
  }

  records::testing::TemporaryFolder folder_;
  const std::string log_ = folder_.file("log");
};

TEST_F(ChildTest, WorksInItsFolderAndSaysWhatItSaysToTheFile) {
  for (int i = 0; i < 2; ++i) {
    auto child = Child::start(plan("pwd; echo wrong >&2; exit 3"));
    ASSERT_TRUE(child) << child.error().message;
    EXPECT_EQ(wait(*child), 3);
    EXPECT_EQ(child->ended(), 3) << "again";
  }
  const std::string once = folder_.path().string() + "\nwrong\n";
  EXPECT_EQ(said(), once + once);
}

TEST_F(ChildTest, EndsBySignalsAndWithItsObject) {
  auto child = Child::start(plan("echo $$; exec sleep 100"));
  ASSERT_TRUE(child);
  EXPECT_FALSE(child->ended());
  child->send(SIGTERM);
  EXPECT_EQ(wait(*child), 128 + SIGTERM);
  pid_t process = 0;
  {
    auto other = Child::start(plan("echo $$ > pid; exec sleep 100"));
    ASSERT_TRUE(other);
    while (process == 0) std::ifstream(folder_.file("pid")) >> process;
    EXPECT_EQ(kill(process, 0), 0);
  }
  EXPECT_EQ(kill(process, 0), -1);
}

TEST_F(ChildTest, EndsWithTheThreadThatStartedIt) {
  std::optional<Child> child;
  std::thread([&] {
    auto started = Child::start(plan("exec sleep 100"));
    if (started) child.emplace(std::move(*started));
  }).join();
  ASSERT_TRUE(child);
  EXPECT_EQ(wait(*child), 128 + SIGTERM);
}

TEST_F(ChildTest, WhatCantBeStartedIsSaid) {
  Child::Plan none = plan("");
  none.command = {"/nowhere/program"};
  const auto child = Child::start(none);
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, ErrorCode::kIo);
  EXPECT_THAT(child.error().message, HasSubstr("/nowhere/program: No such file"));
  Child::Plan nowhere = plan("exit 0");
  nowhere.folder = "/nowhere";
  EXPECT_FALSE(Child::start(nowhere));
}

}  // namespace
}  // namespace longhand::server
