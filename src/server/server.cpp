#include "server/server.h"

#include <malloc.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "picture/memory.h"
#include "server/answer.h"
#include "server/app.h"
#include "server/await.h"
#include "server/early_end.h"
#include "server/fit.h"
#include "server/resources.h"
#include "server/session.h"

namespace longhand::server {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

Result<tcp::endpoint> parse_listen(const std::string& text) {
  const auto wrong = [&] {
    return fail(ErrorCode::kInvalidArgument,
                "can't listen on \"" + text +
                    "\"; an address looks like 127.0.0.1:8080, 0.0.0.0:80 or [::1]:8080");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return wrong();
  std::string host = text.substr(0, colon);
  const std::string port = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  if (port.empty() || port.size() > 5 ||
      port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) > 65'535) {
    return wrong();
  }
  error_code ec;
  const auto address = asio::ip::make_address(host, ec);
  if (ec) return wrong();
  return tcp::endpoint(address, static_cast<std::uint16_t>(std::stoi(port)));
}

Result<void> open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code ec;
  const auto attempt = [&](auto step) {
    if (!ec) step();
  };
  attempt([&] { acceptor.open(endpoint.protocol(), ec); });
  attempt([&] { acceptor.set_option(tcp::acceptor::reuse_address(true), ec); });
  attempt([&] { acceptor.bind(endpoint, ec); });
  attempt([&] { acceptor.listen(asio::socket_base::max_listen_connections, ec); });
  if (!ec) return {};
  return fail(ErrorCode::kUnavailable, "can't listen on " + endpoint.address().to_string() + ":" +
                                           std::to_string(endpoint.port()) + ": " + ec.message());
}

std::string url_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return "http://" + (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
         std::to_string(endpoint.port());
}

// The server while it runs: the acceptor, the connections, and the end of both.
class Runner {
 public:
  Runner(App& app, asio::io_context& context, tcp::acceptor acceptor)
      : app_(app),
        context_(context),
        acceptor_(std::move(acceptor)),
        signals_(acceptor_.get_executor(), SIGTERM, SIGINT) {}

  void start() {
    asio::co_spawn(
        acceptor_.get_executor(), [this] { return accept(); }, asio::detached);
    asio::co_spawn(
        acceptor_.get_executor(), [this] { return end(); }, asio::detached);
  }

 private:
  awaitable<void> accept();
  awaitable<void> end();
  void take(tcp::socket socket);
  void turn_away(tcp::socket& socket);

  App& app_;
  asio::io_context& context_;
  tcp::acceptor acceptor_;
  asio::signal_set signals_;
  Sessions sessions_;
};

awaitable<void> Runner::accept() {
  asio::steady_timer timer(acceptor_.get_executor());
  while (acceptor_.is_open()) {
    error_code ec;
    tcp::socket socket(asio::make_strand(context_));
    co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, ec));
    if (ec == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
    if (ec) {
      // Out of descriptors, most likely: more come back as connections end.
      app_.logger->warn("can't take a connection: {}", ec.message());
      timer.expires_after(std::chrono::milliseconds(100));
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
      continue;
    }
    try {
      take(std::move(socket));
    } catch (const std::exception& error) {
      app_.logger->error("a connection could not be served: {}", error.what());
    }
  }
}

void Runner::take(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (sessions_.count() >= app_.options.limits.connections) {
    turn_away(socket);
  } else {
    serve_connection(app_, sessions_, std::move(socket));
  }
}

// One attempt to say why, without waiting for the client.
void Runner::turn_away(tcp::socket& socket) {
  app_.metrics.connections_refused.fetch_add(1);
  const Response response =
      problem(ErrorCode::kBusy, "too many connections; the limit is " +
                                    std::to_string(app_.options.limits.connections));
  const std::string text = answer_head(app_, response, false) + response.body;
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

awaitable<void> Runner::end() {
  const int signal = co_await signals_.async_wait(asio::use_awaitable);
  app_.logger->info("signal {}: finishing {} requests", signal, app_.metrics.in_flight.load());
  app_.draining = true;
  asio::steady_timer timer(acceptor_.get_executor());
  timer.expires_after(app_.options.shutdown_delay);
  error_code early;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, early));
  sessions_.drain();
  const auto deadline = std::chrono::steady_clock::now() + app_.options.limits.drain_time;
  // New connections are still taken while requests are in flight, so that who asks /readyz is told.
  bool in_flight = true;
  while ((in_flight || sessions_.count() != 0) && std::chrono::steady_clock::now() < deadline) {
    in_flight = app_.metrics.in_flight != 0;
    if (!in_flight && acceptor_.is_open()) {
      acceptor_.close();
      sessions_.drain();
    }
    timer.expires_after(std::chrono::milliseconds(10));
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (sessions_.count() != 0) {
    app_.logger->warn("{} connections were cut off at the deadline", sessions_.count());
  }
  context_.stop();
}

void log_models(const recognizer::Registry& registry, spdlog::logger& logger) {
  for (const auto& fault : registry.faults()) {
    logger.error("model not served: {}", fault.error.message);
  }
  for (const auto& model : registry.models()) {
    logger.info("model {} {} ({}, {} characters)", model->ref().name, model->ref().version,
                model->card().alphabet_name, model->card().alphabet.size());
  }
}

Result<recognizer::Registry> load_models(const ServeOptions& options, spdlog::logger& logger) {
  auto registry = recognizer::Registry::load_folder(options.models);
  if (!registry) return registry;
  log_models(*registry, logger);
  if (registry->models().empty()) {
    return fail(ErrorCode::kNotFound, "there is no sound model in " + options.models.string() +
                                          "; put one there or name another folder by --models");
  }
  return registry;
}

// Each connection takes a descriptor; the usual limit of 1,024 is there for programs that use
// select().
void raise_descriptors(std::size_t connections) {
  constexpr std::size_t kOthers = 256;  // the store's, the log's, those being turned away
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= connections + kOthers) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, connections + kOthers);
  setrlimit(RLIMIT_NOFILE, &limit);
}

// What is freed goes back to the system: a large picture's memory must not stay in the heap of the
// thread that happened to read it.
void bound_heap() {
  constexpr int kArenas = 4;
  constexpr int kOwnMapping = 1 << 20;  // from this size on memory comes and goes by itself
  mallopt(M_ARENA_MAX, kArenas);
  mallopt(M_MMAP_THRESHOLD, kOwnMapping);
  mallopt(M_TRIM_THRESHOLD, kOwnMapping);
}

// What is set for the whole process.
void set_up_process(const ServeOptions& options, const Fitted& fitted) {
  picture::set_large_budget(fitted.picture_memory);
  bound_heap();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a write over a size limit is an error like a full disk
  raise_descriptors(options.limits.connections);
}

void run_threads(asio::io_context& context, int count) {
  std::vector<std::thread> threads;
  for (int i = 1; i < count; ++i) threads.emplace_back([&context] { context.run(); });
  context.run();
  for (auto& thread : threads) thread.join();
}

// After the last request: nobody waits for the stores any more.
Result<void> wind_up(App& app, std::stop_source& closing) {
  app.trainings.stop();
  closing.request_stop();
  app.models.stop();
  app.neighbours.leave();
  app.service.shut_down();
  app.logger->info("ended");
  return {};
}

}  // namespace

Result<void> check_listen(const std::string& text) {
  const auto endpoint = parse_listen(text);
  return endpoint ? Result<void>() : tl::unexpected(endpoint.error());
}

Result<void> run(const ServeOptions& given, std::shared_ptr<spdlog::logger> logger) {
  const Resources resources = read_resources();
  const Fitted fitted = fit(resources, given.threads, given.limits);
  ServeOptions options = given;
  options.limits = fitted.limits;
  set_up_process(options, fitted);
  std::stop_source closing;  // the stores
  std::optional<EarlyEnd> early(closing);
  const auto endpoint = parse_listen(options.listen);
  if (!endpoint) return tl::unexpected(endpoint.error());
  auto registry = load_models(options, *logger);
  if (!registry) return tl::unexpected(registry.error());
  auto stores =
      records::open_stores(options.store, records::OutOfReach::kAwait, closing.get_token());
  if (closing.stop_requested()) {
    logger->info("ended before the store was open");
    return {};
  }
  if (!stores) return tl::unexpected(stores.error());
  for (const std::string& warning : stores->warnings) logger->warn("the store: {}", warning);

  const int threads = fitted.workers.threads;
  // Declared in the order that ends well: coroutines die with the context, before what they use.
  App app(options, std::move(*registry), std::move(*stores), fitted.workers, logger);
  app.loopback = endpoint->address().is_loopback();
  asio::io_context context(threads);
  tcp::acceptor acceptor(asio::make_strand(context));
  if (auto opened = open(acceptor, *endpoint); !opened) return opened;
  const std::string url = url_of(acceptor.local_endpoint());

  // A replica that starts must not serve what the others have put aside.
  app.models.look_first(std::chrono::seconds(10));
  app.trainings.start(app.neighbours.instance(), app.neighbours.jobs());
  Runner runner(app, context, std::move(acceptor));
  early.reset();  // not before the runner hears the signals
  if (closing.stop_requested()) return wind_up(app, closing);
  runner.start();
  logger->info("{:.2g} processors and {} MB of memory to use", resources.cpus,
               resources.memory >> 20);
  logger->info("serving on {} with {} threads, store {}", url, threads, options.store);
  if (options.on_ready) options.on_ready(url);
  run_threads(context, threads);
  return wind_up(app, closing);
}

}  // namespace longhand::server
