#include "server/session.h"

#include <spdlog/spdlog.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <optional>

#include "server/answer.h"
#include "server/await.h"
#include "server/counting.h"
#include "server/gate.h"
#include "server/parser.h"
#include "server/throttle.h"

namespace longhand::server {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t kHeaderRead = 4'096;
constexpr std::size_t kBodyRead = 64U << 10;
constexpr std::chrono::seconds kHeartbeat{15};
// What is read of a body that was refused.
constexpr std::size_t kMaxLinger = 64U << 20;
constexpr std::chrono::seconds kLingerTime{5};

// 0.0.0.0 for one that is gone already.
asio::ip::address peer_of(const asio::ip::tcp::socket& socket) {
  error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  return ec ? asio::ip::address() : endpoint.address();
}

auto no_throw(error_code& ec) {
  return asio::redirect_error(asio::use_awaitable, ec);
}

}  // namespace

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(App& app, Sessions& sessions, asio::ip::tcp::socket socket)
      : app_(app),
        limits_(app.options.limits),
        sessions_(sessions),
        peer_(peer_of(socket)),
        stream_(std::move(socket)),
        open_(app.metrics.connections) {}

  awaitable<void> run();

  // From any thread.
  void drain();

 private:
  // One request and its answer; whether the connection goes on.
  awaitable<bool> serve_one();
  // Whether there is a first byte of a request.
  awaitable<bool> wait_for_request();
  awaitable<void> parse(Parser& parser, bool header, BodyShare* share, error_code& ec);
  awaitable<std::optional<Response>> read_body(Parser& parser, const Request& request,
                                               std::size_t limit, BodyShare& share);
  // Whether the time was up before there was all of it.
  awaitable<bool> parse_body(Parser& parser, BodyShare& share, error_code& ec);
  awaitable<Response> handle(const Route& route, Request& request);
  awaitable<bool> write(const Request& request, const Response& response, bool keep_alive);
  awaitable<bool> refuse(const Response& response, const Gate* gate);
  awaitable<void> stream_events(Subscription& subscription);
  // Reads on for a while, so that a client that is still sending sees the answer and no reset.
  awaitable<void> linger();

  App& app_;
  const ServeLimits& limits_;
  Sessions& sessions_;
  const asio::ip::address peer_;
  beast::tcp_stream stream_;
  Counting<std::int64_t> open_;
  beast::flat_buffer buffer_;
  bool first_ = true;
  bool waiting_ = false;  // for the first byte of a request
  bool draining_ = false;
  bool gone_ = false;                       // the client, in the middle of a request
  std::weak_ptr<asio::steady_timer> wake_;  // of a stream of events
};

awaitable<void> Session::run() {
  sessions_.add(shared_from_this());
  try {
    while (co_await serve_one()) {
    }
  } catch (const std::exception& error) {
    app_.logger->error("a connection ended by an exception: {}", error.what());
  }
  error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
  sessions_.remove(this);
}

void Session::drain() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->draining_ = true;
    if (self->waiting_) self->stream_.cancel();
    if (const auto wake = self->wake_.lock()) wake->cancel();
  });
}

awaitable<bool> Session::serve_one() {
  if (!co_await wait_for_request()) co_return false;
  std::optional<Counting<std::int64_t>> in_flight(app_.metrics.in_flight);
  const std::int64_t started = unix_micros();
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
  parser.body_limit(boost::none);  // the gate knows it, once the head is read
  error_code ec;
  stream_.expires_after(limits_.header_time);
  co_await parse(parser, true, nullptr, ec);
  if (ec == http::error::end_of_stream || ec == http::error::partial_message ||
      (ec && ec.category() != http::make_error_code(http::error::need_more).category())) {
    co_return false;  // gone, or too slow
  }
  if (ec) co_return co_await refuse(header_problem(parser, ec, limits_), nullptr);

  Request request = to_request(parser.get());
  request.started_us = started;
  if (parser.get().version() != 11 && parser.get().version() != 10) {
    co_return co_await refuse(header_problem(parser, http::error::bad_version, limits_), nullptr);
  }
  app_.proxies.resolve(request, peer_);
  const Gate gate = admit(app_, request);
  BodyShare share(app_.pending_bytes, limits_.pending_bytes);
  std::optional<Response> refusal = gate.refusal;
  if (!refusal) refusal = co_await throttle(app_, *gate.route, request);
  if (!refusal) refusal = co_await read_body(parser, request, gate.max_body, share);
  if (gone_) co_return false;
  const bool body_is_left = !parser.is_done();
  if (refusal && body_is_left) {
    refusal->close = true;
    co_return co_await refuse(*refusal, &gate);
  }
  request.body = std::move(parser.get().body());
  // No co_await inside a conditional expression: GCC 12 destroys what it gives twice.
  Response response;
  if (refusal) {
    response = std::move(*refusal);
  } else {
    response = co_await handle(*gate.route, request);
  }
  const std::int64_t micros = unix_micros() - started;
  app_.metrics.answered(gate.number, response.status, micros);
  app_.logger->debug("{} {} {} {} us", request.method_name, request.path, response.status, micros);
  const bool keep_alive =
      parser.get().keep_alive() && !response.close && !draining_ && !app_.draining;
  if (!co_await write(request, response, keep_alive)) co_return false;
  if (response.events && request.method != Method::kHead) {
    in_flight.reset();
    co_await stream_events(*response.events);
  }
  co_return keep_alive;
}

awaitable<bool> Session::wait_for_request() {
  if (draining_) co_return false;
  if (buffer_.size() != 0) co_return true;
  if (buffer_.capacity() > kBodyRead / 2) buffer_.shrink_to_fit();
  error_code ec;
  waiting_ = true;
  stream_.expires_after(first_ ? limits_.header_time : limits_.idle_time);
  first_ = false;
  const std::size_t count =
      co_await stream_.async_read_some(buffer_.prepare(kHeaderRead), no_throw(ec));
  buffer_.commit(count);
  waiting_ = false;
  co_return !ec;
}

// Reads until the header, or all, is parsed. Errors of HTTP are of Beast's category.
awaitable<void> Session::parse(Parser& parser, bool header, BodyShare* share, error_code& ec) {
  parser.eager(!header);
  for (;;) {
    ec = {};
    while (buffer_.size() != 0 && !(header ? parser.is_header_done() : parser.is_done())) {
      buffer_.consume(parser.put(buffer_.data(), ec));
      if (ec) break;
    }
    if (header ? parser.is_header_done() : parser.is_done()) co_return;
    if (ec && ec != http::error::need_more) co_return;
    if (share != nullptr && !share->grow_to(parser.get().body().size())) {
      ec = asio::error::no_memory;
      co_return;
    }
    const std::size_t size = header ? kHeaderRead : kBodyRead;
    const std::size_t count = co_await stream_.async_read_some(buffer_.prepare(size), no_throw(ec));
    buffer_.commit(count);
    if (ec) co_return;
  }
}

awaitable<std::optional<Response>> Session::read_body(Parser& parser, const Request& request,
                                                      std::size_t limit, BodyShare& share) {
  // A body where none is expected is read and not looked at, as long as it is short.
  limit = std::max<std::size_t>(limit, 1'024);
  if (const auto length = parser.content_length(); length && *length > limit) {
    co_return body_too_large(limit);
  }
  if (parser.is_done()) co_return std::nullopt;
  error_code ec;
  if (request.header("expect") == "100-continue" && buffer_.size() == 0) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(stream_, asio::buffer(kContinue), no_throw(ec));
  }
  parser.body_limit(limit);
  const bool late = co_await parse_body(parser, share, ec);
  if (!ec) co_return std::nullopt;
  if (late) co_return body_too_slow(limits_.body_time);
  if (ec == http::error::body_limit) co_return body_too_large(limit);
  if (ec == asio::error::no_memory) {
    co_return problem(ErrorCode::kBusy, "too many bodies are being received");
  }
  if (ec.category() == http::make_error_code(http::error::bad_chunk).category()) {
    co_return header_problem(parser, ec, limits_);
  }
  gone_ = true;
  co_return std::nullopt;
}

// The stream's own time limit would close the connection, and nothing could be said any more.
awaitable<bool> Session::parse_body(Parser& parser, BodyShare& share, error_code& ec) {
  enum class State { kReading, kRead, kLate };
  const auto state = std::make_shared<State>(State::kReading);
  asio::steady_timer timer(stream_.get_executor(), limits_.body_time);
  timer.async_wait([self = shared_from_this(), state](const error_code& cancelled) {
    // It may have fallen due in the moment when the last byte came.
    if (cancelled || *state != State::kReading) return;
    *state = State::kLate;
    self->stream_.cancel();
  });
  // A cancellation between two reads would come to nothing.
  stream_.expires_after(limits_.body_time + kLingerTime);
  co_await parse(parser, false, &share, ec);
  const bool late = *state == State::kLate;
  *state = State::kRead;
  co_return late;
}

awaitable<Response> Session::handle(const Route& route, Request& request) {
  try {
    co_return co_await route.handler(app_, request);
  } catch (const std::bad_alloc&) {
    app_.logger->error("{} {}: out of memory", request.method_name, request.path);
  } catch (const std::exception& error) {
    app_.logger->error("{} {}: {}", request.method_name, request.path, error.what());
    co_return problem(500, "internal", "The server failed", "the log says why");
  }
  co_return problem(ErrorCode::kBusy, "the server is short of memory");
}

awaitable<bool> Session::write(const Request& request, const Response& response, bool keep_alive) {
  const std::string head = answer_head(app_, response, keep_alive);
  const bool bodiless = request.method == Method::kHead || response.status == 204 ||
                        response.status == 304 || response.events;
  const std::string_view body = bodiless ? std::string_view() : response.content();
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(body)};
  // A slow reader gets time in proportion: 64 KB a second are enough for anybody.
  stream_.expires_after(limits_.write_time + std::chrono::seconds(body.size() >> 16));
  error_code ec;
  co_await asio::async_write(stream_, buffers, no_throw(ec));
  co_return !ec;
}

awaitable<bool> Session::refuse(const Response& response, const Gate* gate) {
  const std::size_t route = gate == nullptr ? app_.metrics.unknown_route() : gate->number;
  app_.metrics.answered(route, response.status, 0);
  const Request unread;  // named: GCC 12 destroys such a temporary of a co_await twice
  if (co_await write(unread, response, false)) co_await linger();
  co_return false;
}

awaitable<void> Session::linger() {
  error_code ec;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  stream_.expires_after(kLingerTime);
  buffer_.clear();
  for (std::size_t total = 0; total < kMaxLinger && !ec;) {
    total += co_await stream_.async_read_some(buffer_.prepare(kBodyRead), no_throw(ec));
  }
}

awaitable<void> Session::stream_events(Subscription& subscription) {
  const Counting<std::int64_t> listening(app_.metrics.listeners);
  const auto timer = std::make_shared<asio::steady_timer>(stream_.get_executor());
  wake_ = timer;
  const auto executor = stream_.get_executor();
  const auto wake = [executor, weak = std::weak_ptr(timer)] {
    asio::post(executor, [weak] {
      if (const auto kept = weak.lock()) kept->cancel();
    });
  };
  // A client that closes, or sends where it has nothing to say, is gone.
  const auto gone = std::make_shared<bool>(false);
  stream_.expires_never();
  stream_.socket().async_wait(asio::ip::tcp::socket::wait_read, [gone, wake](const error_code&) {
    *gone = true;
    wake();
  });
  subscription.on_event(wake);
  std::string text = "retry: 3000\n\n";
  error_code ec;
  while (!ec && !*gone && !draining_) {
    if (!text.empty()) {
      stream_.expires_after(limits_.write_time);
      co_await asio::async_write(stream_, asio::buffer(text), no_throw(ec));
      stream_.expires_never();
    } else {
      timer->expires_after(kHeartbeat);
      error_code woken;
      co_await timer->async_wait(no_throw(woken));
      if (!woken) text = ": still here\n\n";
      if (!woken) continue;
    }
    text = subscription.pop().value_or("");
    if (text.empty() && subscription.is_over()) break;
  }
  subscription.on_event(nullptr);
  stream_.cancel();
}

void Sessions::add(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(mutex_);
  sessions_.emplace(session.get(), session);
}

void Sessions::remove(const Session* session) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(session);
}

std::size_t Sessions::count() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

void Sessions::drain() {
  const std::lock_guard lock(mutex_);
  for (const auto& [address, weak] : sessions_) {
    if (const auto session = weak.lock()) session->drain();
  }
}

void serve_connection(App& app, Sessions& sessions, asio::ip::tcp::socket socket) {
  const auto executor = socket.get_executor();
  auto session = std::make_shared<Session>(app, sessions, std::move(socket));
  asio::co_spawn(
      executor, [session] { return session->run(); }, asio::detached);
}

}  // namespace longhand::server
