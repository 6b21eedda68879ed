// Fuzz target: URLs, references, percent-encoding and queries on any bytes. What parses must
// round-trip and stay in bounds.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "net/url.h"

using namespace fairlead;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const check = [](Result<net::Url> const& url) {
    if (!url.ok()) return;
    auto const written = url->to_string();
    auto const again = net::parse_url(written);
    FAIRLEAD_ASSERT(again.ok(), "a written URL parses");
    FAIRLEAD_ASSERT(again->to_string() == written, "writing is stable");
    FAIRLEAD_ASSERT(net::same_origin(*url, *again), "the origin stays");
    for (char const c : written)
      FAIRLEAD_ASSERT(c > 0x20 && c < 0x7f, "only printable ASCII goes into a request line");
  };
  check(net::parse_url(text));
  static auto const base = net::parse_url("https://gitlab.example.com:8443/sub/path?q=1").value();
  check(net::resolve_url(base, text));
  FAIRLEAD_ASSERT(net::percent_decode(net::percent_encode(text)) == text, "encoding comes back");
  auto const pairs = net::decode_query(text);
  FAIRLEAD_ASSERT(net::decode_query(net::encode_query(pairs)) == pairs, "queries come back");
  return 0;
}
