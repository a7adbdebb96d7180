#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "ink/rasterize.h"
#include "recognizer/reader.h"
#include "source_folder.h"

namespace longhand::recognizer {

// For tests: the shipped model of digits, and writing for it.
inline const Recognizer& digits() {
  static const Recognizer recognizer(
      *Model::load_file(std::string(LONGHAND_SOURCE_DIR) + "/models/digits.onnx"));
  return recognizer;
}

// Digits as one would write them in a cell of 60 x 100.
inline ink::Strokes written(char digit) {
  switch (digit) {
    case '1':
      return {{{{30, 5}, {30, 50}, {30, 95}}}};
    case '7':
      return {{{{5, 8}, {30, 8}, {55, 8}, {38, 50}, {22, 95}}}};
    case '4':
      return {{{{25, 5}, {15, 35}, {5, 60}, {30, 60}, {57, 60}}, {{42, 30}, {42, 60}, {42, 97}}}};
    case '0': {
      ink::Stroke ring;
      for (int i = 0; i <= 32; ++i) {
        const float a = 6.2832F * static_cast<float>(i) / 32;
        ring.push_back({30 - 25 * std::sin(a), 50 - 45 * std::cos(a)});
      }
      return {{ring}};
    }
    default:  // 2
      return {{{{8, 28},
                {12, 12},
                {30, 4},
                {48, 12},
                {50, 30},
                {40, 52},
                {8, 93},
                {32, 92},
                {58, 92}}}};
  }
}

// A text of those digits; blanks part words, "\n" lines.
inline ink::Strokes written(const std::string& text, float apart = 90) {
  ink::Strokes all;
  float x = 40, y = 40;
  for (const char c : text) {
    if (c == '\n') x = 40, y += 180;
    if (c == ' ') x += 130;
    if (c == '\n' || c == ' ') continue;
    for (ink::Stroke stroke : written(c).strokes) {
      for (ink::Point& p : stroke) p.x += x, p.y += y;
      all.strokes.push_back(std::move(stroke));
    }
    x += apart;
  }
  return all;
}

inline ink::Raster drawn(const ink::Strokes& strokes) {
  const ink::Box box = ink::bounds(strokes);
  ink::GreyImage image = ink::rasterize(strokes, static_cast<int>(box.x + box.w) + 40,
                                        static_cast<int>(box.y + box.h) + 40, {.width = 9});
  for (auto& pixel : image.pixels) pixel = static_cast<std::uint8_t>(240 - pixel * 3 / 4);
  return {image, {}};
}

inline Writing read_as(Mode mode, const auto& content, const std::string& pattern = "") {
  ReadOptions options{mode, std::nullopt};
  if (!pattern.empty()) options.pattern = *Pattern::parse(pattern);
  EXPECT_TRUE(check(options, digits().model().card()));
  return read(digits(), content, options);
}

}  // namespace longhand::recognizer
