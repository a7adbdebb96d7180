#include "training/examine.h"

#include <set>
#include <string>
#include <utility>

#include "ink/normalize.h"
#include "training/samples.h"

namespace longhand::training {
namespace {

Result<std::size_t> count_test_samples(const Recipe& recipe) {
  if (!recipe.data.test.given()) return 0;
  const auto set = load_source(recipe.data.test, recipe.alphabet, recipe.seed);
  if (!set) return fail(set.error().code, "data.test: " + set.error().message);
  const std::set<std::string> alphabet(recipe.alphabet.begin(), recipe.alphabet.end());
  std::size_t count = 0;
  for (const data::Sample& sample : set->samples) count += alphabet.count(sample.label);
  if (count > 0) return count;
  return fail(ErrorCode::kCorruptData, "data.test: none of its " +
                                           std::to_string(set->samples.size()) +
                                           " samples is of the recipe's characters");
}

}  // namespace

Result<Findings> examine(const Recipe& recipe) {
  const Shape input{1, ink::Glyph::kSize, ink::Glyph::kSize};
  auto network =
      plan_network(recipe.layers, input, static_cast<std::int64_t>(recipe.alphabet.size()));
  if (!network) return tl::unexpected(network.error());
  const auto test_samples = count_test_samples(recipe);
  if (!test_samples) return tl::unexpected(test_samples.error());
  return Findings{std::move(*network), *test_samples};
}

}  // namespace longhand::training
