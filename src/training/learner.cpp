#include "training/learner.h"

#include <ATen/core/ivalue.h>  // before torch.h: Clang wants IValue whole there
#include <torch/torch.h>
#include <stdexcept>
#include <string>
#include <utility>

#include "training/counter_random.h"

namespace longhand::training {
namespace {

constexpr double kBatchNormMomentum = 0.1;
constexpr double kBatchNormEpsilon = 1e-5;  // the exporter folds with the same

torch::Tensor from_host(const std::vector<float>& values) {
  return torch::tensor(values, torch::kFloat32);
}

std::vector<float> to_host(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().contiguous();
  const float* data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

// A network's three flat arrays as tensors.
struct Flat {
  torch::Tensor decayed;
  torch::Tensor plain;
  torch::Tensor statistics;

  static Flat of(const Weights& weights) {
    return {from_host(weights.decayed), from_host(weights.plain), from_host(weights.statistics)};
  }
  Weights host() const { return {to_host(decayed), to_host(plain), to_host(statistics)}; }
};

void collect_sizes(const std::vector<Layer>& layers, Store store,
                   std::vector<std::int64_t>& sizes) {
  for (const Layer& layer : layers) {
    collect_sizes(layer.body, store, sizes);
    for (const Slot* slot : {&layer.weight, &layer.shift}) {
      if (slot->count() > 0 && slot->store == store) sizes.push_back(slot->count());
    }
  }
}

// One way of the samples through the layers. The flat arrays are cut by a single split each, so
// that the backward pass gathers all gradients by one concatenation.
class Forward {
 public:
  Forward(const Network& network, const Flat& flat, bool training)
      : statistics_(flat.statistics), training_(training) {
    cut(network, flat.decayed, Store::kDecayed, decayed_);
    cut(network, flat.plain, Store::kPlain, plain_);
  }

  torch::Tensor run(const std::vector<Layer>& layers, torch::Tensor x) {
    for (const Layer& layer : layers) x = apply(layer, x);
    return x;
  }

 private:
  static void cut(const Network& network, const torch::Tensor& flat, Store store,
                  std::vector<torch::Tensor>& parts) {
    std::vector<std::int64_t> sizes;
    collect_sizes(network.layers, store, sizes);
    parts = flat.split_with_sizes(sizes);
  }

  // Layers are met in the order in which their tensors were placed.
  torch::Tensor take(const Slot& slot) {
    if (slot.count() == 0) return {};
    const bool decayed = slot.store == Store::kDecayed;
    torch::Tensor part = decayed ? decayed_[next_decayed_++] : plain_[next_plain_++];
    return part.view(slot.dims);
  }

  torch::Tensor statistic(const Slot& slot) const {
    return statistics_.narrow(0, slot.offset, slot.count());
  }

  torch::Tensor convolve(const Layer& layer, const torch::Tensor& x) {
    // Channels last: oneDNN then works on the tensors as they lie.
    const torch::Tensor weight = take(layer.weight).contiguous(torch::MemoryFormat::ChannelsLast);
    const torch::Tensor bias = take(layer.shift);
    return at::conv2d(x, weight, bias.defined() ? c10::optional<torch::Tensor>(bias) : c10::nullopt,
                      layer.stride, layer.pad, 1, layer.groups);
  }

  torch::Tensor normalize_batch(const Layer& layer, const torch::Tensor& x) {
    const torch::Tensor scale = take(layer.weight);
    const torch::Tensor shift = take(layer.shift);
    return at::batch_norm(x, scale, shift, statistic(layer.mean), statistic(layer.variance),
                          training_, kBatchNormMomentum, kBatchNormEpsilon, false);
  }

  torch::Tensor multiply(const Layer& layer, const torch::Tensor& x) {
    const torch::Tensor weight = take(layer.weight);
    const torch::Tensor bias = take(layer.shift);
    return at::linear(x, weight,
                      bias.defined() ? c10::optional<torch::Tensor>(bias) : c10::nullopt);
  }

  torch::Tensor apply(const Layer& layer, const torch::Tensor& x) {
    switch (layer.kind) {
      case LayerKind::kConv:
        return convolve(layer, x);
      case LayerKind::kBatchNorm:
        return normalize_batch(layer, x);
      case LayerKind::kRelu:
        return at::relu(x);
      case LayerKind::kHardSwish:
        return at::hardswish(x);
      case LayerKind::kMaxPool:
        return at::max_pool2d(x, layer.kernel, layer.stride);
      case LayerKind::kAveragePool:
        return at::avg_pool2d(x, layer.kernel, layer.stride);
      case LayerKind::kFlatten:
        return at::flatten(x, 1);
      case LayerKind::kLinear:
        return multiply(layer, x);
      case LayerKind::kDropout:
        return at::dropout(x, layer.rate, training_);
      case LayerKind::kResidual:
        return x + run(layer.body, x);
    }
    throw std::logic_error("unknown kind of layer");
  }

  std::vector<torch::Tensor> decayed_;
  std::vector<torch::Tensor> plain_;
  torch::Tensor statistics_;
  std::size_t next_decayed_ = 0;
  std::size_t next_plain_ = 0;
  bool training_;
};

template <typename Options>
void set_adam(Options& options, const Optimizer& recipe) {
  options.betas(std::make_tuple(recipe.beta1, recipe.beta2)).eps(recipe.epsilon);
}

std::unique_ptr<torch::optim::OptimizerOptions> make_options(const Optimizer& recipe,
                                                             double decay) {
  if (recipe.kind == Optimizer::Kind::kSgd) {
    auto options = std::make_unique<torch::optim::SGDOptions>(recipe.rate);
    options->momentum(recipe.momentum).weight_decay(decay);
    return options;
  }
  if (recipe.kind == Optimizer::Kind::kAdam) {
    auto options = std::make_unique<torch::optim::AdamOptions>(recipe.rate);
    set_adam(*options, recipe);
    options->weight_decay(decay);
    return options;
  }
  auto options = std::make_unique<torch::optim::AdamWOptions>(recipe.rate);
  set_adam(*options, recipe);
  options->weight_decay(decay);
  return options;
}

std::unique_ptr<torch::optim::Optimizer> make_optimizer(const Optimizer& recipe, const Flat& flat) {
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<torch::Tensor>{flat.decayed},
                      make_options(recipe, recipe.weight_decay));
  groups.emplace_back(std::vector<torch::Tensor>{flat.plain}, make_options(recipe, 0));
  switch (recipe.kind) {
    case Optimizer::Kind::kSgd:
      return std::make_unique<torch::optim::SGD>(groups, torch::optim::SGDOptions(recipe.rate));
    case Optimizer::Kind::kAdam:
      return std::make_unique<torch::optim::Adam>(groups);
    case Optimizer::Kind::kAdamW:
      return std::make_unique<torch::optim::AdamW>(groups);
  }
  throw std::logic_error("unknown kind of optimiser");
}

// The optimiser's memory of one parameter, as tensors that can be read and written.
template <typename State>
void read_adam(torch::optim::OptimizerParamState& state, std::vector<std::vector<float>>& out) {
  auto& adam = static_cast<State&>(state);
  out.push_back(to_host(adam.exp_avg()));
  out.push_back(to_host(adam.exp_avg_sq()));
}

template <typename State>
std::unique_ptr<torch::optim::OptimizerParamState> write_adam(const std::vector<float>& mean,
                                                              const std::vector<float>& square,
                                                              std::int64_t steps) {
  auto state = std::make_unique<State>();
  state->step(steps);
  state->exp_avg(from_host(mean));
  state->exp_avg_sq(from_host(square));
  return state;
}

std::string key_of(const torch::Tensor& parameter) {
  return c10::guts::to_string(parameter.unsafeGetTensorImpl());
}

}  // namespace

struct Learner::Body {
  Network network;
  Recipe recipe;
  Flat flat;
  Flat average;
  std::unique_ptr<torch::optim::Optimizer> optimizer;
  std::int64_t steps = 0;

  bool averages() const { return recipe.training.ema > 0; }
  const Flat& best() const { return averages() ? average : flat; }

  torch::Tensor input(std::span<const float> values, std::int64_t count) const {
    const Shape& in = network.input;
    if (static_cast<std::int64_t>(values.size()) != count * in.count()) {
      throw std::logic_error("a batch of the wrong size");
    }
    // The data is only read, and outlives the use.
    return torch::from_blob(const_cast<float*>(values.data()),
                            {count, in.channels, in.height, in.width}, torch::kFloat32);
  }

  // Each row sums to its weight in the loss: the label, smoothed and mixed with what is taught, of
  // weight 1; or all classes alike for what is no character.
  torch::Tensor targets(std::span<const std::int32_t> labels, std::span<const float> taught) const {
    const std::int64_t classes = network.classes;
    const auto smoothing = static_cast<float>(recipe.training.label_smoothing);
    const auto share = 1.0F / static_cast<float>(classes);
    torch::Tensor result = torch::empty({static_cast<std::int64_t>(labels.size()), classes});
    float* row = result.data_ptr<float>();
    const float* lesson = taught.data();
    const auto teaching = static_cast<float>(taught.empty() ? 0 : recipe.training.teaching);
    for (const std::int32_t label : labels) {
      if (label == kNothing) {
        std::fill_n(row, classes, static_cast<float>(recipe.training.nothing) * share);
      } else {
        std::fill_n(row, classes, smoothing * share);
        row[label] += 1 - smoothing;
        for (std::int64_t c = 0; teaching > 0 && c < classes; ++c) {
          row[c] += teaching * (lesson[c] - row[c]);
        }
      }
      row += classes;
      lesson += classes;
    }
    return result;
  }

  void set_rate(double share) {
    for (auto& group : optimizer->param_groups()) {
      group.options().set_lr(recipe.optimizer.rate * share);
    }
  }

  void follow(double decay) {
    const torch::NoGradGuard guard;
    average.decayed.lerp_(flat.decayed, 1 - decay);
    average.plain.lerp_(flat.plain, 1 - decay);
    average.statistics.lerp_(flat.statistics, 1 - decay);
  }

  std::vector<float> logits(const Flat& with, std::span<const float> inputs,
                            std::int64_t count) const {
    constexpr std::int64_t kChunk = 500;
    const torch::NoGradGuard guard;
    std::vector<float> result;
    const auto size = static_cast<std::size_t>(network.input.count());
    for (std::int64_t done = 0; done < count; done += kChunk) {
      const std::int64_t some = std::min(kChunk, count - done);
      const auto part = inputs.subspan(static_cast<std::size_t>(done) * size,
                                       static_cast<std::size_t>(some) * size);
      const auto chunk =
          to_host(Forward(network, with, false).run(network.layers, input(part, some)));
      result.insert(result.end(), chunk.begin(), chunk.end());
    }
    return result;
  }
};

Learner::Learner(const Network& network, const Recipe& recipe) : body_(std::make_unique<Body>()) {
  torch::set_num_threads(static_cast<int>(recipe.training.threads));
  at::globalContext().setDeterministicAlgorithms(true, false);
  body_->network = network;
  body_->recipe = recipe;
  const Weights weights = initial_weights(network, recipe.initialization, recipe.seed);
  body_->flat = Flat::of(weights);
  body_->average = Flat::of(weights);
  body_->flat.decayed.set_requires_grad(true);
  body_->flat.plain.set_requires_grad(true);
  body_->optimizer = make_optimizer(recipe.optimizer, body_->flat);
}

Learner::~Learner() = default;

Learner::Step Learner::step(std::span<const float> inputs, std::span<const std::int32_t> labels,
                            std::span<const float> taught, double rate_share, double ema_decay) {
  Body& body = *body_;
  const auto count = static_cast<std::int64_t>(labels.size());
  torch::manual_seed(CounterRandom({use(RandomUse::kDropout), body.recipe.seed,
                                    static_cast<std::uint64_t>(body.steps)})
                         .next());
  const torch::Tensor scores =
      Forward(body.network, body.flat, true).run(body.network.layers, body.input(inputs, count));
  const torch::Tensor loss = -(body.targets(labels, taught) * at::log_softmax(scores, 1)).sum() /
                             static_cast<double>(count);
  body.optimizer->zero_grad();
  loss.backward();
  body.set_rate(rate_share);
  body.optimizer->step();
  ++body.steps;
  if (body.averages()) body.follow(ema_decay);

  Step result;
  result.loss = loss.item<double>();
  const torch::Tensor best = scores.detach().argmax(1);
  const std::int64_t* guesses = best.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == kNothing) continue;
    ++result.characters;
    if (guesses[i] == labels[i]) ++result.correct;
  }
  return result;
}

std::vector<float> Learner::logits(std::span<const float> inputs, std::int64_t count) const {
  return body_->logits(body_->best(), inputs, count);
}

std::vector<float> Learner::logits(const Weights& weights, std::span<const float> inputs,
                                   std::int64_t count) const {
  return body_->logits(Flat::of(weights), inputs, count);
}

Weights Learner::result() const {
  return body_->best().host();
}

LearnerState Learner::state() const {
  Body& body = *body_;
  LearnerState state{body.flat.host(), body.average.host(), {}, body.steps};
  for (const torch::Tensor* parameter : {&body.flat.decayed, &body.flat.plain}) {
    const auto found = body.optimizer->state().find(key_of(*parameter));
    if (found == body.optimizer->state().end()) continue;
    switch (body.recipe.optimizer.kind) {
      case Optimizer::Kind::kSgd: {
        const auto& buffer =
            static_cast<torch::optim::SGDParamState&>(*found->second).momentum_buffer();
        if (buffer.defined()) state.moments.push_back(to_host(buffer));
        break;
      }
      case Optimizer::Kind::kAdam:
        read_adam<torch::optim::AdamParamState>(*found->second, state.moments);
        break;
      case Optimizer::Kind::kAdamW:
        read_adam<torch::optim::AdamWParamState>(*found->second, state.moments);
        break;
    }
  }
  return state;
}

void Learner::restore(const LearnerState& state) {
  Body& body = *body_;
  const auto copy = [](torch::Tensor& to, const std::vector<float>& from) {
    if (to.numel() != static_cast<std::int64_t>(from.size())) {
      throw std::logic_error("a state of another network");
    }
    const torch::NoGradGuard guard;
    to.copy_(from_host(from));
  };
  for (auto [flat, weights] :
       {std::pair{&body.flat, &state.weights}, {&body.average, &state.average}}) {
    copy(flat->decayed, weights->decayed);
    copy(flat->plain, weights->plain);
    copy(flat->statistics, weights->statistics);
  }
  body.steps = state.steps;
  auto& memory = body.optimizer->state();
  memory.clear();
  if (state.moments.empty()) return;
  const torch::Tensor* parameters[] = {&body.flat.decayed, &body.flat.plain};
  const std::size_t each = body.recipe.optimizer.kind == Optimizer::Kind::kSgd ? 1 : 2;
  if (state.moments.size() != 2 * each) throw std::logic_error("a state of another optimiser");
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& first = state.moments[i * each];
    const auto& last = state.moments[i * each + each - 1];
    auto& entry = memory[key_of(*parameters[i])];
    if (body.recipe.optimizer.kind == Optimizer::Kind::kSgd) {
      auto sgd = std::make_unique<torch::optim::SGDParamState>();
      sgd->momentum_buffer(from_host(first));
      entry = std::move(sgd);
    } else if (body.recipe.optimizer.kind == Optimizer::Kind::kAdam) {
      entry = write_adam<torch::optim::AdamParamState>(first, last, state.steps);
    } else {
      entry = write_adam<torch::optim::AdamWParamState>(first, last, state.steps);
    }
  }
}

}  // namespace longhand::training
