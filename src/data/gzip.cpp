#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "data/dataset.h"

namespace longhand::data {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18;

bool is_gzip(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

// Ends the stream however the function is left.
struct Inflater {
  z_stream stream{};
  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }
};

}  // namespace

Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& file,
                                            std::size_t max_bytes) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    return fail(ErrorCode::kIo, file.string() + " is a folder, a file is needed");
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    const std::string reason = errno != 0 ? std::strerror(errno) : "it can't be opened";
    return fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                "can't open " + file.string() + ": " + reason);
  }
  // In pieces, and not by the size the file claims: it may be a pipe or still grow.
  std::vector<std::uint8_t> bytes;
  std::vector<char> piece(kChunk);
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    bytes.insert(bytes.end(), piece.begin(), piece.begin() + in.gcount());
    if (bytes.size() > max_bytes)
      return fail(ErrorCode::kTooLarge, file.string() + " is larger than the limit of " +
                                            std::to_string(max_bytes) + " bytes");
  }
  if (in.bad()) return fail(ErrorCode::kIo, "can't read " + file.string() + " to its end");
  return bytes;
}

Result<std::vector<std::uint8_t>> gunzip(std::span<const std::uint8_t> bytes,
                                         const std::string& name, std::size_t max_bytes) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  constexpr int kGzipOnly = 16;
  if (inflateInit2(&stream, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
  std::vector<std::uint8_t> out;
  std::vector<std::uint8_t> piece(kChunk);
  std::size_t taken = 0;
  const auto damaged = [&](const char* what) {
    return fail(ErrorCode::kCorruptData, name + " is gzip data that is " + what + " after byte " +
                                             std::to_string(taken - stream.avail_in));
  };
  while (true) {
    if (stream.avail_in == 0 && taken < bytes.size()) {
      const std::size_t give = std::min(kChunk, bytes.size() - taken);
      stream.next_in = const_cast<Bytef*>(bytes.data() + taken);  // zlib only reads it
      stream.avail_in = static_cast<uInt>(give);
      taken += give;
    }
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = piece.size() - stream.avail_out;
    if (made > max_bytes - out.size())
      return fail(ErrorCode::kTooLarge, name + " grows over the limit of " +
                                            std::to_string(max_bytes) + " bytes when unpacked");
    out.insert(out.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(made));
    if (status == Z_STREAM_END) {
      if (stream.avail_in == 0 && taken == bytes.size()) return out;
      inflateReset(&stream);  // several members one after the other are one file to gzip
    } else if (status == Z_BUF_ERROR && stream.avail_in == 0 && taken == bytes.size()) {
      return damaged("cut short");
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return damaged("damaged");
    }
  }
}

Result<std::vector<std::uint8_t>> read_maybe_gzip(const std::filesystem::path& file,
                                                  std::size_t max_bytes) {
  auto bytes = read_file(file, max_bytes);
  if (!bytes || !is_gzip(*bytes)) return bytes;
  return gunzip(*bytes, file.string(), max_bytes);
}

}  // namespace longhand::data
