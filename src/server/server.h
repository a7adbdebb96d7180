#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cluster/buckets.h"
#include "cluster/redis_url.h"
#include "picture/picture.h"
#include "server/proxies.h"

namespace spdlog {
class logger;
}

namespace longhand::server {

// Bounds on what one client, and all together, may take.
struct ServeLimits {
  std::size_t body_bytes = 16U << 20;     // of one picture; a request may be a little longer
  picture::Limits pictures;               // of what they hold; their bytes are above
  std::size_t header_bytes = 64U << 10;   // request line and headers together
  std::size_t connections = 2'000;        // more are answered 503 and closed
  std::size_t listeners = 500;            // open streams of events
  std::size_t files = 100;                // in one multipart request
  std::size_t pending_bytes = 64U << 20;  // of request bodies held at once; more get 503
  std::chrono::milliseconds header_time{
      10'000};  // from the first byte of a request to its last header
  std::chrono::milliseconds body_time{30'000};   // to receive a body
  std::chrono::milliseconds write_time{30'000};  // to take an answer
  std::chrono::milliseconds idle_time{75'000};   // between two requests
  std::chrono::milliseconds drain_time{10'000};  // for requests in flight after SIGTERM
};

struct ServeOptions {
  std::string listen = "127.0.0.1:8080";  // ADDRESS:PORT, [ADDRESS]:PORT; port 0 takes a free one
  std::string store;                      // as records::open_stores() takes it
  std::filesystem::path models;           // folder of *.onnx
  std::filesystem::path recipes;          // folder of *.toml, which trainings may name
  std::filesystem::path trainings;        // where trainings run; "": not in this process
  std::filesystem::path trainer;          // the program that trains
  std::chrono::days keep_trainings{30};   // what ended ones left in that folder; 0: for ever
  int threads = 0;                        // of input and output; 0: as many as cores
  bool trust_proxy = false;               // believe anybody's X-Forwarded-Proto and -Host
  std::vector<Network> proxies;           // believed in those, and in X-Forwarded-For
  std::string operator_token;             // empty: there is no operator
  std::optional<cluster::RedisAddress> redis;  // what replicas share; none: there are no others
  cluster::RateRules rates;                    // nobody's requests are counted unless it says so
  // Clients' addresses can't be known (all seem to come from one proxy that tells nothing): new
  // owners are counted together, whatever their address.
  bool hidden_addresses = false;
  // How long requests are still taken after SIGTERM though /readyz says no, so that balancers that
  // ask it from time to time have turned elsewhere before connections are refused.
  std::chrono::seconds shutdown_delay{0};
  ServeLimits limits;
  // Called once, on the calling thread's behalf, when connections are taken; with the URL, such as
  // "http://127.0.0.1:8080".
  std::function<void(const std::string& url)> on_ready;
};

// Whether ServeOptions::listen is an address; kInvalidArgument says what one looks like.
Result<void> check_listen(const std::string& text);

// Serves until SIGTERM or SIGINT, then drains: /readyz answers 503; after shutdown_delay no
// connection is taken, requests in flight are answered, within limits.drain_time. Threads, queues
// and memory follow what the control group that it is in allows. Gives an error when it can't
// start: an address that is taken or none, a store or models folder that can't be opened, no sound
// model. A signal that comes before it serves ends it within moments, though the store may not
// answer; that is no error. Logs to `logger` and prints nothing. Takes over SIGTERM and SIGINT
// while it runs, and ignores SIGPIPE and SIGXFSZ for good: call it from a program's main thread,
// once.
Result<void> run(const ServeOptions& options, std::shared_ptr<spdlog::logger> logger);

}  // namespace longhand::server
