#include "training/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <span>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include "base/sha256.h"
#include "data/dataset.h"

namespace longhand::training {
namespace {

constexpr std::string_view kMagic = "LONGHAND-CHECKPOINT-1\n";
// More than the largest network that plan_network() takes needs, with its average, its best epoch
// and an optimiser's two moments.
constexpr std::size_t kMostBytes = std::size_t{4} << 30;

// One list of fields for both directions; `io` is a Writer or a Reader.
template <typename Io, typename T>
void fields(Io& io, T& value);

class Writer {
 public:
  template <typename T>
  requires std::is_arithmetic_v<T>
  void value(const T& number) {
    out_.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  void value(const std::string& text) {
    value(static_cast<std::uint64_t>(text.size()));
    out_ += text;
  }
  template <typename T>
  void value(const std::vector<T>& list) {
    value(static_cast<std::uint64_t>(list.size()));
    if constexpr (std::is_arithmetic_v<T>) {
      out_.append(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(T));
    } else {
      for (const T& item : list) value(item);
    }
  }
  template <typename T>
  void value(const T& record) {
    fields(*this, record);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool sound() const { return sound_; }
  bool at_end() const { return bytes_.empty(); }

  template <typename T>
  requires std::is_arithmetic_v<T>
  void value(T& number) { copy(&number, sizeof number); }
  void value(std::string& text) {
    text.resize(length(1));
    copy(text.data(), text.size());
  }
  template <typename T>
  void value(std::vector<T>& list) {
    list.resize(length(std::is_arithmetic_v<T> ? sizeof(T) : 1));
    if constexpr (std::is_arithmetic_v<T>) {
      copy(list.data(), list.size() * sizeof(T));
    } else {
      for (T& item : list) value(item);
    }
  }
  template <typename T>
  void value(T& record) {
    fields(*this, record);
  }

 private:
  // A count of items of `size` bytes at least, never more than there are bytes.
  std::size_t length(std::size_t size) {
    std::uint64_t count = 0;
    value(count);
    if (count > bytes_.size() / size) sound_ = false;
    return sound_ ? static_cast<std::size_t>(count) : 0;
  }
  void copy(void* to, std::size_t count) {
    if (count > bytes_.size()) sound_ = false;
    if (!sound_ || count == 0) return;
    std::memcpy(to, bytes_.data(), count);
    bytes_.remove_prefix(count);
  }

  std::string_view bytes_;
  bool sound_ = true;
};

template <typename T, typename U>
concept Is = std::is_same_v<std::remove_const_t<T>, U>;

template <typename Io, typename T>
void fields(Io& io, T& value) {
  const auto all = [&io](auto&... members) { (io.value(members), ...); };
  if constexpr (Is<T, Weights>) {
    all(value.decayed, value.plain, value.statistics);
  } else if constexpr (Is<T, LearnerState>) {
    all(value.weights, value.average, value.moments, value.steps);
  } else if constexpr (Is<T, RunningSums>) {
    all(value.loss, value.steps, value.correct, value.characters);
  } else if constexpr (Is<T, EpochResult>) {
    all(value.epoch, value.train_loss, value.train_accuracy, value.validation_loss,
        value.validation_accuracy, value.rate);
  } else {
    static_assert(Is<T, Checkpoint>);
    all(value.recipe_digest, value.date, value.seconds, value.learner, value.sums, value.epochs,
        value.best_epoch, value.best);
  }
}

std::string digest(std::string_view bytes) {
  return to_hex(sha256(std::as_bytes(std::span(bytes.data(), bytes.size()))));
}

Error system_error(const std::filesystem::path& file) {
  const int code = errno;
  return {code == ENOSPC ? ErrorCode::kDiskFull : ErrorCode::kIo,
          file.string() + " can't be written: " + std::generic_category().message(code)};
}

// Writes all of it and flushes; 0 or the descriptor's fault in errno.
bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

void flush_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  Writer writer;
  fields(writer, checkpoint);
  const std::string body = writer.take();
  return std::string(kMagic) + digest(body) + body;
}

Result<Checkpoint> decode_checkpoint(std::string_view bytes) {
  constexpr std::size_t kDigest = 64;
  if (bytes.substr(0, kMagic.size()) != kMagic) {
    return fail(ErrorCode::kCorruptData, "it is no checkpoint of this version");
  }
  bytes.remove_prefix(kMagic.size());
  if (bytes.size() < kDigest || digest(bytes.substr(kDigest)) != bytes.substr(0, kDigest)) {
    return fail(ErrorCode::kCorruptData, "it is cut short or was altered (its checksum differs)");
  }
  Reader reader(bytes.substr(kDigest));
  Checkpoint checkpoint;
  fields(reader, checkpoint);
  if (!reader.sound() || !reader.at_end()) {
    return fail(ErrorCode::kCorruptData, "its contents do not add up");
  }
  return checkpoint;
}

Result<void> write_file_atomically(const std::filesystem::path& file, std::string_view bytes) {
  const std::filesystem::path beside = file.string() + ".partial";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return tl::unexpected(system_error(beside));
  const bool written = write_all(descriptor, bytes);
  const Error error = written ? Error{} : system_error(beside);
  ::close(descriptor);
  if (!written) {
    ::unlink(beside.c_str());
    return tl::unexpected(error);
  }
  if (::rename(beside.c_str(), file.c_str()) != 0) return tl::unexpected(system_error(file));
  flush_folder(file.has_parent_path() ? file.parent_path() : std::filesystem::path("."));
  return {};
}

Result<void> save_checkpoint(const Checkpoint& checkpoint, const std::filesystem::path& file) {
  return write_file_atomically(file, encode_checkpoint(checkpoint));
}

Result<Checkpoint> load_checkpoint(const std::filesystem::path& file) {
  const auto bytes = data::read_file(file, kMostBytes);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) {
    return fail(ErrorCode::kNotFound, "there is no checkpoint " + file.string());
  }
  if (!bytes) return fail(bytes.error().code, "the checkpoint: " + bytes.error().message);
  auto checkpoint =
      decode_checkpoint({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (checkpoint) return checkpoint;
  return fail(checkpoint.error().code, "the checkpoint " + file.string() +
                                           " can't be used: " + checkpoint.error().message +
                                           "; train anew without --resume");
}

}  // namespace longhand::training
