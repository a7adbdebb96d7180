#include "server/proxies.h"

#include <gtest/gtest.h>

namespace longhand::server {
namespace {

using boost::asio::ip::make_address;

Proxies proxies(std::vector<std::string> texts) {
  std::vector<Network> networks;
  for (const std::string& text : texts) networks.push_back(Network::parse(text).value());
  return {std::move(networks), false};
}

// The client of a request that came from `peer` with these values of X-Forwarded-For.
std::string client(const Proxies& known, const std::string& peer, std::vector<std::string> values) {
  Request request;
  request.headers.emplace_back("host", "x");
  for (auto& value : values) request.headers.emplace_back("x-forwarded-for", std::move(value));
  known.resolve(request, make_address(peer));
  return request.client.to_string();
}

TEST(Network, ContainsWhatSharesItsPrefix) {
  const auto network = Network::parse("10.1.128.0/17").value();
  EXPECT_TRUE(network.contains(make_address("10.1.128.1")));
  EXPECT_TRUE(network.contains(make_address("::ffff:10.1.255.255")));
  EXPECT_FALSE(network.contains(make_address("10.1.127.255")));
  EXPECT_FALSE(network.contains(make_address("fd00::1")));
  EXPECT_TRUE(Network::parse("fd00::/8")->contains(make_address("fdff::1")));
  EXPECT_TRUE(Network::parse("0.0.0.0/0")->contains(make_address("9.9.9.9")));
  EXPECT_TRUE(Network::parse("192.0.2.7")->contains(make_address("192.0.2.7")));
  EXPECT_FALSE(Network::parse("192.0.2.7")->contains(make_address("192.0.2.6")));
}

TEST(Network, IsNotJustAnyText) {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0/8", "::/129", "a/8", "10.0.0.0/",
                           "10.0.0.0/-1", "10.0.0.0/8x", "fe80::1%eth0", "10.0.0.1:80"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

TEST(Proxies, BelieveOnlyTheTrusted) {
  const Proxies known = proxies({"10.0.0.0/8", "fd00::/8"});
  EXPECT_EQ(client(known, "192.0.2.1", {"198.51.100.9"}), "192.0.2.1");
  EXPECT_EQ(client(known, "10.0.0.1", {"198.51.100.9"}), "198.51.100.9");
  EXPECT_EQ(client(known, "10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(client(known, "::ffff:10.0.0.1", {"2001:db8::5"}), "2001:db8::5");
}

TEST(Proxies, TakeTheLastHopThatIsNoProxy) {
  const Proxies known = proxies({"10.0.0.0/8"});
  EXPECT_EQ(client(known, "10.0.0.1", {"1.1.1.1, 198.51.100.9,10.2.3.4"}), "198.51.100.9");
  EXPECT_EQ(client(known, "10.0.0.1", {"1.1.1.1", "198.51.100.9", "10.2.3.4"}), "198.51.100.9");
  EXPECT_EQ(client(known, "10.0.0.1", {"10.9.9.9, 10.2.3.4"}), "10.9.9.9");
  EXPECT_EQ(client(known, "10.0.0.1", {"198.51.100.9:4711"}), "198.51.100.9");
  EXPECT_EQ(client(known, "10.0.0.1", {"[2001:db8::5]:4711"}), "2001:db8::5");
}

TEST(Proxies, StopAtAHopThatIsNone) {
  const Proxies known = proxies({"10.0.0.0/8"});
  for (const std::string hop : {"unknown", "", "1.2.3", "999.1.1.1", "<script>", "1.1.1.1 2.2.2.2",
                                "[::1", "fe80::1%eth0", "[]"}) {
    EXPECT_EQ(client(known, "10.0.0.1", {"1.1.1.1," + hop + ",10.2.3.4"}), "10.2.3.4") << hop;
    EXPECT_EQ(client(known, "10.0.0.1", {hop}), "10.0.0.1") << hop;
  }
  EXPECT_EQ(client(known, "10.0.0.1", {std::string(60'000, ',')}), "10.0.0.1");
  EXPECT_EQ(client(known, "10.0.0.1", {std::string(60'000, '1')}), "10.0.0.1");
}

TEST(Proxies, CountIpv6ByNetwork) {
  EXPECT_EQ(client_key(make_address("192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(client_key(make_address("2001:db8:1:2:3:4:5:6")), "2001:db8:1:2::");
}

}  // namespace
}  // namespace longhand::server
