// What each step of finding the ink earns: digits of MNIST's training set on computed papers (see
// hostile_paper.h), and any sets of pictures named, read with all steps, with none, and with each
// left out. Then the time of a normalization by the size of the picture. Tables in Markdown.
//
//   ink_ablation [--model models/digits.onnx] [--mnist data/mnist] [--count 500]
//                [--set IMAGES-IDX LABELS-IDX]...

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "hostile_paper.h"
#include "ink/even_out.h"
#include "ink/find_ink.h"
#include "ink/looks.h"
#include "recognizer/recognizer.h"

namespace {

using namespace longhand;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Column {
  const char* name;
  ink::InkSteps steps;
};

std::vector<Column> columns() {
  std::vector<Column> all = {{"no step", ink::InkSteps::ink1()}, {"all", ink::InkSteps::ink2()}};
  const auto without = [&](const char* name, auto leave_out) {
    ink::InkSteps steps = ink::InkSteps::ink2();
    leave_out(steps);
    all.push_back({name, steps});
  };
  without("no sheet", [](ink::InkSteps& s) { s.paper.sheet = false; });
  without("no local paper", [](ink::InkSteps& s) { s.paper.local = false; });
  without("no smoothing", [](ink::InkSteps& s) { s.paper.smooth = false; });
  without("no speckle", [](ink::InkSteps& s) { s.paper.speckle = false; });
  without("no bands", [](ink::InkSteps& s) { s.paper.bands = false; });
  without("no lines", [](ink::InkSteps& s) { s.lines = false; });
  without("no rim", [](ink::InkSteps& s) { s.rim = false; });
  return all;
}

struct Picture {
  ink::Raster raster;
  std::string label;
};

template <typename T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "ink_ablation: %s\n", result.error().message.c_str());
  std::exit(1);
}

std::vector<Picture> pictures_of(const fs::path& images, const fs::path& labels,
                                 const std::vector<std::string>& alphabet) {
  data::IdxOptions options;
  options.alphabet = alphabet;
  std::vector<Picture> pictures;
  for (data::Sample& sample : must(data::read_idx(images, labels, options)).samples) {
    if (std::find(alphabet.begin(), alphabet.end(), sample.label) == alphabet.end()) continue;
    pictures.push_back({std::get<ink::Raster>(std::move(sample.input)), std::move(sample.label)});
  }
  return pictures;
}

class Reader {
 public:
  explicit Reader(std::shared_ptr<const recognizer::Model> model) : recognizer_(std::move(model)) {}

  const std::vector<std::string>& alphabet() const { return recognizer_.model().card().alphabet; }

  // By the whole way, further looks at what fits nothing among it.
  double share_right(const std::vector<Picture>& pictures) const {
    double right = 0;
    for (const Picture& picture : pictures) {
      const auto reading = recognizer_.read(picture.raster);
      right += !reading.glyphs.empty() &&
                       reading.glyphs.front().candidates.front().text == picture.label
                   ? 1
                   : 0;
    }
    return right / static_cast<double>(pictures.size());
  }

  // At first sight.
  double share_right(const std::vector<Picture>& pictures, const ink::InkSteps& steps) const {
    const auto evenness = recognizer_.model().card().normalization == ink::Normalization::kInk1
                              ? ink::Evenness::ink1()
                              : ink::Evenness::ink2();
    double right = 0;
    for (const Picture& picture : pictures) {
      const auto patch = ink::find_ink(picture.raster, steps);
      auto image = patch ? ink::even_out(*patch, evenness) : std::nullopt;
      if (!image) continue;
      const auto reading = recognizer_.read(ink::Glyph{std::move(*image), patch->box});
      right += reading.glyphs.front().text == picture.label ? 1 : 0;
    }
    return right / static_cast<double>(pictures.size());
  }

 private:
  recognizer::Recognizer recognizer_;
};

void print_row(const std::string& name, const std::vector<Picture>& pictures,
               const Reader& reader) {
  std::printf("| %s |", name.c_str());
  for (const Column& column : columns())
    std::printf(" %.1f |", 100 * reader.share_right(pictures, column.steps));
  std::printf(" %.1f | %zu |\n", 100 * reader.share_right(pictures), pictures.size());
  std::fflush(stdout);
}

// The median of a second's calls, at least three.
template <typename Work>
double microseconds(const Work& work) {
  std::vector<double> times;
  const auto end = Clock::now() + std::chrono::seconds(1);
  while (Clock::now() < end || times.size() < 3) {
    const auto before = Clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - before).count());
  }
  std::nth_element(times.begin(), times.begin() + static_cast<long>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

// Each pixel repeated, and a grain over it where it is to be a photo.
ink::Raster enlarged(const ink::GreyImage& image, int width, int height, int grain) {
  ink::Raster raster{ink::GreyImage(width, height), {}};
  std::uint32_t state = 1;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      state = state * 1664525U + 1013904223U;
      const int noise = grain == 0 ? 0 : static_cast<int>(state >> 16) % (2 * grain + 1) - grain;
      const int grey = image.at(x * image.width / width, y * image.height / height);
      raster.grey.at(x, y) = static_cast<std::uint8_t>(std::clamp(grey + noise, 0, 255));
    }
  }
  return raster;
}

void print_times(const ink::GreyImage& glyph) {
  std::printf(
      "\n| picture | ink-1, µs | ink-2, µs | further looks, µs |\n| --- | --- | --- | --- |\n");
  const auto row = [](const char* name, const ink::Raster& raster) {
    const auto normalized = [&](ink::Normalization normalization) {
      return microseconds([&] { (void)ink::normalize(raster, normalization); });
    };
    const double further =
        microseconds([&] { (void)ink::further_looks(raster, ink::Normalization::kInk2); });
    std::printf("| %s | %.0f | %.0f | %.0f |\n", name, normalized(ink::Normalization::kInk1),
                normalized(ink::Normalization::kInk2), further);
  };
  row("28x28, clean", {glyph, {}});
  row("280x280, clean", enlarged(glyph, 280, 280, 0));
  const ink::GreyImage snapshot = bench::conditions().back().make(glyph, 1);
  row("280x280, lamp, shadow, lines, grain", enlarged(snapshot, 280, 280, 3));
  row("4000x3000, the same", enlarged(snapshot, 4000, 3000, 3));
}

int usage() {
  std::fprintf(stderr,
               "usage: ink_ablation [--model FILE] [--mnist FOLDER] [--count N] "
               "[--set IMAGES LABELS]...\n");
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  fs::path model = "models/digits.onnx", mnist = "data/mnist";
  std::size_t count = 500;
  std::vector<std::pair<fs::path, fs::path>> sets;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--model" && i + 1 < argc) {
      model = argv[++i];
    } else if (option == "--mnist" && i + 1 < argc) {
      mnist = argv[++i];
    } else if (option == "--count" && i + 1 < argc) {
      count = static_cast<std::size_t>(std::max(1, std::atoi(argv[++i])));
    } else if (option == "--set" && i + 2 < argc) {
      sets.emplace_back(argv[i + 1], argv[i + 2]), i += 2;
    } else {
      return usage();
    }
  }
  const Reader reader(must(recognizer::Model::load_file(model)));
  std::vector<Picture> digits = pictures_of(mnist / "train-images-idx3-ubyte",
                                            mnist / "train-labels-idx1-ubyte", reader.alphabet());
  digits.resize(std::min(count, digits.size()));
  std::printf("| right, %% |");
  for (const Column& column : columns()) std::printf(" %s |", column.name);
  std::printf(" all, and further looks | samples |\n| --- |");
  for (std::size_t i = 0; i <= columns().size() + 1; ++i) std::printf(" --- |");
  std::printf("\n");
  std::vector<bench::Condition> conditions = bench::conditions();
  conditions.insert(conditions.end(), bench::strange_conditions().begin(),
                    bench::strange_conditions().end());
  for (const bench::Condition& condition : conditions) {
    std::vector<Picture> written;
    for (std::size_t i = 0; i < digits.size(); ++i)
      written.push_back({{condition.make(digits[i].raster.grey, i), {}}, digits[i].label});
    print_row(condition.name, written, reader);
  }
  for (const auto& [images, labels] : sets)
    print_row(images.parent_path().filename(), pictures_of(images, labels, reader.alphabet()),
              reader);
  print_times(digits.front().raster.grey);
  return 0;
}
