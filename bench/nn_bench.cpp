// The inference engine's latency. By itself:
//     nn_bench MODEL.onnx...
// prints a line for each model, batch and instruction set. For nn_vs_onnxruntime.py, which takes
// turns with a peer:
//     nn_bench --turns MODEL.onnx
// reads lines "BATCH CALLS" and answers each with the nanoseconds of that many calls.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "hwy/targets.h"
#include "nn/kernels.h"
#include "nn/model.h"

namespace {

namespace nn = longhand::nn;
using Clock = std::chrono::steady_clock;
using ModelPtr = std::shared_ptr<const nn::Model>;

ModelPtr load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file),
                                std::istreambuf_iterator<char>()};
  auto model = nn::Model::load(std::as_bytes(std::span(bytes)));
  if (!model) {
    std::cerr << path << ": " << model.error().message << '\n';
    std::exit(1);
  }
  return *model;
}

// Nanoseconds of each of `calls` calls.
std::vector<std::int64_t> time_calls(const nn::Model& model, nn::Scratch& scratch, int batch,
                                     int calls) {
  const auto samples = static_cast<std::size_t>(batch);
  std::vector<float> input(samples * model.input().elements());
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i % 97) / 97;
  std::vector<float> output(samples * model.outputs()[0].elements());
  std::vector<std::int64_t> times;
  for (int i = 0; i < calls; ++i) {
    const auto start = Clock::now();
    nn::run(model, scratch, input, batch, output);
    times.push_back(std::chrono::nanoseconds(Clock::now() - start).count());
  }
  return times;
}

int take_turns(const ModelPtr& model) {
  nn::Scratch scratch;
  int batch = 0;
  int calls = 0;
  while (std::cin >> batch >> calls && batch > 0 && calls > 0) {
    for (const std::int64_t time : time_calls(*model, scratch, batch, calls)) {
      std::cout << time << ' ';
    }
    std::cout << std::endl;
  }
  return 0;
}

void print_line(const std::string& path, const std::string& target, const nn::Model& model,
                int batch) {
  nn::Scratch scratch;
  time_calls(model, scratch, batch, 20);
  std::vector<std::int64_t> times = time_calls(model, scratch, batch, std::max(2000 / batch, 50));
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    const auto index = static_cast<std::size_t>(share * static_cast<double>(times.size() - 1));
    return static_cast<double>(times[index]) / 1000 / batch;
  };
  std::printf("%-32s %-7s batch %3d  %9.1f us a glyph (half of all in %.1f to %.1f), %.1f GMAC/s\n",
              path.c_str(), target.c_str(), batch, at(0.5), at(0.25), at(0.75),
              static_cast<double>(model.multiply_adds()) / at(0.5) / 1000);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: nn_bench MODEL.onnx... | --turns MODEL.onnx\n";
    return 2;
  }
  if (std::string(argv[1]) == "--turns") return argc == 3 ? take_turns(load(argv[2])) : 2;
  for (const std::int64_t bits : nn::kernel_targets()) {
    hwy::SetSupportedTargetsForTest(bits);
    for (int i = 1; i < argc; ++i) {
      const ModelPtr model = load(argv[i]);
      for (const int batch : {1, 64}) {
        print_line(argv[i], nn::best_kernels().target, *model, batch);
      }
    }
  }
  return 0;
}
