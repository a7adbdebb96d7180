#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http.h"

namespace longhand::server {

// The addresses that share a prefix: 10.0.0.0/8, fd00::/8, or one address.
class Network {
 public:
  // nullopt for what is no network; bits beyond the prefix are ignored.
  static std::optional<Network> parse(std::string_view text);
  bool contains(const boost::asio::ip::address& address) const;

 private:
  boost::asio::ip::address address_;
  unsigned prefix_ = 0;
};

// Which of those who connect are proxies that are believed, and whom they speak for.
class Proxies {
 public:
  // With `anybody`, what whoever connects says of scheme and host is believed; of addresses, what
  // the proxies of `trusted` say.
  Proxies(std::vector<Network> trusted, bool anybody)
      : trusted_(std::move(trusted)), anybody_(anybody) {}

  // Sets request.client and request.by_proxy. The client is the last address on the request's way
  // (X-Forwarded-For, then `peer`) that is no trusted proxy's: what stands before it is hearsay. A
  // hop that is no address ends the way at the one after it.
  void resolve(Request& request, const boost::asio::ip::address& peer) const;

 private:
  bool trusts(const boost::asio::ip::address& address) const;

  const std::vector<Network> trusted_;
  const bool anybody_;
};

// What stands for a client's address where clients are counted: an IPv4 address, or the /64 that an
// IPv6 address is in, since who has one has all of it.
std::string client_key(const boost::asio::ip::address& address);

}  // namespace longhand::server
