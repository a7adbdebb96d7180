#include "server/early_end.h"

#include <boost/asio/post.hpp>
#include <csignal>
#include <utility>

namespace longhand::server {

EarlyEnd::EarlyEnd(std::stop_source stop) : signals_(context_, SIGTERM, SIGINT) {
  signals_.async_wait([stop = std::move(stop)](boost::system::error_code error, int) mutable {
    if (!error) stop.request_stop();
  });
  thread_ = std::thread([this] { context_.run(); });
}

EarlyEnd::~EarlyEnd() {
  boost::asio::post(context_, [this] { signals_.cancel(); });
  thread_.join();
}

}  // namespace longhand::server
