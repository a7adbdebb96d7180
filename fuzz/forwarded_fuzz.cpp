// X-Forwarded-For, a header a line, behind proxies whose networks stand in the first line; and the
// networks themselves, as --trusted-proxy takes them.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/proxies.h"

namespace {

using longhand::server::Network;
using longhand::server::Proxies;
using longhand::server::Request;
namespace ip = boost::asio::ip;

// Takes what stands before the first `end`, and that too.
std::string_view take(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

ip::address client_of(const Proxies& proxies, Request& request, const ip::address& peer) {
  proxies.resolve(request, peer);
  if (longhand::server::client_key(request.client).empty()) std::abort();
  return request.client;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<Network> networks;
  for (std::string_view line = take(text, '\n'); !line.empty() && networks.size() < 8;) {
    const auto network = Network::parse(take(line, ','));
    if (network) networks.push_back(*network);
  }
  Request request;
  while (!text.empty() && request.headers.size() < 8) {
    request.headers.emplace_back("x-forwarded-for", take(text, '\n'));
  }
  const auto peer = ip::make_address("10.0.0.1");
  // Nobody is believed: the client is who connects.
  if (client_of(Proxies({}, false), request, peer) != peer) std::abort();
  const Proxies proxies(networks, false);
  const auto client = client_of(proxies, request, peer);
  bool trusted = false;
  for (const Network& network : networks) trusted = trusted || network.contains(client);
  // What a client writes before its own address changes nothing.
  if (trusted || request.headers.empty()) return 0;
  request.headers.front().second.insert(0, "192.0.2.7, ");
  if (client_of(proxies, request, peer) != client) std::abort();
  return 0;
}
