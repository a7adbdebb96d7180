#include "server/proxies.h"

#include <algorithm>
#include <charconv>

namespace longhand::server {
namespace {

namespace ip = boost::asio::ip;

// ::ffff:10.0.0.1, as a socket for both kinds shows it, is 10.0.0.1.
ip::address plain(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

std::optional<ip::address> parse_address(std::string_view text) {
  // The longest is an IPv6 address with an IPv4 one in it, 45 characters.
  if (text.size() > 45 || text.find('%') != std::string_view::npos) return std::nullopt;
  boost::system::error_code ec;
  const auto address = ip::make_address(std::string(text), ec);
  if (ec) return std::nullopt;
  return plain(address);
}

// A hop as proxies write it: an address, in brackets if it likes, with a port if it likes.
std::optional<ip::address> parse_hop(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    return parse_address(text.substr(1, end - 1));
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
    text = text.substr(0, colon);
  }
  return parse_address(text);
}

template <typename Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  for (std::size_t i = 0; i < a.size() && bits > 0; ++i) {
    const unsigned here = std::min(bits, 8U);
    if (((a[i] ^ b[i]) & (0xff << (8 - here)) & 0xff) != 0) return false;
    bits -= here;
  }
  return true;
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network network;
  network.address_ = *address;
  const unsigned whole = address->is_v4() ? 32 : 128;
  network.prefix_ = whole;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), network.prefix_);
    if (error != std::errc() || end != digits.data() + digits.size() || network.prefix_ > whole) {
      return std::nullopt;
    }
  }
  return network;
}

bool Network::contains(const ip::address& address) const {
  const ip::address asked = plain(address);
  if (asked.is_v4() != address_.is_v4()) return false;
  return asked.is_v4()
             ? same_prefix(asked.to_v4().to_bytes(), address_.to_v4().to_bytes(), prefix_)
             : same_prefix(asked.to_v6().to_bytes(), address_.to_v6().to_bytes(), prefix_);
}

bool Proxies::trusts(const ip::address& address) const {
  return std::any_of(trusted_.begin(), trusted_.end(),
                     [&](const Network& network) { return network.contains(address); });
}

void Proxies::resolve(Request& request, const ip::address& peer) const {
  request.client = plain(peer);
  request.by_proxy = anybody_ || trusts(peer);
  if (!trusts(peer)) return;
  // The last header's last hop is the nearest.
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (header->first != "x-forwarded-for") continue;
    std::string_view hops = header->second;
    for (bool more = true; more;) {
      const std::size_t comma = hops.rfind(',');
      more = comma != std::string_view::npos;
      const auto hop = parse_hop(more ? hops.substr(comma + 1) : hops);
      if (!hop) return;
      request.client = *hop;
      if (!trusts(*hop)) return;
      hops = hops.substr(0, more ? comma : 0);
    }
  }
}

std::string client_key(const ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return ip::address_v6(bytes).to_string();
}

}  // namespace longhand::server
