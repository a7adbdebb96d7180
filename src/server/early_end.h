#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <stop_token>
#include <thread>

namespace longhand::server {

// Hears SIGTERM and SIGINT in the server's place as long as that isn't there yet, so that what it
// waits for until then (a store, for one) ends. As the first process of a container it would hear
// neither.
class EarlyEnd {
 public:
  // At either signal a stop is requested of `stop`, from a thread of this object's own.
  explicit EarlyEnd(std::stop_source stop);
  // Hears no more. A signal for which nobody else waits by then has its usual effect again.
  ~EarlyEnd();
  EarlyEnd(const EarlyEnd&) = delete;
  EarlyEnd& operator=(const EarlyEnd&) = delete;

 private:
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
  std::thread thread_;
};

}  // namespace longhand::server
