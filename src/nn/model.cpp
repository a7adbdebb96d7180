#include "nn/model.h"

#include <hwy/aligned_allocator.h>
#include <algorithm>
#include <new>
#include <stdexcept>

#include "base/sha256.h"
#include "nn/kernels.h"
#include "nn/node_reader.h"
#include "nn/plan.h"
#include "nn/refusal.h"

namespace longhand::nn {
namespace {

// Samples that go through the network together. More share a matrix's weights while they are in the
// cache; fewer keep the images there too.
constexpr std::size_t kChunk = 16;
// With networks of large images the arena is kept to about this, by smaller chunks.
constexpr std::size_t kArenaFloats = 8U << 20;

class PlannedModel final : public Model {
 public:
  PlannedModel(Network network, const onnx::File& file)
      : kernels_(best_kernels()),
        network_(std::move(network)),
        metadata_(file.metadata),
        digest_(to_hex(sha256(std::as_bytes(std::span(file.graph_bytes))))) {
    for (const auto& step : network_.steps) {
      step->prepare(kernels_);
      network_.parameters += step->parameters();
      most_inputs_ = std::max(most_inputs_, step->inputs().size());
    }
    plan_ = make_plan(network_);
    chunk_ =
        std::clamp<std::size_t>(kArenaFloats / std::max<std::size_t>(plan_.floats, 1), 1, kChunk);
  }

  const TensorInfo& input() const override { return network_.input; }
  const std::vector<TensorInfo>& outputs() const override { return network_.outputs; }
  const std::map<std::string, std::string>& metadata() const override { return metadata_; }
  const std::string& graph_digest() const override { return digest_; }
  std::uint64_t multiply_adds() const override { return network_.multiply_adds; }
  std::uint64_t parameters() const override { return network_.parameters; }
  std::size_t scratch_bytes(int batch) const override {
    return arena_floats(chunk_of(static_cast<std::size_t>(std::max(batch, 1)))) * sizeof(float);
  }

  std::size_t chunk_of(std::size_t batch) const { return std::min(batch, chunk_); }
  std::size_t arena_floats(std::size_t chunk) const {
    return plan_.floats * chunk + plan_.workspace;
  }
  // The most inputs that a step has.
  std::size_t most_inputs() const { return most_inputs_; }
  // `pointers` has room for most_inputs().
  void run(float* arena, const float** pointers, const float* input, std::size_t batch,
           float* output) const;

 private:
  void run_chunk(float* arena, const float** pointers, const float* input, std::size_t batch) const;
  const float* buffer(int index, const float* arena, const float* input, std::size_t batch) const {
    const auto at = static_cast<std::size_t>(index);
    return at == 0 ? input : arena + plan_.offsets[at] * batch;
  }

  const Kernels& kernels_;
  Network network_;
  Plan plan_;
  std::size_t chunk_ = 1;
  std::size_t most_inputs_ = 0;
  std::map<std::string, std::string> metadata_;
  std::string digest_;
};

void PlannedModel::run_chunk(float* arena, const float** pointers, const float* input,
                             std::size_t batch) const {
  for (std::size_t i = 0; i < network_.steps.size(); ++i) {
    if (!plan_.needed[i]) continue;
    const Step& step = *network_.steps[i];
    const std::size_t count = step.inputs().size();
    for (std::size_t k = 0; k < count; ++k) {
      pointers[k] = buffer(step.inputs()[k], arena, input, batch);
    }
    const auto output = static_cast<std::size_t>(step.output());
    step.run(kernels_, {std::span(pointers, count), arena + plan_.offsets[output] * batch,
                        arena + plan_.floats * batch, batch});
  }
}

void PlannedModel::run(float* arena, const float** pointers, const float* input, std::size_t batch,
                       float* output) const {
  const std::size_t in_sample = network_.input.elements();
  const std::size_t out_sample = network_.outputs[0].elements();
  for (std::size_t done = 0; done < batch;) {
    const std::size_t chunk = chunk_of(batch - done);
    const float* samples = input + done * in_sample;
    run_chunk(arena, pointers, samples, chunk);
    const float* logits = buffer(network_.logits, arena, samples, chunk);
    std::copy_n(logits, chunk * out_sample, output + done * out_sample);
    done += chunk;
  }
}

}  // namespace

std::size_t TensorInfo::elements() const {
  std::size_t count = 1;
  for (const std::int64_t dim : dims) count *= static_cast<std::size_t>(dim);
  return count;
}

Result<std::shared_ptr<const Model>> Model::load(std::span<const std::byte> onnx_bytes,
                                                 const LoadLimits& limits) {
  try {
    const onnx::File file = onnx::parse(onnx_bytes, limits);
    return std::make_shared<PlannedModel>(build_network(file, limits), file);
  } catch (const Refusal& refusal) {
    return tl::unexpected<Error>(refusal.error());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kTooLarge, "there is not enough memory to load the model");
  }
}

struct Scratch::Arena {
  hwy::AlignedFreeUniquePtr<float[]> floats;
  std::size_t size = 0;
  std::vector<const float*> pointers;
};

Scratch::Scratch() : arena_(std::make_unique<Arena>()) {}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;

// The way of run() into a Scratch.
class Runner {
 public:
  static Scratch::Arena& grow(Scratch& scratch, std::size_t floats, std::size_t pointers) {
    if (scratch.arena_ == nullptr) scratch.arena_ = std::make_unique<Scratch::Arena>();
    Scratch::Arena& arena = *scratch.arena_;
    if (arena.size < floats) {
      arena.floats = hwy::AllocateAligned<float>(floats);
      arena.size = arena.floats == nullptr ? 0 : floats;
      if (arena.floats == nullptr) throw std::bad_alloc();
    }
    if (arena.pointers.size() < pointers) arena.pointers.resize(pointers);
    return arena;
  }

  static void run(const PlannedModel& model, Scratch& scratch, const float* input,
                  std::size_t batch, float* output) {
    Scratch::Arena& arena =
        grow(scratch, model.arena_floats(model.chunk_of(batch)), model.most_inputs());
    model.run(arena.floats.get(), arena.pointers.data(), input, batch, output);
  }
};

void run(const Model& model, Scratch& scratch, std::span<const float> input, int batch,
         std::span<float> output) {
  const auto& planned = dynamic_cast<const PlannedModel&>(model);
  const auto count = static_cast<std::size_t>(std::max(batch, 0));
  if (batch < 0 || input.size() != count * model.input().elements() ||
      output.size() != count * model.outputs()[0].elements()) {
    throw std::logic_error("nn::run: input or output is not of the model's size times the batch");
  }
  Runner::run(planned, scratch, input.data(), count, output.data());
}

}  // namespace longhand::nn
