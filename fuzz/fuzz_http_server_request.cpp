// Fuzz target: the server's request parser and router on any bytes, cut anywhere. However the bytes
// are cut, the verdict is the same, and nothing exceeds its limit. The first byte says how large
// the pieces are.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "net/request_parser.h"
#include "net/router.h"

using namespace fairlead::net;

namespace {

constexpr RequestParser::Limits limits{.header_bytes_max = 512, .body_bytes_max = 512};

struct Verdict {
  RequestParser::State state;
  std::string target;
  std::string body;
};

Verdict parse(std::string_view bytes, std::size_t piece) {
  using State = RequestParser::State;
  RequestParser parser(limits);
  std::string buffer;
  auto const finished = [&] {
    return parser.state() == State::done || parser.state() == State::failed;
  };
  while (!finished()) {
    auto const before = parser.state();
    auto const used = parser.feed(buffer);
    FAIRLEAD_ASSERT(used <= buffer.size(), "no more is taken than there was");
    buffer.erase(0, used);
    if (finished() || (!buffer.empty() && (used != 0 || parser.state() != before))) continue;
    if (bytes.empty()) break;
    buffer += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  FAIRLEAD_ASSERT(parser.request().body.size() <= limits.body_bytes_max,
                  "the body stays in its limit");
  if (parser.state() == State::failed)
    FAIRLEAD_ASSERT(parser.failure().status >= 400, "a failure has a status");
  return {parser.state(), parser.request().target, parser.request().body};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view const bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
  auto const whole = parse(bytes, bytes.size());
  auto const cut = parse(bytes, data[0] % 64 + 1u);
  if (whole.state == RequestParser::State::done && cut.state == RequestParser::State::done) {
    FAIRLEAD_ASSERT(whole.target == cut.target && whole.body == cut.body,
                    "cutting changes nothing");
  }
  static Router const router(
      {{Method::get, "/a/{x}", [](auto const&) { return text_response(200, ""); }},
       {Method::post, "/a/b/{path*}", [](auto const&) { return text_response(200, ""); }}});
  (void)router.find(Method::get, split_path(whole.target));
  return 0;
}
