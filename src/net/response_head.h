// The head of an answer as bytes: status line and headers, with those that are the server's own
// business.
//
// Pure; any thread. Headers that would break the framing (Content-Length, Transfer-Encoding,
// Connection) or the message (line breaks) are not taken over from the handler.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "net/http_server.h"

namespace fairlead::net {

enum class Framing { length, chunked, until_close, none };

struct HeadOptions {
  Framing framing{Framing::length};
  bool keep_alive{true};
  bool http_1_0{false};
  std::string_view server_name;
  std::string_view date;  // as http_date()
};

std::string encode_head(ServerResponse const& response, HeadOptions const& options);

// 1xx, 204 and 304 never have a body.
bool may_have_body(int status);
// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7).
std::string http_date(Time now);
// "Not Found"; "Unknown" for what has no registered phrase.
std::string_view reason_phrase(int status);
// RFC 9457 problem, as the server answers by itself.
ServerResponse problem_response(int status, std::string_view detail);

}  // namespace fairlead::net
