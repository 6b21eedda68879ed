// ETag and If-Match: nobody overwrites what somebody else changed meanwhile (RFC 9110 8.8.3, 13.1).
//
// Every JSON answer to a GET below /api/v1 has an ETag, the digest of its body, and If-None-Match
// gets 304. Where a path has a GET, a PUT, PATCH or DELETE with If-Match is done only if the
// resource still is that one, else 412; so is saving a draft, by the GET of its version. Where
// there is nothing to compare with, a tag is refused (412), not overlooked. While such a call is
// under way, others that would change the same resource get 409. Set around the routes by
// api.cpp. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "api/endpoint.h"

namespace fairlead::api {

// Who changes what at this moment. No lock is held while they do.
class EditTurns final {
 public:
  enum class Kind { sure, blind };  // with If-Match, without
  // False: not now. A sure one is alone; blind ones may be many.
  bool begin(std::string const& path, Kind kind);
  void end(std::string const& path, Kind kind);

 private:
  struct Count {
    int sure{0};
    int blind{0};
  };
  std::mutex mutex_;
  std::map<std::string, Count> busy_;  // as many as calls under way, so bounded by the workers
};

// Whether this one changes something that has an ETag: If-Match is understood.
bool compares_etags(Endpoint const& endpoint, std::vector<Endpoint> const& all);
// `turns` outlives the endpoints.
std::vector<Endpoint> with_etags(std::vector<Endpoint> endpoints, EditTurns& turns);

}  // namespace fairlead::api
