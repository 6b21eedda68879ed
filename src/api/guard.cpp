#include "api/guard.h"

#include <algorithm>
#include <array>
#include <exception>

#include "api/problem.h"
#include "base/text.h"
#include "net/url.h"

namespace fairlead::api {
namespace {

using access::Principal;
using Outcome = access::AuditLog::Act::Outcome;

constexpr int unauthorized = 401;
constexpr int forbidden = 403;
constexpr int too_many = 429;

std::string_view bearer_of(net::ServerRequest const& request) {
  std::string_view value = request.headers.get("authorization");
  constexpr std::string_view scheme = "bearer ";
  if (value.size() < scheme.size() || !equals_ignoring_case(value.substr(0, scheme.size()), scheme))
    return "";
  return trim(value.substr(scheme.size()));
}

bool changes_something(net::Method method) {
  return method != net::Method::get && method != net::Method::head &&
         method != net::Method::options;
}

// What changes nothing here, or has a durable record of its own already: every event is in the
// inbox with its sender.
bool is_audited(Endpoint const& endpoint) {
  constexpr std::array<std::string_view, 11> quiet{"/api/v1/events",
                                                   "/api/v1/workflows/validate",
                                                   "/api/v1/workflows/plan",
                                                   "/api/v1/workflows/check",
                                                   "/api/v1/workflows/dry-run",
                                                   "/api/v1/expressions/evaluate",
                                                   "/api/v1/templates/{id}/instantiate",
                                                   "/api/v1/actions/{id}/command",
                                                   "/api/v1/connections/probe",
                                                   "/webhooks/gitlab/{id}",
                                                   "/oauth/start/{state}"};
  return changes_something(endpoint.method) &&
         std::ranges::find(quiet, endpoint.path) == quiet.end();
}

Error role_too_low(Principal const& caller, access::Role needed) {
  Error error = make_error(ErrorKind::denied, "\"" + caller.name + "\" has the role " +
                                                  std::string(access::to_string(caller.role)) +
                                                  "; this needs " +
                                                  std::string(access::to_string(needed)) + ".");
  error.remedy = caller.kind == Principal::Kind::session
                     ? "Ask an org admin for that role."
                     : "Use a token with that role, or ask an org admin.";
  return error;
}

Error session_over() {
  Error error = make_error(ErrorKind::denied, "You are not signed in, or no longer.");
  error.title = "Not signed in";
  error.remedy = "Sign in again.";
  error.status = unauthorized;
  return error;
}

Error forged(std::string what) {
  Error error = make_error(ErrorKind::denied, std::move(what));
  error.title = "Refused for safety";
  error.remedy = "Reload the page of Fairlead and try again.";
  return error;
}

// A refusal, or nothing.
struct Refusal {
  Error error;
  int status{0};
};

std::optional<Refusal> csrf_refusal(net::ServerRequest const& request) {
  std::string const wanted =
      access::Sessions::csrf_token(request.cookie(std::string(session_cookie)));
  if (same_secret(wanted, request.headers.get(csrf_header))) return std::nullopt;
  return Refusal{forged("The request lacks the right " + std::string(csrf_header) +
                        " header, which proves that it comes from a page of Fairlead."),
                 forbidden};
}

// Who it is, or a refusal; `caller` is set as soon as it is known.
std::optional<Refusal> refusal(Endpoint const& endpoint, net::ServerRequest const& request,
                               Guard const& guard, Principal& caller) {
  bool const by_header = request.headers.contains("Authorization");
  bool const changes = changes_something(request.method);
  if (!by_header && changes && is_cross_site(request, guard.public_url))
    return Refusal{forged("The request comes from a page of another site."), forbidden};
  if (!endpoint.role) return std::nullopt;
  std::string const cookie = by_header ? "" : request.cookie(std::string(session_cookie));
  if (!cookie.empty()) {
    auto known = guard.sessions.check(cookie);
    if (!known.ok()) return Refusal{known.error(), http_status(known.error().kind)};
    if (!known->has_value()) return Refusal{session_over(), unauthorized};
    caller = std::move(**known);
    if (changes) {
      if (auto refused = csrf_refusal(request)) return refused;
    }
  } else {
    auto known = guard.tokens.check(bearer_of(request));
    if (!known.ok() && known.error().kind == ErrorKind::denied)
      return Refusal{known.error(), unauthorized};
    if (!known.ok()) return Refusal{known.error(), http_status(known.error().kind)};
    caller = std::move(known).value();
  }
  if (access::allows(caller.role, *endpoint.role)) return std::nullopt;
  return Refusal{role_too_low(caller, *endpoint.role), forbidden};
}

Outcome outcome_of(int status) {
  if (status < 400) return Outcome::ok;
  bool const refused = status == unauthorized || status == forbidden || status == too_many;
  return refused ? Outcome::refused : Outcome::failed;
}

std::string target_of(Endpoint const& endpoint, net::ServerRequest const& request) {
  std::vector<std::string> parts;
  for (auto const& segment : split(endpoint.path, '/')) {
    if (!segment.starts_with('{') || !segment.ends_with('}')) continue;
    auto const found = request.params.find(segment.substr(1, segment.size() - 2));
    if (found != request.params.end()) parts.push_back(found->second);
  }
  return join(parts, "/");
}

void write_audit(Endpoint const& endpoint, Call const& call, Guard const& guard, int status) {
  access::AuditLog::Act act;
  act.action =
      call.note.action.empty() ? action_of(endpoint.method, endpoint.path) : call.note.action;
  act.target = call.note.target.empty() ? target_of(endpoint, call.request) : call.note.target;
  act.outcome = outcome_of(status);
  act.from = address_of(call.request);
  act.detail = call.note.detail;
  if (status >= 400) act.detail.set("status", status);
  guard.audit.write(call.note.actor.value_or(call.caller), act);
}

// Whether the caller of this request is still who it was, with the same role. No visit; trouble
// with the store is a no: the reader comes back and is told.
std::function<bool()> still_allowed(Call const& call, Guard const& guard) {
  return [bearer = Secret(std::string(bearer_of(call.request))),
          cookie = Secret(call.request.cookie(std::string(session_cookie))),
          by_session = call.caller.kind == Principal::Kind::session, role = call.caller.role,
          &tokens = guard.tokens, &sessions = guard.sessions] {
    if (by_session) {
      auto const known = sessions.look(cookie.reveal());
      return known.ok() && known->has_value() && (*known)->role == role;
    }
    auto const known = tokens.check(bearer.reveal());
    return known.ok() && known->role == role;
  };
}

void watch_stream(net::ServerResponse& response, Call const& call, Guard const& guard) {
  response.on_stream = [open = std::move(response.on_stream), allowed = still_allowed(call, guard),
                        &streams = guard.streams](std::shared_ptr<net::StreamWriter> writer) {
    streams.add(writer, allowed);
    open(std::move(writer));
  };
}

// "ada", "ada (token ci)", or the name of a token that belongs to nobody. What a stranger typed as
// a name is not one: it may be a password in the wrong field.
std::string log_name(Call const& call, int status) {
  Principal const& who =
      status < 400 && call.note.actor.has_value() ? *call.note.actor : call.caller;
  if (who.token.empty() || who.token == who.name) return who.name;
  return who.name + " (token " + who.token + ")";
}

// 401: who are you; 403: you may not. Errors of the handler are never either of them.
net::ServerResponse answer(Endpoint const& endpoint, net::ServerRequest const& request,
                           Guard const& guard) {
  AuditNote note;
  Call call{.request = request, .caller = {}, .note = note};
  if (auto const refused = refusal(endpoint, request, guard, call.caller)) {
    // A stranger's question is not worth an entry; an attempt to change something is.
    bool const known = call.caller.kind != Principal::Kind::nobody;
    if (known || is_audited(endpoint)) write_audit(endpoint, call, guard, refused->status);
    auto response = problem(refused->error, refused->status);
    response.asked_by = log_name(call, response.status);
    return response;
  }
  auto result = endpoint.handler(call);
  auto response = result.ok() ? std::move(result).value() : problem(result.error());
  if (is_audited(endpoint)) write_audit(endpoint, call, guard, response.status);
  response.asked_by = log_name(call, response.status);
  if (response.on_stream && endpoint.role) watch_stream(response, call, guard);
  return response;
}

}  // namespace

std::string address_of(net::ServerRequest const& request) {
  std::string address = request.peer.substr(0, request.peer.rfind(':'));
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  return address;
}

bool is_cross_site(net::ServerRequest const& request, std::string_view public_url) {
  std::string_view const site = request.headers.get("Sec-Fetch-Site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  std::string_view const origin = request.headers.get("Origin");
  if (origin.empty()) return false;
  auto const from = net::parse_url(origin);
  if (!from.ok()) return true;
  auto const ours = net::parse_url(public_url);
  if (ours.ok() && net::same_origin(*from, *ours)) return false;
  // Reached by another name than the public one: the browser fills in both itself.
  auto const asked =
      net::parse_url(from->scheme + "://" + std::string(request.headers.get("Host")));
  return !asked.ok() || !net::same_origin(*from, *asked);
}

std::string action_of(net::Method method, std::string_view pattern) {
  constexpr std::string_view base = "/api/v1/";
  if (pattern.starts_with(base)) pattern.remove_prefix(base.size());
  std::vector<std::string> words;
  bool ends_with_word = false;
  for (auto const& segment : split(pattern, '/')) {
    if (segment.empty()) continue;
    ends_with_word = !segment.starts_with('{');
    if (ends_with_word) words.push_back(segment);
  }
  switch (method) {
    case net::Method::delete_:
      words.emplace_back("remove");
      break;
    case net::Method::put:
      words.emplace_back("set");
      break;
    case net::Method::patch:
      words.emplace_back("change");
      break;
    case net::Method::post:
      if (words.size() < 2 || !ends_with_word) words.emplace_back("create");
      break;
    default:
      words.emplace_back("read");
  }
  return join(words, ".");
}

Result<Principal> known_caller(net::ServerRequest const& request, Guard const& guard) {
  if (request.headers.contains("Authorization")) {
    auto known = guard.tokens.check(bearer_of(request));
    if (!known.ok() && known.error().kind == ErrorKind::denied) return Principal{};
    return known;
  }
  FAIRLEAD_TRY(auto known, guard.sessions.check(request.cookie(std::string(session_cookie))));
  return known ? std::move(*known) : Principal{};
}

net::Route guarded(Endpoint endpoint, Guard const& guard) {
  net::Route route{.method = endpoint.method, .pattern = endpoint.path, .handler = {}};
  route.handler = [endpoint = std::move(endpoint), guard](net::ServerRequest const& request) {
    net::ServerResponse response = answer(endpoint, request, guard);
    if (!response.headers.contains("Cache-Control"))
      response.headers.add("Cache-Control", "no-store");
    response.headers.add("X-Content-Type-Options", "nosniff");
    return response;
  };
  return route;
}

}  // namespace fairlead::api
