#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>
#include <vector>

#include "api/recognition_request.h"
#include "base/result.h"
#include "picture/picture.h"
#include "recognizer/model.h"
#include "recognizer/reader.h"
#include "records/store.h"
#include "server/feed.h"
#include "server/fit.h"
#include "server/metrics.h"
#include "server/models.h"

namespace longhand::server {

// Where the time of one recognition went, in microseconds.
struct Timings {
  std::int64_t decode = 0;
  std::int64_t ink = 0;
  std::int64_t net = 0;
  std::int64_t store = 0;
};

struct Recognition {
  records::Summary summary;  // its glyphs carry their pixels
  records::Stored stored = records::Stored::kDurable;
  Timings timings;
};

// The work that the server is for: decode, read, record, tell. Knows nothing of HTTP. Its
// coroutines may run on any executor, many at once; it must outlive them.
class Service {
 public:
  Service(const Models& models, records::Stores stores, const Workers& workers,
          const picture::Limits& pictures, Metrics& metrics, Feed& feed);
  ~Service();

  // Waits for the workers and lets go of the stores; nothing may be asked of it after. Callbacks
  // still come while it runs, so that the executors of those who wait must outlive it.
  void shut_down();

  // Reads and, with `keep`, records: then the answer means that the record is durable (or spooled).
  // kInvalidArgument for a model, alphabet or mode that is not there; kBusy when too many pictures
  // wait to be decoded.
  boost::asio::awaitable<Result<Recognition>> recognize(api::RecognitionRequest request,
                                                        records::OwnerHash owner, bool keep);

  boost::asio::awaitable<Result<records::Page>> list(records::Query query);
  boost::asio::awaitable<Result<records::Summary>> get(Uuid id, records::Viewer viewer);
  // With the pixels of its glyphs.
  boost::asio::awaitable<Result<records::Summary>> get_normalized(Uuid id, records::Viewer viewer);
  // The picture as it was given; of strokes, a drawing of them as PNG.
  boost::asio::awaitable<Result<records::Picture>> picture(Uuid id, records::Viewer viewer);
  boost::asio::awaitable<Result<records::Summary>> set_label(Uuid id, records::Viewer viewer,
                                                             std::optional<std::string> label);
  boost::asio::awaitable<Result<void>> remove(Uuid id, records::Viewer viewer);
  boost::asio::awaitable<Result<void>> ping();
  // "" when all is well; else what is wrong with the store though it takes records.
  std::string store_trouble() const;
  // Appends what /metrics shows of the store; nothing where it has no spool.
  void write_store_metrics(std::string& out) const;

  // The network's first output for `batch` samples, which `input` must hold.
  boost::asio::awaitable<std::vector<float>> infer(std::shared_ptr<const recognizer::Model> model,
                                                   const std::vector<float>& input, int batch);

  // The model for an alphabet and a name, either of which may be empty; kInvalidArgument lists what
  // there is.
  Result<std::shared_ptr<const recognizer::Model>> choose_model(const std::string& name,
                                                                const std::string& alphabet) const;

 private:
  struct Read {
    recognizer::Writing writing;
    std::int64_t decode_us = 0;
  };

  boost::asio::awaitable<Result<Read>> read_picture(std::shared_ptr<const recognizer::Model> model,
                                                    const api::DataUrl& picture,
                                                    const picture::Header& header,
                                                    const recognizer::ReadOptions& options);
  boost::asio::awaitable<Result<records::Content>> content(Uuid id, records::Viewer viewer);
  boost::asio::awaitable<Result<records::Stored>> store(records::Record record);
  void tell(const Recognition& recognition);

  const Models& models_;
  records::Stores stores_;
  const picture::Limits pictures_;
  Metrics& metrics_;
  Feed& feed_;
  // Threads for one kind of work, and how much of it waits for them.
  struct Pool {
    Pool(int threads, std::size_t most)
        : most_waiting(most), executor(static_cast<std::size_t>(threads)) {}
    const std::size_t most_waiting;
    std::atomic<std::size_t> waiting{0};
    boost::asio::thread_pool executor;
  };

  Pool workers_;
  Pool large_workers_;  // for pictures that take much memory
};

}  // namespace longhand::server
