#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/object.hpp>
#include <mutex>
#include <new>
#include <thread>

#include "api/json_text.h"
#include "api/reading_json.h"
#include "cli/choose_model.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/picture_limits.h"
#include "cli/progress.h"
#include "recognizer/reader.h"
#include "recognizer/recognizer.h"

namespace longhand::cli {
namespace {

namespace json = boost::json;

constexpr const char* kExamples = R"(Examples:
  longhand recognize seven.png
  longhand recognize --json scans/*.jpg > readings.ndjson
  curl -s https://example.org/digit.png | longhand recognize -
  longhand recognize strokes.ndjson         {"strokes": [[[x, y], ...], ...]} a line
  longhand recognize form.jpg               a digit, a number, or lines of them
  longhand recognize --pattern dddd-dd-dd date.png
  longhand recognize --model my.onnx --alphabet digits --raw a.png
  longhand recognize --explain how.html a.png   a page that shows each stage

Pictures: PNG, JPEG, WebP, BMP, GIF, TIFF, PNM; writing of any size, colour and
place. Files are answered in the order given; one that can't be read doesn't
stop the others, and makes the exit code 1. In a pattern, d is a digit, a a
letter, A a capital, x any character, and all else itself; +, * and ? say how
often what is before them stands.)";

constexpr std::size_t kMostShown = 3;  // candidates in a table's row
constexpr std::size_t kWidestName = 48;

struct RecognizeOptions {
  ModelChoice model;
  picture::Limits pictures;
  std::string mode = "auto";
  std::string pattern;
  int threads = 0;
  bool json = false;
  std::string explain;  // the page to write, or empty
  std::vector<std::string> files;
};

struct Answer {
  std::string name;
  Result<recognizer::Reading> reading;
  std::string explained;  // a part of the page, where one is to be written
};

std::string json_line(const Answer& answer) {
  json::object line{{"file", valid_utf8(answer.name)}};
  if (answer.reading) {
    for (auto& member : api::reading_json(*answer.reading)) line.insert(member);
  } else {
    line["error"] = api::error_json(answer.reading.error());
  }
  return api::to_text(line);
}

std::string candidates_text(const recognizer::GlyphReading& glyph, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < std::min(from + kMostShown, glyph.candidates.size()); ++i) {
    const auto& candidate = glyph.candidates[i];
    if (candidate.confidence < 0.0005F && i > from) break;
    text += (text.empty() ? "" : "   ") + candidate.text + " " +
            percent(static_cast<double>(candidate.confidence));
  }
  return text;
}

// The text of several glyphs, further lines under the first.
std::string several_text(const recognizer::Reading& reading, std::size_t name_width) {
  if (reading.rejected) {
    std::string guess;
    for (const auto& glyph : reading.glyphs) guess += glyph.text;
    return "?   not sure: " + guess;
  }
  std::string text;
  for (const char c : reading.text) {
    text += c;
    if (c == '\n') text.append(name_width + 2, ' ');
  }
  text += "   ";
  text += percent(static_cast<double>(reading.confidence));
  return text;
}

std::string table_line(const Answer& answer, std::size_t name_width) {
  std::string line = padded(printable(answer.name), name_width) + "  ";
  const recognizer::Reading& reading = *answer.reading;
  if (reading.glyphs.empty()) return line + "-   nothing written";
  if (reading.glyphs.size() > 1) return line + several_text(reading, name_width);
  const auto& glyph = reading.glyphs.front();
  if (reading.rejected) return line + "?   not sure: " + candidates_text(glyph, 0);
  char confidence[32];
  std::snprintf(confidence, sizeof confidence, "%5.1f %%",
                100 * static_cast<double>(reading.confidence));
  return line + padded(reading.text, 2) + "  " + confidence + "   (" + candidates_text(glyph, 1) +
         ")";
}

// Puts out the answers in the order of the files, each as soon as those before it are out.
class Answers {
 public:
  Answers(const RecognizeOptions& options, std::size_t name_width)
      : options_(options), name_width_(name_width), waiting_(options.files.size()) {}

  void add(std::size_t place, std::vector<Answer> answers) {
    const std::lock_guard lock(mutex_);
    waiting_[place] = std::move(answers);
    while (next_ < waiting_.size() && waiting_[next_]) {
      for (Answer& answer : *waiting_[next_]) {
        put_out(answer);
        if (!answer.explained.empty()) explained_.push_back(std::move(answer.explained));
      }
      waiting_[next_++]->clear();
    }
    progress_.at(next_, waiting_.size());
  }

  bool any_failed() const { return any_failed_; }
  const std::vector<std::string>& explained() const { return explained_; }

 private:
  void put_out(const Answer& answer) {
    if (!answer.reading) {
      any_failed_ = true;
      // Messages name the file where they came from reading it.
      const std::string& message = answer.reading.error().message;
      const bool named = message.find(answer.name) != std::string::npos;
      if (!options_.json) warn(named ? message : answer.name + ": " + message);
    }
    if (options_.json)
      print(json_line(answer));
    else if (answer.reading)
      print(table_line(answer, name_width_));
  }

  const RecognizeOptions& options_;
  const std::size_t name_width_;
  std::mutex mutex_;
  std::vector<std::optional<std::vector<Answer>>> waiting_;
  std::size_t next_ = 0;
  bool any_failed_ = false;
  std::vector<std::string> explained_;
  Progress progress_{"reading"};
};

// What is read, and how: `raw` in place of all that `read` says.
struct Way {
  bool raw = false;
  recognizer::ReadOptions read;
};

recognizer::Writing read_one(const recognizer::Recognizer& recognizer, const Way& way,
                             const std::variant<ink::Raster, ink::Strokes>& content) {
  return std::visit(
      [&](const auto& input) {
        if (!way.raw) return recognizer::read(recognizer, input, way.read);
        return recognizer::Writing{
            recognizer.read(ink::normalize(input, ink::Normalization::kRaw))};
      },
      content);
}

std::vector<Answer> read_file(const recognizer::Recognizer& recognizer,
                              const RecognizeOptions& options, const Way& way,
                              const std::string& file) {
  std::vector<Answer> answers;
  for (Input& input : read_inputs(file, options.pictures)) {
    auto writing =
        input.content.map([&](const auto& content) { return read_one(recognizer, way, content); });
    std::string explained;
    if (!options.explain.empty() && writing) {
      const auto normalization =
          way.raw ? ink::Normalization::kRaw : recognizer.model().card().normalization;
      explained = explain(valid_utf8(input.name), *input.content, normalization, *writing);
    }
    answers.push_back({std::move(input.name),
                       std::move(writing).map([](auto&& read) { return std::move(read.reading); }),
                       std::move(explained)});
  }
  return answers;
}

std::size_t widest_name(const std::vector<std::string>& files) {
  std::size_t width = 0;
  for (const std::string& file : files) width = std::max(width, columns(printable(file)));
  return std::min(width, kWidestName);
}

Result<Way> way_of(const RecognizeOptions& options) {
  Way way;
  const auto mode = recognizer::parse_mode(options.mode);
  if (!mode) return tl::unexpected(mode.error());
  way.read.mode = *mode;
  if (!options.pattern.empty()) {
    auto pattern = recognizer::Pattern::parse(options.pattern);
    if (!pattern) return tl::unexpected(pattern.error());
    way.read.pattern = std::move(*pattern);
  }
  way.raw = options.model.raw;
  const bool several = *mode == recognizer::Mode::kLine || *mode == recognizer::Mode::kPage;
  if (way.raw && (several || way.read.pattern))
    return fail(ErrorCode::kInvalidArgument,
                "--raw shows the picture to the network as it is: one glyph, and no pattern");
  return way;
}

int recognize(const RecognizeOptions& options) {
  const auto way = way_of(options);
  if (!way) return usage_error(way.error().message);
  if (std::count(options.files.begin(), options.files.end(), "-") > 1)
    return usage_error("the standard input (-) can be read only once");
  auto model = choose_model(options.model);
  if (!model) return model_failure(model.error());
  if (const auto fits = recognizer::check(way->read, (*model)->card()); !fits)
    return usage_error(fits.error().message);
  const recognizer::Recognizer recognizer(std::move(*model));

  // Who waits for the keyboard is ended at once, as by default.
  if (std::count(options.files.begin(), options.files.end(), "-") == 0) catch_interrupts();
  Answers answers(options, widest_name(options.files));
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < options.files.size() && !interrupted(); i = next++)
      answers.add(i, read_file(recognizer, options, *way, options.files[i]));
  };
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t threads =
      std::min(options.files.size(),
               options.threads > 0 ? static_cast<std::size_t>(options.threads) : cores);
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
    work();
  }
  if (interrupted()) return kInterrupted;
  if (!options.explain.empty()) {
    const auto written = write_explanations(answers.explained(), options.explain);
    if (!written) return failure(written.error());
  }
  return answers.any_failed() ? kFailure : kSuccess;
}

}  // namespace

void add_recognize(CLI::App& program, Run& run) {
  auto options = std::make_shared<RecognizeOptions>();
  CLI::App& command = *program.add_subcommand("recognize", "Read pictures or pen strokes");
  command.footer(kExamples);
  options->model.add_options(command);
  command
      .add_option("--mode", options->mode,
                  "glyph: one character a picture; line: a number or a word; page: lines of them; "
                  "auto (the default): what it looks like")
      ->type_name("MODE");
  command.add_option("--pattern", options->pattern, "What the text looks like, as dddd-dd-dd")
      ->type_name("P");
  command.add_option("--threads", options->threads, "Files read at once (as many as cores)")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
  command
      .add_option("--explain", options->explain,
                  "Write a page of HTML that shows each stage of reading every file")
      ->type_name("OUT.html");
  add_picture_limits(command, options->pictures);
  command.add_flag("--json", options->json, "One JSON object a file and line, see docs/formats.md");
  command.add_option("FILE", options->files, "Pictures or strokes; - is the standard input")
      ->required()
      ->type_name("");
  command.callback([options, &run] { run = [options] { return recognize(*options); }; });
}

}  // namespace longhand::cli
