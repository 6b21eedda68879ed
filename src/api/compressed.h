// Compresses what a GET answers, for clients that take gzip.
//
// Not what is shorter than a packet, not streams (each event must leave at once), not what is no
// text. The ETag of a compressed answer ends in "-gz": it is another representation (RFC 9110
// 8.8.3.3); sent back, it stands for the same resource.
//
// BREACH: lengths tell a secret to who can put guesses beside it and have the victim's browser ask
// over and over. Here no GET but that of the session holds a secret (tokens and links are answers
// to a POST), and it is left as it is; nor do requests from within other sites' pages carry the
// session (SameSite). Any thread.
#pragma once

#include "net/http_server.h"

namespace fairlead::api {

inline constexpr std::size_t compressed_bytes_min = 1'400;

net::Route compressed(net::Route route);

}  // namespace fairlead::api
