// Front: from one HTTP request to its answer. Sub-path, faults, limits, authentication, parameters,
// routing, headers.
//
// The only place that knows net::ServerRequest. It takes World::mutex for the whole of a request's
// work (milliseconds at most: handlers never block), so requests see each other's effects in one
// order. Thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_server.h"
#include "sandbox/call.h"

namespace fairlead::sandbox {

// What the server may buffer of a streamed answer; only cut answers are streamed.
inline constexpr std::size_t stream_buffer_bytes_max = 64u << 10;

class Front {
 public:
  explicit Front(World& world);

  net::ServerResponse answer(net::ServerRequest const& request);

 private:
  struct Row {
    std::vector<std::string> parts;
    ApiRoute route;
  };
  struct Match {
    Row const* row{nullptr};
    std::string allow;  // methods of the path when only the method was wrong
  };
  using Table = std::map<std::size_t, std::vector<Row>>;  // by number of segments

  static void add(Table& table, ApiRoutes const& routes);
  static Match find(Table const& table, net::Method method,
                    std::vector<std::string> const& segments);
  Reply dispatch(net::ServerRequest const& request, std::string_view target);
  Result<Reply> run_api(Call& call);
  Result<Reply> run_page(Call& call);
  net::ServerResponse finish(net::ServerRequest const& request, Reply reply);

  World& world_;
  Table api_;    // below /api/v4
  Table pages_;  // below the root: OAuth, sign-in, control
};

}  // namespace fairlead::sandbox
