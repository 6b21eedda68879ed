// Around every route, outside of the guard: an id for the request, its figures, a line in the log.
//
// The id is the caller's own X-Request-Id if that is a plain word, else a new one; it goes back in
// the same header, into a problem's body and into the log, so that a report can be found there. The
// log tells who asked and the route's pattern, never the path: states and ids stand in that. Any
// thread.
#pragma once

#include "api/metrics.h"
#include "base/random.h"

namespace fairlead::api {

inline constexpr std::string_view request_id_header = "X-Request-Id";
inline constexpr std::size_t request_id_length_max = 128;

struct AnsweredParts {
  RequestMeter& meter;
  Clock const& clock;
  Random& random;
  Log& log;
};

// Streams count until their head is sent.
net::Route answered(net::Route route, AnsweredParts const& parts);
// The same for what no route takes: every method and path is counted as one.
net::Handler answered_elsewhere(net::Handler handler, AnsweredParts const& parts);

// The caller's id, or a new one.
std::string request_id(net::ServerRequest const& request, AnsweredParts const& parts);

}  // namespace fairlead::api
