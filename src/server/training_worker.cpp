#include "server/training_worker.h"

#include <signal.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>

#include "api/json_text.h"
#include "base/uuid.h"
#include "records/wait_for.h"
#include "server/query.h"

namespace longhand::server {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using records::Job;
using records::wait_for;
using Clock = std::chrono::steady_clock;

constexpr auto kGlance = 250ms;  // at the trainer
constexpr auto kTell = 3s;       // that this worker is at it
constexpr auto kDead = 30s;      // a worker that was not heard of for so long
constexpr auto kLook = 5s;       // at the store, for what nobody told of
constexpr auto kTidy = 60s;      // what other replicas ended, or time did
constexpr auto kSaving = 20s;    // what a trainer may take to write its checkpoint and end
constexpr int kNiceness = 5;     // readings go first
// Servers that may die at one training: one by chance, a second when a whole cluster loses power
// or memory. It is more likely the training that kills the third, and it would kill the next.
constexpr int kMostAttempts = 3;

// The last line of a file that is not empty; of a long one only the end is looked at.
std::string last_line(const fs::path& file) {
  constexpr std::streamoff kEnd = 16'384;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return "";
  in.seekg(std::max<std::streamoff>(0, in.tellg() - std::streampos(kEnd)));
  std::string line, last;
  while (std::getline(in, line)) {
    if (!line.empty()) last = line;
  }
  return last;
}

Result<Models::Bytes> read_model(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() != ".onnx") continue;
    if (it->file_size() > Models::kMostBytes) {
      return fail(ErrorCode::kTooLarge, "the model is larger than 32 MB, the limit for one");
    }
    Models::Bytes bytes(it->file_size());
    std::ifstream in(it->path(), std::ios::binary);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!in) return fail(ErrorCode::kIo, "can't read " + it->path().string());
    return bytes;
  }
  return fail(ErrorCode::kIo, "the trainer left no model in " + folder.string());
}

// The log's last line, with the model that came of it.
std::string with_model(const std::string& progress, const recognizer::ModelRef& ref) {
  boost::system::error_code ec;
  boost::json::value value = boost::json::parse(progress, ec);
  if (ec || !value.is_object()) value = boost::json::object();
  value.get_object()["model"] = boost::json::object{{"name", ref.name}, {"version", ref.version}};
  return api::to_text(value.get_object());
}

std::string why_given_up(const Job& job) {
  return std::to_string(job.attempts) +
         " servers died or fell silent while they were at this training, so it is not tried again: "
         "it may need more memory than they have, which a smaller batch or network spares, or they "
         "were killed; see their logs and trainings/" +
         job.id.to_string() + "/trainer.log, then queue it anew";
}

// The text without what is no UTF-8, which neither JSON nor every store takes: a character that was
// cut at the end goes, other such bytes become question marks.
std::string as_utf8(std::string text) {
  constexpr std::size_t kLongestCut = 3;  // of a character of four bytes
  for (std::size_t cut = 0; cut <= std::min(kLongestCut, text.size()); ++cut) {
    const std::string_view begin = std::string_view(text).substr(0, text.size() - cut);
    if (is_valid_utf8(begin)) return std::string(begin);
  }
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return text;
}

bool may_do_later(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kBusy;
}

}  // namespace

std::string last_words(const fs::path& file) {
  constexpr std::string_view kName = "longhand train: ";
  constexpr std::size_t kLongest = 1'000;
  std::string line = last_line(file);
  if (line.starts_with(kName)) line.erase(0, kName.size());
  std::erase_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (line.size() > kLongest) line.resize(kLongest);
  return line.empty() ? "the trainer ended without a word" : as_utf8(std::move(line));
}

TrainingWorker::TrainingWorker(Plan plan, records::JobStore& jobs, Models& models,
                               cluster::JobStream* stream, std::shared_ptr<spdlog::logger> logger)
    : plan_(std::move(plan)),
      folders_(plan_.folder / "trainings", plan_.keep),
      jobs_(jobs),
      models_(models),
      stream_(stream),
      logger_(std::move(logger)),
      thread_([this] { run(); }) {}

TrainingWorker::~TrainingWorker() {
  stop();
}

void TrainingWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TrainingWorker::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

bool TrainingWorker::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool TrainingWorker::rest(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return stopping_ || woken_; });
  if (woken_) next_tidy_ = {};  // a training may have been cancelled
  return std::exchange(woken_, false);
}

void TrainingWorker::run() {
  auto next_look = Clock::now();
  bool woken = false;
  while (!is_stopping()) {
    const Entry entry = stream_ != nullptr ? stream_->take(kDead + kTell) : std::nullopt;
    try {
      if (entry || woken || Clock::now() >= next_look) {
        next_look = Clock::now() + kLook;
        take_jobs(entry);
      }
      tidy();
    } catch (const std::exception& error) {
      logger_->error("training: {}", error.what());
    }
    if (entry && !is_stopping()) stream_->done(*entry);
    woken = rest(stream_ != nullptr ? std::chrono::milliseconds(kGlance)
                                    : std::chrono::milliseconds(kLook));
  }
}

void TrainingWorker::tidy() {
  if (is_stopping() || Clock::now() < next_tidy_) return;
  next_tidy_ = Clock::now() + kTidy;
  const std::vector<Uuid> found = folders_.find();
  if (found.empty()) return;
  const auto jobs = wait_for<std::vector<Job>>([&](auto done) { jobs_.list(std::move(done)); });
  if (!jobs) return;
  const auto tidied = folders_.tidy(found, *jobs, unix_micros());
  for (const Uuid& id : tidied.removed) {
    logger_->info("the folder of training {} is removed: it has ended more than {} days ago",
                  id.to_string(), plan_.keep.count());
  }
  for (const std::string& fault : tidied.faults) {
    if (faults_.insert(fault).second) logger_->warn("{}", fault);
  }
}

// An entry is for one job, whichever; taking all that there are does no harm, since the store gives
// each to one worker only.
void TrainingWorker::take_jobs(const Entry& entry) {
  while (!is_stopping()) {
    const std::int64_t stale = unix_micros() - std::chrono::microseconds(kDead).count();
    auto job = wait_for<std::optional<Job>>(
        [&](auto done) { jobs_.claim(plan_.name, stale, std::move(done)); });
    if (!job || !*job) return;
    work(std::move(**job), entry);
    next_tidy_ = {};
    tidy();
  }
}

Result<Child> TrainingWorker::begin(const Job& job) const {
  const fs::path folder = folders_.of(job.id);
  std::error_code error;
  fs::create_directories(folder, error);
  const fs::path recipe = folder / "recipe.toml";
  std::ofstream out(recipe, std::ios::binary | std::ios::trunc);
  out << job.recipe << std::flush;
  if (error || !out) return fail(ErrorCode::kIo, "can't write " + recipe.string());
  std::vector<std::string> command{plan_.trainer.string(), recipe.string(), "--out",
                                   folder.string()};
  if (fs::exists(folder / "checkpoint", error)) command.emplace_back("--resume");
  return Child::start({.command = std::move(command),
                       .folder = plan_.folder,
                       .output = folder / "trainer.log",
                       .niceness = kNiceness});
}

void TrainingWorker::work(Job job, const Entry& entry) {
  if (job.attempts >= kMostAttempts) {
    job.state = Job::State::kFailed;
    job.error = why_given_up(job);
    return end(std::move(job));
  }
  auto child = begin(job);
  if (!child) {
    job.state = Job::State::kFailed;
    job.error = child.error().message;
    return end(std::move(job));
  }
  logger_->info("training {} begins", job.id.to_string());
  auto last_told = Clock::now();
  while (!child->ended()) {
    if (rest(kGlance)) last_told = {};  // it may have been cancelled
    tidy();
    if (is_stopping()) {
      interrupt(*child);
      job.state = Job::State::kQueued;
      logger_->info("training {} is given back", job.id.to_string());
      return end(std::move(job));
    }
    std::string progress = last_line(folders_.of(job.id) / "log.jsonl");
    if (progress == job.progress && Clock::now() < last_told + kTell) continue;
    job.progress = std::move(progress);
    last_told = Clock::now();
    if (!tell(job, entry)) {
      interrupt(*child);
      logger_->info("training {} was cancelled or taken over", job.id.to_string());
      return;
    }
  }
  conclude(std::move(job), *child->ended(), entry);
}

bool TrainingWorker::tell(const Job& job, const Entry& entry) {
  if (entry) stream_->keep(*entry);
  const auto told = wait_for<void>([&](auto done) { jobs_.update(job, std::move(done)); });
  return told || told.error().code != ErrorCode::kNotFound;
}

// Asked twice a trainer ends at once; killed it leaves the last checkpoint.
void TrainingWorker::interrupt(Child& child) {
  child.send(SIGTERM);
  const auto deadline = Clock::now() + kSaving;
  while (!child.ended() && Clock::now() < deadline) std::this_thread::sleep_for(10ms);
  child.send(SIGKILL);
}

void TrainingWorker::conclude(Job job, int status, const Entry& entry) {
  const fs::path folder = folders_.of(job.id);
  job.state = Job::State::kFailed;
  if (std::string progress = last_line(folder / "log.jsonl"); !progress.empty()) {
    job.progress = std::move(progress);
  }
  if (status != 0) {
    job.error = last_words(folder / "trainer.log");
    if (status > 128) job.error += " (ended by signal " + std::to_string(status - 128) + ")";
    return end(std::move(job));
  }
  const auto model = deliver(job, entry);
  if (model) {
    job.state = Job::State::kDone;
    job.progress = with_model(job.progress, (*model)->ref());
  } else if (may_do_later(model.error())) {
    job.state = Job::State::kQueued;  // the next worker finds it trained, and delivers it
  } else {
    job.error = model.error().message;
  }
  end(std::move(job));
}

// The store may be away for a while just then; the training was long.
Result<Models::ModelPointer> TrainingWorker::deliver(const Job& job, const Entry& entry) {
  const auto onnx = read_model(folders_.of(job.id));
  if (!onnx) return tl::unexpected(onnx.error());
  for (;;) {
    auto model =
        wait_for<Models::ModelPointer>([&](auto done) { models_.add(*onnx, std::move(done)); });
    if (model || !may_do_later(model.error()) || is_stopping()) return model;
    if (!tell(job, entry)) return fail(ErrorCode::kCancelled, "the training was cancelled");
    rest(kTell);
  }
}

// What can't be told now is found by others when this worker was silent for long enough.
void TrainingWorker::end(Job job) {
  const std::string id = job.id.to_string();
  const bool failed = job.state == Job::State::kFailed;
  const std::string error = job.error;
  const auto told =
      wait_for<void>([&](auto done) { jobs_.update(std::move(job), std::move(done)); });
  if (!told) {
    logger_->warn("how training {} ended could not be kept: {}", id, told.error().message);
  } else if (failed) {
    logger_->error("training {} failed: {}", id, error);
  } else {
    logger_->info("training {} has ended", id);
  }
}

}  // namespace longhand::server
