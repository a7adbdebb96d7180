#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "server/app.h"

namespace longhand::server {

class Session;

// The connections that are open, so that a drain can reach those that wait. Thread-safe.
class Sessions {
 public:
  void add(const std::shared_ptr<Session>& session);
  void remove(const Session* session);
  std::size_t count() const;
  // Ends the connections between two requests, and the streams of events; the others end with
  // their answer, since app.draining says so.
  void drain();

 private:
  mutable std::mutex mutex_;
  std::unordered_map<const Session*, std::weak_ptr<Session>> sessions_;
};

// Serves one connection until it ends. The socket's executor must be a strand of its own.
void serve_connection(App& app, Sessions& sessions, boost::asio::ip::tcp::socket socket);

}  // namespace longhand::server
