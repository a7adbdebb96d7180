#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "api/json_text.h"
#include "cli/choose_model.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "ink/drawing.h"
#include "nn/model.h"
#include "recognizer/recognizer.h"

namespace longhand::cli {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr const char* kExamples = R"(Examples:
  longhand bench
  longhand bench --model numberrec-2018
  longhand bench --model my.onnx --batch 64 --threads 2 --json

Latencies are medians; half of all calls lie in the range beside them.)";

struct BenchOptions {
  ModelChoice model;
  int batch = 1;
  int threads = 1;
  double seconds = 1;
  bool json = false;
};

struct Timing {
  std::string what;
  double median = 0;  // seconds a glyph
  double low = 0;     // the middle half
  double high = 0;
  double per_second = 0;  // of all threads together
  std::size_t calls = 0;
};

// A hooked 7 with a bar, as a mouse would write it on a large board.
ink::Strokes example_strokes() {
  ink::Strokes strokes;
  ink::Stroke& body = strokes.strokes.emplace_back();
  for (int i = 0; i <= 40; ++i)
    body.push_back({80.0F + 3 * static_cast<float>(i), 70.0F - 4 * static_cast<float>(i % 3)});
  for (int i = 0; i <= 50; ++i)
    body.push_back({200.0F - 1.6F * static_cast<float>(i), 66.0F + 3 * static_cast<float>(i)});
  ink::Stroke& bar = strokes.strokes.emplace_back();
  for (int i = 0; i <= 20; ++i) bar.push_back({110.0F + 5 * static_cast<float>(i), 140.0F});
  return strokes;
}

double percentile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

// Calls what `make` gives each thread for that long, after a tenth of it as warm-up.
Timing measure(const std::string& what, const BenchOptions& options, int glyphs_a_call,
               const std::function<std::function<void()>()>& make) {
  const auto span = std::chrono::duration<double>(options.seconds);
  std::vector<std::vector<double>> times(static_cast<std::size_t>(options.threads));
  const auto work = [&](std::vector<double>& mine) {
    const auto call = make();
    const auto warm = Clock::now() + span / 10;
    while (Clock::now() < warm && !interrupted()) call();
    const auto end = Clock::now() + span;
    for (auto before = Clock::now(); (before < end || mine.empty()) && !interrupted();) {
      call();
      const auto after = Clock::now();
      mine.push_back(std::chrono::duration<double>(after - before).count() / glyphs_a_call);
      before = after;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (auto& mine : times) threads.emplace_back(work, std::ref(mine));
  }
  Timing timing;
  timing.what = what;
  std::vector<double> all;
  for (const auto& mine : times) {
    double spent = 0;
    for (const double t : mine) spent += t;
    if (spent > 0) timing.per_second += static_cast<double>(mine.size()) / spent;
    all.insert(all.end(), mine.begin(), mine.end());
  }
  if (all.empty()) return timing;
  std::sort(all.begin(), all.end());
  timing.calls = all.size();
  timing.median = percentile(all, 0.5);
  timing.low = percentile(all, 0.25);
  timing.high = percentile(all, 0.75);
  return timing;
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name"))
      return line.substr(std::min(line.find(':') + 2, line.size()));
  return "unknown";
}

std::vector<Timing> measure_all(const recognizer::Recognizer& recognizer,
                                const BenchOptions& options) {
  const ink::Strokes strokes = example_strokes();
  const ink::Raster raster{ink::draw_fitted(strokes, 280, 40, 12), {}};
  const auto normalization =
      options.model.raw ? ink::Normalization::kRaw : recognizer.model().card().normalization;
  const auto glyph = ink::normalize(raster, normalization);
  const nn::Model& network = recognizer.model().network();
  const auto batch = static_cast<std::size_t>(options.batch);

  std::vector<Timing> timings;
  timings.push_back(measure("strokes to reading", options, 1, [&] {
    return [&] { recognizer.read(ink::normalize(strokes, normalization)); };
  }));
  timings.push_back(measure("280x280 picture to reading", options, 1, [&] {
    return [&] { recognizer.read(ink::normalize(raster, normalization)); };
  }));
  timings.push_back(measure("normalising the picture", options, 1,
                            [&] { return [&] { ink::normalize(raster, normalization); }; }));
  timings.push_back(measure("network, batch " + std::to_string(batch), options, options.batch, [&] {
    auto scratch = std::make_shared<nn::Scratch>();
    std::vector<float> input(batch * network.input().elements());
    for (std::size_t i = 0; i < input.size(); ++i)
      input[i] = static_cast<float>(glyph->image.pixels[i % glyph->image.pixels.size()]) / 255.0F;
    std::vector<float> output(batch * network.outputs().front().elements());
    return [&, scratch, in = std::move(input), out = std::move(output)]() mutable {
      nn::run(network, *scratch, in, options.batch, out);
    };
  }));
  return timings;
}

void print_json(const recognizer::Model& model, const BenchOptions& options,
                const std::vector<Timing>& timings) {
  json::array list;
  for (const Timing& t : timings)
    list.push_back(json::object{{"what", t.what},
                                {"median_us", t.median * 1e6},
                                {"quartiles_us", {t.low * 1e6, t.high * 1e6}},
                                {"glyphs_per_second", t.per_second},
                                {"calls", t.calls}});
  print(api::to_text(
      json::object{{"model", {{"name", model.ref().name}, {"version", model.ref().version}}},
                   {"multiply_adds", model.network().multiply_adds()},
                   {"processor", processor()},
                   {"threads", options.threads},
                   {"batch", options.batch},
                   {"timings", std::move(list)}}));
}

void print_table(const recognizer::Model& model, const BenchOptions& options,
                 const std::vector<Timing>& timings) {
  print(model.ref().name + " " + model.ref().version + ", " +
        std::to_string(model.network().multiply_adds()) + " multiply-adds, " +
        std::to_string(options.threads) + " thread(s), " + processor());
  using Align = Table::Align;
  Table table({"a glyph", "median", "middle half", "glyphs/s"},
              {Align::kLeft, Align::kRight, Align::kRight, Align::kRight});
  for (const Timing& t : timings) {
    char rate[32];
    std::snprintf(rate, sizeof rate, "%.0f", t.per_second);
    table.add({t.what, duration(t.median), duration(t.low) + " - " + duration(t.high), rate});
  }
  table.print();
}

int bench(const BenchOptions& options) {
  auto model = choose_model(options.model);
  if (!model) return model_failure(model.error());
  const recognizer::Recognizer recognizer(std::move(*model));
  catch_interrupts();
  const auto timings = measure_all(recognizer, options);
  if (interrupted()) return kInterrupted;
  if (options.json)
    print_json(recognizer.model(), options, timings);
  else
    print_table(recognizer.model(), options, timings);
  return kSuccess;
}

}  // namespace

void add_bench(CLI::App& program, Run& run) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App& command = *program.add_subcommand("bench", "Time a model on this machine");
  command.footer(kExamples);
  options->model.add_options(command);
  command.add_option("--batch", options->batch, "Glyphs that the network takes at once")
      ->type_name("N")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command.add_option("--threads", options->threads, "Threads, each with glyphs of its own")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_option("--seconds", options->seconds, "How long each figure is measured")
      ->type_name("S")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  command.add_flag("--json", options->json, "One JSON object");
  command.callback([options, &run] { run = [options] { return bench(*options); }; });
}

}  // namespace longhand::cli
