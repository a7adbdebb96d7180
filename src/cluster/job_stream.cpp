#include "cluster/job_stream.h"

#include <future>
#include <memory>

namespace longhand::cluster {
namespace {

constexpr const char* kStream = "longhand:trainings";
constexpr const char* kGroup = "trainers";
// Entries are taken out when done; those that nobody ever takes must not fill Redis.
constexpr const char* kMostEntries = "1000";

void nothing(const Result<Reply>&) {}

Result<Reply> ask(Redis& redis, std::vector<std::string> command) {
  auto promise = std::make_shared<std::promise<Result<Reply>>>();
  auto answer = promise->get_future();
  redis.call(std::move(command),
             [promise](Result<Reply> reply) { promise->set_value(std::move(reply)); });
  return answer.get();
}

// Of a list of entries, each [id, [field, value, ...]], the first that is whole.
std::optional<JobStream::Entry> first_of(const Reply& entries) {
  for (const Reply& entry : entries.elements) {
    if (entry.elements.size() == 2 && entry.elements[1].elements.size() >= 2) {
      return JobStream::Entry{entry.elements[0].text, entry.elements[1].elements[1].text};
    }
  }
  return std::nullopt;
}

}  // namespace

void JobStream::add(const std::string& job) {
  redis_.call({"XADD", kStream, "MAXLEN", "~", kMostEntries, "*", "job", job}, nothing);
}

std::optional<JobStream::Entry> JobStream::take(std::chrono::milliseconds dead) {
  const std::vector<std::string> read{"XREADGROUP", "GROUP",   kGroup,  worker_, "COUNT",
                                      "1",          "STREAMS", kStream, ">"};
  auto fresh = ask(redis_, read);
  if (fresh && fresh->is_error() && fresh->text.starts_with("NOGROUP")) {
    // From the start of the stream: what was added before there was any worker is wanted too.
    if (!ask(redis_, {"XGROUP", "CREATE", kStream, kGroup, "0", "MKSTREAM"})) return std::nullopt;
    fresh = ask(redis_, read);
  }
  if (!fresh || fresh->is_error()) return std::nullopt;
  // [[stream, entries]], nil where there is none.
  if (!fresh->elements.empty() && fresh->elements[0].elements.size() == 2) {
    return first_of(fresh->elements[0].elements[1]);
  }
  // [where to go on, entries, ...]
  const auto left = ask(redis_, {"XAUTOCLAIM", kStream, kGroup, worker_,
                                 std::to_string(dead.count()), "0-0", "COUNT", "1"});
  if (!left || left->is_error() || left->elements.size() < 2) return std::nullopt;
  return first_of(left->elements[1]);
}

void JobStream::keep(const Entry& entry) {
  redis_.call({"XCLAIM", kStream, kGroup, worker_, "0", entry.id, "JUSTID"}, nothing);
}

void JobStream::done(const Entry& entry) {
  redis_.call({"XACK", kStream, kGroup, entry.id}, nothing);
  redis_.call({"XDEL", kStream, entry.id}, nothing);
}

}  // namespace longhand::cluster
