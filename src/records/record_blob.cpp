#include "records/record_blob.h"

#include <array>

#include "records/blob_io.h"
#include "records/encoded_record.h"

namespace longhand::records {
namespace {

enum Flags : std::uint8_t {
  kRejected = 1,
  kHasLabel = 2,
  kHasPicture = 4,
  kHasStrokes = 8,
};

void put_blob(BlobWriter& out, std::span<const std::byte> blob) {
  out.length(blob.size());
  out.bytes({reinterpret_cast<const std::uint8_t*>(blob.data()), blob.size()});
}

void put_number(BlobWriter& out, std::int64_t value) {
  for (int shift = 0; shift < 64; shift += 8) {
    out.byte(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> shift));
  }
}

std::int64_t get_number(BlobReader& in) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 8) value |= std::uint64_t{in.byte()} << shift;
  return static_cast<std::int64_t>(value);
}

std::span<const std::byte> get_blob(BlobReader& in) {
  return in.raw(in.count(1));
}

template <std::size_t kSize>
void get_bytes(BlobReader& in, std::array<std::uint8_t, kSize>& out) {
  for (std::uint8_t& byte : out) byte = in.byte();
}

std::uint8_t flags_of(const Record& record) {
  std::uint8_t flags = 0;
  if (record.summary.reading.rejected) flags |= kRejected;
  if (record.summary.label) flags |= kHasLabel;
  if (record.content.picture) flags |= kHasPicture;
  if (record.content.strokes) flags |= kHasStrokes;
  return flags;
}

bool get_content(BlobReader& in, std::uint8_t flags, Content& content) {
  content.normalization = in.text();
  auto images = decode_images(get_blob(in));
  if (!images) return false;
  content.glyphs = std::move(*images);
  if ((flags & kHasPicture) != 0) {
    std::string media_type = in.text();
    const auto bytes = get_blob(in);
    content.picture = Picture{std::move(media_type), {bytes.begin(), bytes.end()}};
  }
  if ((flags & kHasStrokes) != 0) {
    auto strokes = decode_strokes(get_blob(in));
    if (!strokes) return false;
    content.strokes = std::move(*strokes);
  }
  return true;
}

}  // namespace

Blob encode_record(const Record& record) {
  const Summary& summary = record.summary;
  const auto& reading = summary.reading;
  BlobWriter out;
  out.byte(flags_of(record));
  out.bytes(summary.id.bytes);
  out.bytes(summary.owner);
  put_number(out, summary.created_us);
  out.text(summary.name);
  out.text(summary.mode);
  out.text(reading.alphabet);
  out.text(reading.text);
  out.real(reading.confidence);
  out.text(reading.model.name);
  out.text(reading.model.version);
  put_number(out, reading.ink_us);
  put_number(out, reading.net_us);
  put_blob(out, encode_glyphs(reading.glyphs));
  if (summary.label) out.text(*summary.label);
  out.text(record.content.normalization);
  put_blob(out, encode_images(record.content.glyphs));
  if (record.content.picture) {
    out.text(record.content.picture->media_type);
    put_blob(out, record.content.picture->bytes);
  }
  if (record.content.strokes) put_blob(out, encode_strokes(*record.content.strokes));
  return out.take();
}

Result<Record> decode_record(std::span<const std::byte> blob) {
  BlobReader in(blob);
  Record record;
  Summary& summary = record.summary;
  auto& reading = summary.reading;
  const std::uint8_t flags = in.byte();
  if (flags > (kRejected | kHasLabel | kHasPicture | kHasStrokes)) in.fail();
  reading.rejected = (flags & kRejected) != 0;
  get_bytes(in, summary.id.bytes);
  get_bytes(in, summary.owner);
  summary.created_us = get_number(in);
  summary.name = in.text();
  summary.mode = in.text();
  reading.alphabet = in.text();
  reading.text = in.text();
  reading.confidence = in.finite();
  reading.model.name = in.text();
  reading.model.version = in.text();
  reading.ink_us = get_number(in);
  reading.net_us = get_number(in);
  auto glyphs = decode_glyphs(get_blob(in));
  if (glyphs) reading.glyphs = std::move(*glyphs);
  if ((flags & kHasLabel) != 0) summary.label = in.text();
  const bool sound = glyphs && get_content(in, flags, record.content) && in.end() &&
                     summary.created_us >= 0 && summary.created_us <= kLastTime;
  if (sound) return record;
  return fail(ErrorCode::kCorruptStore, "a spooled record is damaged");
}

}  // namespace longhand::records
