#include "api/answered.h"

#include <algorithm>

namespace fairlead::api {
namespace {

constexpr std::string_view anonymous = "anonymous";
constexpr std::string_view no_route = "other";

bool is_plain(char c) {
  constexpr std::string_view others = "-_.:+/=@";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

struct Told {
  std::string_view id;
  std::string_view caller;
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
             {"caller", std::string(told.caller)},
             {"method", std::string(net::to_string(told.method))},
             {"route", std::string(told.route)},
             {"status", told.status},
             {"durationMs", told.took.count()}});
}

// A problem says which request it answers. What cannot be read stays as it is.
void name_in_problem(net::ServerResponse& response, std::string const& id) {
  if (!response.headers.get("Content-Type").starts_with("application/problem+json")) return;
  auto body = Json::parse(response.body);
  if (!body.ok() || !body->is_object()) return;
  body->set("requestId", id);
  response.body = body->dump();
}

struct Counted {
  net::Method method{net::Method::get};
  std::string_view pattern;
  RequestMeter::Series& series;
};

net::ServerResponse answer(net::Handler const& inner, net::ServerRequest const& request,
                           Counted const& counted, AnsweredParts const& parts) {
  Milliseconds const begun = parts.clock.steady();
  std::string const id = request_id(request, parts);
  net::ServerResponse response = inner(request);
  response.headers.set(std::string(request_id_header), id);
  name_in_problem(response, id);
  Milliseconds const took = parts.clock.steady() - begun;
  counted.series.count(response.status, took);
  tell(parts.log, {.id = id,
                   .caller = response.asked_by.empty() ? anonymous : response.asked_by,
                   .route = counted.pattern,
                   .method = counted.method,
                   .status = response.status,
                   .took = took});
  return response;
}

}  // namespace

std::string request_id(net::ServerRequest const& request, AnsweredParts const& parts) {
  std::string_view const given = request.headers.get(request_id_header);
  bool const usable = !given.empty() && given.size() <= request_id_length_max &&
                      std::all_of(given.begin(), given.end(), is_plain);
  return usable ? std::string(given) : uuid7(parts.random, parts.clock.now());
}

net::Route answered(net::Route route, AnsweredParts const& parts) {
  auto& series = parts.meter.series(net::to_string(route.method), route.pattern);
  route.handler = [parts, method = route.method, pattern = route.pattern, &series,
                   inner = std::move(route.handler)](net::ServerRequest const& request) {
    return answer(inner, request, {.method = method, .pattern = pattern, .series = series}, parts);
  };
  return route;
}

net::Handler answered_elsewhere(net::Handler handler, AnsweredParts const& parts) {
  return [parts, inner = std::move(handler)](net::ServerRequest const& request) {
    auto& series = parts.meter.series(net::to_string(request.method), no_route);
    return answer(inner, request, {.method = request.method, .pattern = no_route, .series = series},
                  parts);
  };
}

}  // namespace fairlead::api
