// Runs cases for test_against_onnxruntime.py: nn_run DIR reads each DIR/NAME.onnx and DIR/NAME.in
// (raw float32, any number of samples), and writes DIR/NAME.TARGET.out for each instruction set
// that this machine runs. One line a case and target on stdout: "NAME TARGET ok", or "NAME TARGET
// error CODE MESSAGE". Each sample is run alone as well, and must come out the same to the bit.
// nn_run --targets lists the instruction sets.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
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

namespace fs = std::filesystem;
namespace nn = longhand::nn;

std::vector<char> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<float> read_floats(const fs::path& path) {
  const std::vector<char> bytes = read_file(path);
  std::vector<float> floats(bytes.size() / sizeof(float));
  std::memcpy(floats.data(), bytes.data(), floats.size() * sizeof(float));
  return floats;
}

std::string run_case(const fs::path& onnx, const std::string& target) {
  const std::vector<char> bytes = read_file(onnx);
  const auto model = nn::Model::load(std::as_bytes(std::span(bytes)));
  if (!model) {
    return "error " + std::string(to_string(model.error().code)) + " " + model.error().message;
  }
  const std::vector<float> input = read_floats(fs::path(onnx).replace_extension(".in"));
  const std::size_t batch = input.size() / (*model)->input().elements();
  std::vector<float> output(batch * (*model)->outputs()[0].elements());
  nn::Scratch scratch;
  nn::run(**model, scratch, input, static_cast<int>(batch), output);
  for (std::size_t i = 0; i < batch; ++i) {
    const std::span one(input.data() + i * (*model)->input().elements(),
                        (*model)->input().elements());
    std::vector<float> alone((*model)->outputs()[0].elements());
    nn::run(**model, scratch, one, 1, alone);
    if (std::memcmp(alone.data(), output.data() + i * alone.size(), alone.size() * sizeof(float)) !=
        0) {
      return "error batch sample " + std::to_string(i) + " differs when run alone";
    }
  }
  std::ofstream out(fs::path(onnx).replace_extension("." + target + ".out"), std::ios::binary);
  out.write(reinterpret_cast<const char*>(output.data()),
            static_cast<std::streamsize>(output.size() * sizeof(float)));
  return "ok";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: nn_run DIR | --targets\n";
    return 2;
  }
  if (std::string(argv[1]) == "--targets") {
    for (const std::int64_t bits : nn::kernel_targets()) {
      hwy::SetSupportedTargetsForTest(bits);
      std::cout << nn::best_kernels().target << '\n';
    }
    return 0;
  }
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(argv[1])) {
    if (entry.path().extension() == ".onnx") cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  for (const std::int64_t bits : nn::kernel_targets()) {
    hwy::SetSupportedTargetsForTest(bits);
    const std::string target = nn::best_kernels().target;
    for (const fs::path& path : cases) {
      std::cout << path.stem().string() << ' ' << target << ' ' << run_case(path, target) << '\n';
    }
  }
  return 0;
}
