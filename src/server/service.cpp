#include "server/service.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "api/json_text.h"
#include "api/reading_json.h"
#include "ink/rasterize.h"
#include "picture/memory.h"
#include "picture/picture.h"
#include "recognizer/reader.h"
#include "server/await.h"

namespace longhand::server {
namespace {

// What the owner is shown of strokes that came without a picture: dark on white, the longer side
// 280 pixels with a margin.
records::Picture draw(const ink::Strokes& strokes) {
  constexpr float kSide = 280;
  constexpr float kMargin = 24;
  const ink::Box box = ink::bounds(strokes);
  const float longest = std::max({box.w, box.h, 1e-6F});
  const float scale = (kSide - 2 * kMargin) / longest;
  ink::Strokes placed = strokes;
  for (auto& stroke : placed.strokes) {
    for (auto& point : stroke) {
      point.x = (point.x - box.x - box.w / 2) * scale + kSide / 2;
      point.y = (point.y - box.y - box.h / 2) * scale + kSide / 2;
    }
  }
  constexpr int kPixels = static_cast<int>(kSide);
  ink::GreyImage image = ink::rasterize(placed, kPixels, kPixels, {.width = 12, .hardness = 1});
  for (auto& pixel : image.pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
  return {"image/png", picture::encode_png(image)};
}

// Counts while it lives, also when an exception ends that life.
class Counted {
 public:
  explicit Counted(std::atomic<std::size_t>& count) : count_(count), before_(count.fetch_add(1)) {}
  ~Counted() { count_.fetch_sub(1); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  std::size_t before() const { return before_; }

 private:
  std::atomic<std::size_t>& count_;
  std::size_t before_;
};

// Whether decoding it takes one of the few large shares of memory: with colours and transparency a
// pixel takes up to seven bytes.
bool is_large(const picture::Header& header) {
  const auto pixels =
      static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height);
  return 7 * pixels > picture::kSmallPicture;
}

// How a client wants it read; kInvalidArgument for what the model can't do.
Result<recognizer::ReadOptions> options_of(const api::RecognitionRequest& request,
                                           const recognizer::Card& card) {
  recognizer::ReadOptions options;
  if (!request.mode.empty()) {
    const auto mode = recognizer::parse_mode(request.mode);
    if (!mode) return tl::unexpected(mode.error());
    options.mode = *mode;
  }
  if (!request.pattern.empty()) {
    auto pattern = recognizer::Pattern::parse(request.pattern);
    if (!pattern) return tl::unexpected(pattern.error());
    options.pattern = std::move(*pattern);
  }
  if (auto fits = recognizer::check(options, card); !fits) return tl::unexpected(fits.error());
  return options;
}

}  // namespace

Service::Service(const Models& models, records::Stores stores, const Workers& workers,
                 const picture::Limits& pictures, Metrics& metrics, Feed& feed)
    : models_(models),
      stores_(std::move(stores)),
      pictures_(pictures),
      metrics_(metrics),
      feed_(feed),
      workers_(workers.small, workers.waiting_small),
      large_workers_(workers.large, workers.waiting_large) {}

Service::~Service() {
  shut_down();
}

void Service::shut_down() {
  workers_.executor.join();
  large_workers_.executor.join();
  stores_ = {};
}

Result<std::shared_ptr<const recognizer::Model>> Service::choose_model(
    const std::string& name, const std::string& alphabet) const {
  auto model =
      models_.current()->find(name, name.empty() && alphabet.empty() ? "digits" : alphabet);
  // "Not found" is what the client asked with, not what it asked for.
  if (!model && model.error().code == ErrorCode::kNotFound) {
    return fail(ErrorCode::kInvalidArgument, model.error().message);
  }
  return model;
}

awaitable<Result<Recognition>> Service::recognize(api::RecognitionRequest request,
                                                  records::OwnerHash owner, bool keep) {
  auto model = choose_model(request.model, request.alphabet);
  if (!model) co_return tl::unexpected(model.error());
  const auto options = options_of(request, (*model)->card());
  if (!options) co_return tl::unexpected(options.error());

  Recognition recognition;
  records::Record record;
  const auto take = [&](recognizer::Writing writing) {
    recognition.summary.reading = std::move(writing.reading);
    recognition.summary.mode = to_string(writing.mode);
  };
  if (request.strokes) {
    take(recognizer::read(recognizer::Recognizer(*model), *request.strokes, *options));
    record.content.strokes = std::move(request.strokes);
  } else {
    if (request.picture->bytes.empty()) {
      co_return fail(ErrorCode::kInvalidArgument, "the picture is empty: there is no byte of it");
    }
    const auto header = picture::read_header(request.picture->bytes, pictures_);
    if (!header) co_return tl::unexpected(header.error());
    auto read = co_await read_picture(*model, *request.picture, *header, *options);
    if (!read) co_return tl::unexpected(read.error());
    take(std::move(read->writing));
    recognition.timings.decode = read->decode_us;
    metrics_.staged(Stage::kDecode, read->decode_us);
    record.content.picture =
        records::Picture{picture::media_type(header->format), std::move(request.picture->bytes)};
  }
  records::Summary& summary = recognition.summary;
  recognition.timings.ink = summary.reading.ink_us;
  recognition.timings.net = summary.reading.net_us;
  metrics_.staged(Stage::kInk, summary.reading.ink_us);
  metrics_.staged(Stage::kNet, summary.reading.net_us);
  metrics_.recognitions.fetch_add(1, std::memory_order_relaxed);
  if (summary.reading.rejected) metrics_.rejected.fetch_add(1, std::memory_order_relaxed);

  summary.id = make_uuid7();
  summary.created_us = unix_micros();
  summary.owner = owner;
  summary.name = std::move(request.name);
  if (!keep) co_return recognition;

  record.summary = summary;
  record.content.normalization = to_string((*model)->card().normalization);
  for (auto& glyph : record.summary.reading.glyphs) {
    record.content.glyphs.push_back(std::move(glyph.image));
    glyph.image = {};
  }
  const std::int64_t before = unix_micros();
  const auto stored = co_await store(std::move(record));
  if (!stored) co_return tl::unexpected(stored.error());
  recognition.stored = *stored;
  recognition.timings.store = unix_micros() - before;
  metrics_.staged(Stage::kStore, recognition.timings.store);
  tell(recognition);
  co_return recognition;
}

awaitable<Result<Service::Read>> Service::read_picture(
    std::shared_ptr<const recognizer::Model> model, const api::DataUrl& picture,
    const picture::Header& header, const recognizer::ReadOptions& options) {
  Pool& pool = is_large(header) ? large_workers_ : workers_;
  const Counted waiting(pool.waiting);
  if (waiting.before() >= pool.most_waiting) {
    co_return fail(ErrorCode::kBusy, "too many pictures wait to be read; try again in a moment");
  }
  auto work = [this, model, &picture, &options]() -> Result<Read> {
    const std::int64_t start = unix_micros();
    const auto raster = picture::decode(picture.bytes, pictures_);
    if (!raster) return tl::unexpected(raster.error());
    const std::int64_t decoded = unix_micros();
    return Read{recognizer::read(recognizer::Recognizer(model), *raster, options), decoded - start};
  };
  co_return co_await run_on<Result<Read>>(pool.executor.get_executor(), std::move(work));
}

awaitable<Result<records::Stored>> Service::store(records::Record record) {
  auto start = [this, &record](auto callback) {
    stores_.records->add(std::move(record), to_done<records::Stored>(callback));
  };
  co_return co_await await_callback<Result<records::Stored>>(std::move(start));
}

void Service::tell(const Recognition& recognition) {
  if (!feed_.is_heard()) return;
  const auto data = api::to_text(api::recognition_json(recognition.summary, recognition.stored));
  const std::size_t dropped =
      feed_.publish(recognition.summary.owner, recognition.summary.id.to_string(), data);
  metrics_.events_dropped.fetch_add(dropped, std::memory_order_relaxed);
}

awaitable<Result<records::Page>> Service::list(records::Query query) {
  auto start = [this, &query](auto callback) {
    stores_.records->list(query, to_done<records::Page>(callback));
  };
  co_return co_await await_callback<Result<records::Page>>(std::move(start));
}

awaitable<Result<records::Summary>> Service::get(Uuid id, records::Viewer viewer) {
  auto start = [this, id, viewer](auto callback) {
    stores_.records->get(id, viewer, to_done<records::Summary>(callback));
  };
  co_return co_await await_callback<Result<records::Summary>>(std::move(start));
}

awaitable<Result<records::Content>> Service::content(Uuid id, records::Viewer viewer) {
  auto start = [this, id, viewer](auto callback) {
    stores_.records->content(id, viewer, to_done<records::Content>(callback));
  };
  co_return co_await await_callback<Result<records::Content>>(std::move(start));
}

awaitable<Result<records::Summary>> Service::get_normalized(Uuid id, records::Viewer viewer) {
  auto summary = co_await get(id, viewer);
  if (!summary) co_return summary;
  auto kept = co_await content(id, viewer);
  if (!kept) co_return tl::unexpected(kept.error());
  auto& glyphs = summary->reading.glyphs;
  for (std::size_t i = 0; i < std::min(glyphs.size(), kept->glyphs.size()); ++i) {
    glyphs[i].image = std::move(kept->glyphs[i]);
  }
  co_return summary;
}

awaitable<Result<records::Picture>> Service::picture(Uuid id, records::Viewer viewer) {
  auto kept = co_await content(id, viewer);
  if (!kept) co_return tl::unexpected(kept.error());
  if (kept->picture) co_return std::move(*kept->picture);
  if (!kept->strokes) co_return fail(ErrorCode::kNotFound, "this recognition has no picture");
  auto work = [&kept] { return draw(*kept->strokes); };
  co_return co_await run_on<records::Picture>(workers_.executor.get_executor(), std::move(work));
}

awaitable<Result<records::Summary>> Service::set_label(Uuid id, records::Viewer viewer,
                                                       std::optional<std::string> label) {
  auto start = [this, id, viewer, &label](auto callback) {
    stores_.records->set_label(id, viewer, std::move(label), to_done<records::Summary>(callback));
  };
  co_return co_await await_callback<Result<records::Summary>>(std::move(start));
}

awaitable<Result<void>> Service::remove(Uuid id, records::Viewer viewer) {
  auto start = [this, id, viewer](auto callback) {
    stores_.records->remove(id, viewer, to_done<void>(callback));
  };
  co_return co_await await_callback<Result<void>>(std::move(start));
}

awaitable<std::vector<float>> Service::infer(std::shared_ptr<const recognizer::Model> model,
                                             const std::vector<float>& input, int batch) {
  auto work = [model, &input, batch] {
    thread_local nn::Scratch scratch;
    const std::size_t classes = model->network().outputs().front().elements();
    std::vector<float> output(static_cast<std::size_t>(batch) * classes);
    nn::run(model->network(), scratch, input, batch, output);
    return output;
  };
  co_return co_await run_on<std::vector<float>>(workers_.executor.get_executor(), std::move(work));
}

awaitable<Result<void>> Service::ping() {
  auto start = [this](auto callback) { stores_.records->ping(to_done<void>(callback)); };
  co_return co_await await_callback<Result<void>>(std::move(start));
}

std::string Service::store_trouble() const {
  if (!stores_.spooling || stores_.spooling->numbers().store_reached) return "";
  return "the store is out of reach: records wait for it on this disk";
}

void Service::write_store_metrics(std::string& out) const {
  if (stores_.spooling) write_metrics(out, stores_.spooling->numbers());
}

}  // namespace longhand::server
