#include "training/learner.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "training/counter_random.h"
#include "training/forward.h"
#include "training/quantize.h"

namespace longhand::training {
namespace {

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
  torch::Tensor frequencies;  // logarithms, one a class; undefined where nothing is balanced

  int bits() const { return bits_of(recipe.export_weights); }
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

  // Of no character nothing is more frequent.
  torch::Tensor as_learnt(const torch::Tensor& scores, std::span<const std::int32_t> labels) const {
    if (!frequencies.defined()) return scores;
    torch::Tensor characters = torch::empty({static_cast<std::int64_t>(labels.size()), 1});
    float* is_one = characters.data_ptr<float>();
    for (const std::int32_t label : labels) *is_one++ = label == kNothing ? 0.0F : 1.0F;
    return scores + characters * frequencies;
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
      const auto chunk = to_host(forward(network, with, bits(), false, input(part, some)));
      result.insert(result.end(), chunk.begin(), chunk.end());
    }
    return result;
  }
};

// A class of which there is nothing to learn from is as rare as one sample in a million.
torch::Tensor log_frequencies(std::span<const double> shares) {
  constexpr double kRarest = 1e-6;
  std::vector<float> logarithms;
  logarithms.reserve(shares.size());
  for (const double share : shares) {
    logarithms.push_back(static_cast<float>(std::log(std::max(share, kRarest))));
  }
  return from_host(logarithms);
}

Learner::Learner(const Network& network, const Recipe& recipe, std::span<const double> shares)
    : body_(std::make_unique<Body>()) {
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
  if (!recipe.training.balance) return;
  if (static_cast<std::int64_t>(shares.size()) != network.classes) {
    throw std::logic_error("as many shares as classes");
  }
  body_->frequencies = log_frequencies(shares);
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
      forward(body.network, body.flat, body.bits(), true, body.input(inputs, count));
  const torch::Tensor chances = at::log_softmax(body.as_learnt(scores, labels), 1);
  const torch::Tensor loss =
      -(body.targets(labels, taught) * chances).sum() / static_cast<double>(count);
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
