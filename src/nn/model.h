#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace longhand::nn {

// What a model file may ask for; each refusal names the limit.
struct LoadLimits {
  std::size_t max_file_bytes = 256U << 20;
  std::size_t max_nodes = 10'000;
  std::size_t max_tensor_elements = 64U << 20;  // of one weight or one activation of one sample
  std::uint64_t max_multiply_adds = 20'000'000'000;  // of one sample
  std::uint64_t max_weights = 256U << 20;            // and constants, once unpacked
};

// A tensor at the model's edge; dims without the batch, which comes first and is free.
struct TensorInfo {
  std::string name;
  std::vector<std::int64_t> dims;
  std::size_t elements() const;  // of one sample
};

// A network read from ONNX, planned and packed. Immutable: any number of threads may run one model
// at once, each with a Scratch of its own.
class Model {
 public:
  // Reads ONNX (opset 13 and later, float32 input and output, one input). Runs no code of the file
  // and opens no other file. kCorruptModel: truncated, inconsistent, hostile; kUnsupportedModel: an
  // operator, attribute or type not built here, naming the node and what is supported; kTooLarge.
  static Result<std::shared_ptr<const Model>> load(std::span<const std::byte> onnx,
                                                   const LoadLimits& limits = {});

  virtual ~Model() = default;

  virtual const TensorInfo& input() const = 0;
  virtual const std::vector<TensorInfo>& outputs()
      const = 0;  // at least one; the first is the logits
  // metadata_props of the file.
  virtual const std::map<std::string, std::string>& metadata() const = 0;
  // SHA-256 of the graph's serialised bytes (ModelProto.graph), in hex: what the version comes
  // from.
  virtual const std::string& graph_digest() const = 0;
  virtual std::uint64_t multiply_adds() const = 0;  // of one sample
  virtual std::uint64_t parameters() const = 0;
  virtual std::size_t scratch_bytes(int batch) const = 0;

 protected:
  Model() = default;
};

// One thread's working memory: grows to the largest batch seen, never allocates after.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;

 private:
  friend class Runner;
  struct Arena;
  std::unique_ptr<Arena> arena_;
};

// Runs `batch` samples: `input` holds batch * input().elements() floats, `output` receives
// batch * outputs()[0].elements(). Sizes that do not fit are a bug of the caller's
// (std::logic_error). The result is the same for a sample whatever batch it is in.
void run(const Model& model, Scratch& scratch, std::span<const float> input, int batch,
         std::span<float> output);

}  // namespace longhand::nn
