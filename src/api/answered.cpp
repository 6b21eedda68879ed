#include "api/answered.h"

#include <algorithm>

namespace fairlead::api {
namespace {

bool is_plain(char c) {
  constexpr std::string_view others = "-_.:+/=@";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

struct Told {
  std::string_view id;
  std::string_view route;
  net::Method method{net::Method::get};
  int status{0};
  Milliseconds took{0};
};

// What changes something or went wrong here is worth a line to everybody.
void tell(Log& log, Told const& told) {
  constexpr int server_fault = 500;
  bool const reads = told.method == net::Method::get || told.method == net::Method::head;
  LogLevel const level = reads && told.status < server_fault ? LogLevel::debug : LogLevel::info;
  log.write(level, "request",
            {{"requestId", std::string(told.id)},
             {"method", std::string(net::to_string(told.method))},
             {"route", std::string(told.route)},
             {"status", told.status},
             {"durationMs", told.took.count()}});
}

}  // namespace

std::string request_id(net::ServerRequest const& request, AnsweredParts const& parts) {
  std::string_view const given = request.headers.get(request_id_header);
  bool const usable = !given.empty() && given.size() <= request_id_length_max &&
                      std::all_of(given.begin(), given.end(), is_plain);
  return usable ? std::string(given) : uuid7(parts.random, parts.clock.now());
}

net::Route answered(net::Route route, AnsweredParts const& parts) {
  route.handler = [parts, inner = std::move(route.handler), method = route.method,
                   pattern = route.pattern](net::ServerRequest const& request) {
    Milliseconds const begun = parts.clock.steady();
    std::string const id = request_id(request, parts);
    net::ServerResponse response = inner(request);
    response.headers.set(std::string(request_id_header), id);
    Milliseconds const took = parts.clock.steady() - begun;
    parts.meter.count({.method = std::string(net::to_string(method)),
                       .route = pattern,
                       .status = response.status},
                      took);
    tell(parts.log,
         {.id = id, .route = pattern, .method = method, .status = response.status, .took = took});
    return response;
  };
  return route;
}

}  // namespace fairlead::api
