// Eight pictures of 40 megapixels at once, in a process of their own whose greatest size is
// measured.
#include <gtest/gtest.h>
#include <leptonica/allheaders.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "picture/picture.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LONGHAND_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LONGHAND_SANITIZED 1
#endif
#endif

// A sanitizer's own memory would be measured.
#ifndef LONGHAND_SANITIZED
namespace longhand::picture {
namespace {

constexpr int kWidth = 8000;
constexpr int kHeight = 5000;
constexpr unsigned kColor = 0x40608080;  // half clear
constexpr int kLuma = 90;

using Encode = l_ok (*)(l_uint8**, std::size_t*, PIX*);

std::vector<std::byte> make_file(Encode encode) {
  PIX* pix = pixCreate(kWidth, kHeight, 32);
  pixSetSpp(pix, 4);
  pixSetAllArbitrary(pix, kColor);
  l_uint8* data = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(encode(&data, &size, pix), 0);
  pixDestroy(&pix);
  const auto* const first = reinterpret_cast<const std::byte*>(data);
  std::vector<std::byte> bytes(first, first + size);
  lept_free(data);
  return bytes;
}

// In the child: 0 when all were read or told to wait, and at least one was read.
int decode_eight(const std::vector<std::byte>& bytes) {
  std::atomic<int> read = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      const auto raster = decode(bytes);
      if (raster && raster->grey.width == kWidth && raster->grey.at(17, 4000) / 4 == kLuma / 4)
        ++read;
      else if (raster || raster.error().code != ErrorCode::kBusy)
        ++wrong;
    });
  for (auto& thread : threads) thread.join();
  return wrong == 0 && read >= 1 ? 0 : 1;
}

// The greatest resident size, in MB, of a process that decodes eight copies at once.
long peak_of_eight(const std::vector<std::byte>& bytes) {
  const pid_t child = fork();
  if (child == 0) _exit(decode_eight(bytes));
  int status = 0;
  rusage usage{};
  EXPECT_EQ(wait4(child, &status, 0, &usage), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  return usage.ru_maxrss / 1024;
}

TEST(Memory, EightLargePicturesStayWithin500Megabytes) {
  const auto png = make_file([](l_uint8** data, std::size_t* size, PIX* pix) -> l_ok {
    pixSetZlibCompression(pix, 1);
    return pixWriteMemPng(data, size, pix, 0);
  });
  const long png_peak = peak_of_eight(png);
  RecordProperty("png_peak_mb", static_cast<int>(png_peak));
  EXPECT_LT(png_peak, 500) << "PNG with opacity";
  const auto jpeg = make_file([](l_uint8** data, std::size_t* size, PIX* pix) -> l_ok {
    return pixWriteMemJpeg(data, size, pix, 75, 1);
  });
  const long jpeg_peak = peak_of_eight(jpeg);
  RecordProperty("jpeg_peak_mb", static_cast<int>(jpeg_peak));
  EXPECT_LT(jpeg_peak, 500) << "progressive JPEG";
}

}  // namespace
}  // namespace longhand::picture
#endif
