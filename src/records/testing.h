#pragma once

// What the tests of stores share. Not for the library.

#include <gtest/gtest.h>

#include <unistd.h>

#include <bit>
#include <filesystem>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "records/record.h"
#include "records/store.h"
#include "records/wait_for.h"

namespace longhand::records::testing {

// A folder that is gone with the object; in memory where the system has such a place, since what
// these tests show doesn't depend on how long a real disk takes to sync.
class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(place() /
              ("longhand-" + std::to_string(::getpid()) + "-" + make_uuid7().to_string())) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  static std::filesystem::path place() {
    const std::filesystem::path memory = "/dev/shm";
    return ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
  }

  std::filesystem::path path_;
};

using records::wait_for;

inline Result<Stored> add(RecordStore& store, Record record) {
  return wait_for<Stored>([&](auto done) { store.add(std::move(record), done); });
}
inline Result<Page> list(RecordStore& store, const Query& query) {
  return wait_for<Page>([&](auto done) { store.list(query, done); });
}
inline Result<Summary> get(RecordStore& store, const Uuid& id, const Viewer& viewer) {
  return wait_for<Summary>([&](auto done) { store.get(id, viewer, done); });
}
inline Result<Content> content(RecordStore& store, const Uuid& id, const Viewer& viewer) {
  return wait_for<Content>([&](auto done) { store.content(id, viewer, done); });
}
inline Result<Summary> set_label(RecordStore& store, const Uuid& id, const Viewer& viewer,
                                 std::optional<std::string> label) {
  return wait_for<Summary>([&](auto done) { store.set_label(id, viewer, label, done); });
}
inline Result<void> remove(RecordStore& store, const Uuid& id, const Viewer& viewer) {
  return wait_for<void>([&](auto done) { store.remove(id, viewer, done); });
}
inline Result<void> ping(RecordStore& store) {
  return wait_for<void>([&](auto done) { store.ping(done); });
}

inline Viewer owner(std::uint8_t number) {
  Viewer viewer;
  viewer.owner.fill(number);
  return viewer;
}
inline Viewer the_operator() {
  return {.owner = {}, .is_operator = true};
}

// A record with everything in it, of owner(1), made from `seed`: a picture of `picture_bytes`
// bytes when the seed is even, strokes with holes in time and pressure when it is odd.
inline Record make_record(unsigned seed, std::size_t picture_bytes = 3000) {
  std::mt19937 random(seed);
  const auto uniform = [&random] { return static_cast<float>(random() % 10'000) / 10'000; };
  Record record;
  auto& summary = record.summary;
  summary.id = make_uuid7();
  summary.created_us = unix_micros();
  summary.owner = owner(1).owner;
  summary.name = "file-" + std::to_string(seed) + ".png";
  auto& reading = summary.reading;
  reading.alphabet = "digits";
  reading.text = std::to_string(seed % 10);
  reading.confidence = uniform();
  reading.rejected = seed % 7 == 0;
  reading.model = {"digits", "0123456789ab"};
  reading.ink_us = static_cast<std::int64_t>(random() % 1000);
  reading.net_us = static_cast<std::int64_t>(random() % 1000);
  recognizer::GlyphReading glyph;
  glyph.box = {uniform(), uniform(), uniform() * 100, uniform() * 100};
  glyph.text = reading.text;
  glyph.confidence = reading.confidence;
  for (int i = 0; i < 5; ++i) glyph.candidates.push_back({std::to_string(i), uniform()});
  reading.glyphs.push_back(glyph);

  record.content.normalization = "ink-1";
  ink::GreyImage image(28, 28);
  for (auto& pixel : image.pixels) pixel = static_cast<std::uint8_t>(random());
  record.content.glyphs.push_back(image);
  if (seed % 2 == 0) {
    Picture picture{"image/png", std::vector<std::byte>(picture_bytes)};
    for (auto& byte : picture.bytes) byte = static_cast<std::byte>(random());
    record.content.picture = std::move(picture);
    return record;
  }
  ink::Strokes strokes;
  for (unsigned i = 0; i < 3; ++i) {
    ink::Stroke stroke(random() % 40);
    for (auto& point : stroke) {
      point.x = uniform() * 280, point.y = uniform() * 280;
      if (i > 0) point.t = uniform() * 1000;
      if (i > 1 && random() % 2 == 0) point.pressure = uniform();
    }
    strokes.strokes.push_back(std::move(stroke));
  }
  record.content.strokes = std::move(strokes);
  return record;
}

// Do two floats have the same bits? NaNs are equal to themselves here.
inline bool same_bits(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

inline void expect_same(const Summary& found, const Summary& wanted) {
  EXPECT_EQ(found.id, wanted.id);
  EXPECT_EQ(found.created_us, wanted.created_us);
  EXPECT_EQ(found.owner, wanted.owner);
  EXPECT_EQ(found.name, wanted.name);
  EXPECT_EQ(found.mode, wanted.mode);
  EXPECT_EQ(found.label, wanted.label);
  const auto& a = found.reading;
  const auto& b = wanted.reading;
  EXPECT_EQ(a.alphabet, b.alphabet);
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.confidence, b.confidence);
  EXPECT_EQ(a.rejected, b.rejected);
  EXPECT_EQ(a.model.name, b.model.name);
  EXPECT_EQ(a.model.version, b.model.version);
  EXPECT_EQ(a.ink_us, b.ink_us);
  EXPECT_EQ(a.net_us, b.net_us);
  ASSERT_EQ(a.glyphs.size(), b.glyphs.size());
  for (std::size_t i = 0; i < a.glyphs.size(); ++i) {
    EXPECT_EQ(a.glyphs[i].box, b.glyphs[i].box);
    EXPECT_EQ(a.glyphs[i].text, b.glyphs[i].text);
    EXPECT_EQ(a.glyphs[i].confidence, b.glyphs[i].confidence);
    ASSERT_EQ(a.glyphs[i].candidates.size(), b.glyphs[i].candidates.size());
    for (std::size_t j = 0; j < a.glyphs[i].candidates.size(); ++j) {
      EXPECT_EQ(a.glyphs[i].candidates[j].text, b.glyphs[i].candidates[j].text);
      EXPECT_EQ(a.glyphs[i].candidates[j].confidence, b.glyphs[i].candidates[j].confidence);
    }
  }
}

inline void expect_same(const ink::Strokes& found, const ink::Strokes& wanted) {
  ASSERT_EQ(found.strokes.size(), wanted.strokes.size());
  for (std::size_t i = 0; i < found.strokes.size(); ++i) {
    ASSERT_EQ(found.strokes[i].size(), wanted.strokes[i].size());
    for (std::size_t j = 0; j < found.strokes[i].size(); ++j) {
      const auto& a = found.strokes[i][j];
      const auto& b = wanted.strokes[i][j];
      EXPECT_TRUE(same_bits(a.x, b.x) && same_bits(a.y, b.y) && same_bits(a.t, b.t) &&
                  same_bits(a.pressure, b.pressure))
          << "point " << j << " of stroke " << i;
    }
  }
}

inline void expect_same(const Content& found, const Content& wanted) {
  EXPECT_EQ(found.normalization, wanted.normalization);
  EXPECT_EQ(found.glyphs, wanted.glyphs);
  ASSERT_EQ(found.picture.has_value(), wanted.picture.has_value());
  if (found.picture) {
    EXPECT_EQ(found.picture->media_type, wanted.picture->media_type);
    EXPECT_EQ(found.picture->bytes, wanted.picture->bytes);
  }
  ASSERT_EQ(found.strokes.has_value(), wanted.strokes.has_value());
  if (found.strokes) expect_same(*found.strokes, *wanted.strokes);
}

}  // namespace longhand::records::testing
