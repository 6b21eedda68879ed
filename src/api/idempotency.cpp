#include "api/idempotency.h"

#include <algorithm>
#include <array>

#include "api/problem.h"
#include "base/text.h"
#include "vault/digest.h"
#include "vault/resealing.h"

namespace fairlead::api {
namespace {

constexpr int unprocessable = 422;
constexpr std::string_view base = "/api/v1/";
constexpr std::string_view at_gitlab = "GitLab";

// Below /api/v1.
constexpr std::array<std::string_view, 19> repeatable{"actions/{id}/command",
                                                      "connections/probe",
                                                      "connections/{name}/sign-in",
                                                      "connections/{name}/test",
                                                      "events",
                                                      "expressions/evaluate",
                                                      "history/prune",
                                                      "runs/{id}/cancel",
                                                      "runs/{id}/pause",
                                                      "templates/{id}/instantiate",
                                                      "users/{id}/password-link",
                                                      "webhooks",
                                                      "workflows",
                                                      "workflows/check",
                                                      "workflows/dry-run",
                                                      "workflows/plan",
                                                      "workflows/validate",
                                                      "workflows/{namespace}/{name}/disable",
                                                      "workflows/{namespace}/{name}/enable"};

// Where the effect is not below the path of the POST itself.
struct Look {
  std::string_view pattern;
  std::string_view where;
};
constexpr std::array<Look, 5> elsewhere{
    {{"actions/{id}/run", at_gitlab},
     {"workflows/test-step", at_gitlab},
     {"workflows/{namespace}/{name}/run", "GET /api/v1/runs"},
     {"runs/{id}/replay", "GET /api/v1/runs"},
     {"users/me/password", "whether you can sign in with the new password"}}};

std::string_view below_base(std::string_view pattern) {
  if (pattern.starts_with(base)) pattern.remove_prefix(base.size());
  return pattern;
}

// Visible ASCII, as in the draft's examples, quoted or not.
Result<void> check_key(std::string_view key) {
  bool const good = !key.empty() && key.size() <= IdempotencyKeys::key_characters_max &&
                    std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f; });
  if (good) return {};
  return invalid_input("Idempotency-Key", "An Idempotency-Key has 1 to 200 visible characters.");
}

// Whose it is, for which address. Another role is another caller: what an org admin's session was
// answered is not for the same person's token of a viewer.
std::string name_of(Call const& call, std::string_view key) {
  std::string const path = call.request.target.substr(0, call.request.target.find('?'));
  return vault::sha256_hex(call.caller.user.text + "\n" + call.caller.name + "\n" +
                           std::string(access::to_string(call.caller.role)) + "\n" +
                           std::string(net::to_string(call.request.method)) + " " + path + "\n" +
                           std::string(key));
}

net::ServerResponse other_body() {
  Error error =
      make_error(ErrorKind::conflict, "This Idempotency-Key was used for another request already.");
  error.where = "Idempotency-Key";
  error.remedy = "Use a new key for a new request.";
  return problem(error, unprocessable);
}

Error refused(std::string message, std::string remedy) {
  Error error = make_error(ErrorKind::conflict, std::move(message));
  error.where = "Idempotency-Key";
  error.remedy = std::move(remedy);
  return error;
}

Error under_way() {
  Error error = refused("The request with this Idempotency-Key is still being done.",
                        "Wait, then send it again to get its answer.");
  error.retry_after = Milliseconds(1'000);
  return error;
}

Error cut_off(std::string const& look) {
  Error error = refused("Whether the request with this Idempotency-Key took effect is not known.",
                        "Look there: " + look + ". If it did not, send it with a new key.");
  error.cause = "The server stopped while it was doing it.";
  return error;
}

Error not_kept(std::string const& look) {
  Error error = refused("The request with this Idempotency-Key was done.",
                        "See what it did there: " + look + ".");
  error.cause = "Its answer was too large to be kept, or cannot be opened any more.";
  return error;
}

net::ServerResponse again(IdempotencyKeys::Answer const& answer) {
  net::ServerResponse response;
  response.status = answer.status;
  response.headers = answer.headers;
  response.headers.set("Idempotent-Replayed", "true");
  response.body = answer.body;
  return response;
}

// A stream reads only.
bool took_effect(Result<net::ServerResponse> const& response) {
  return response.ok() && response->status >= 200 && response->status < 300 && !response->on_stream;
}

// A line of JSON, then the body as it is.
std::string text_of(IdempotencyKeys::Answer const& answer) {
  Json head = Json::object({{"status", answer.status}});
  if (answer.body.size() > IdempotencyKeys::body_bytes_max) return head.dump();
  Json headers = Json::array();
  for (auto const& [name, value] : answer.headers)
    headers.push_back(Json::array({name, value}));
  head.set("headers", std::move(headers));
  return head.dump() + "\n" + answer.body;
}

std::optional<IdempotencyKeys::Answer> answer_from(std::string_view text) {
  auto const end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  auto const head = Json::parse(text.substr(0, end));
  if (!head.ok()) return std::nullopt;
  IdempotencyKeys::Answer answer;
  answer.status = static_cast<int>((*head)["status"].as_integer());
  for (auto const& each : (*head)["headers"].items())
    answer.headers.add(each.at(0).as_string(), each.at(1).as_string());
  answer.body = text.substr(end + 1);
  return answer;
}

vault::SealContext context_of(std::string_view name) {
  return {.table = "answers", .row = name, .column = "answer"};
}

struct Once {
  EndpointHandler post;
  IdempotencyKeys& keys;
  IdempotencyKeys::Asked::CutOff cut_off;
  std::string look;
};

Result<net::ServerResponse> call_once(Once const& route, Call const& call) {
  auto const header = call.request.headers.find("Idempotency-Key");
  if (!header) return route.post(call);
  FAIRLEAD_CHECK(check_key(*header));
  std::string const name = name_of(call, *header);
  // With the query: what is asked for there is another request.
  FAIRLEAD_TRY(auto const begun,
               route.keys.begin(
                   {.name = name,
                    .body_hash = vault::sha256_hex(call.request.target + "\n" + call.request.body),
                    .cut_off = route.cut_off}));
  using State = IdempotencyKeys::State;
  switch (begun.state) {
    case State::fresh:
      break;
    case State::under_way:
      return under_way();
    case State::other_body:
      return other_body();
    case State::cut_off:
      return cut_off(route.look);
    case State::not_kept:
      return not_kept(route.look);
    case State::answered:
      call.note.detail.set("replayed", true);
      return again(begun.answer);
  }
  auto response = route.post(call);
  if (took_effect(response))
    route.keys.done(name, {response->status, response->headers, response->body});
  else
    route.keys.forget(name);
  return response;
}

}  // namespace

IdempotencyKeys::Begun IdempotencyKeys::known(store::AnswerRecord const& record,
                                              Asked const& asked) const {
  if (record.body_hash != asked.body_hash) return {.state = State::other_body, .answer = {}};
  if (record.sealed.empty()) {
    bool const again = asked.cut_off == Asked::CutOff::repeat;
    return {.state = again ? State::fresh : State::cut_off, .answer = {}};
  }
  auto const opened = parts_.vault.open(context_of(record.name), record.sealed);
  auto answer = opened.ok() ? answer_from(opened->reveal()) : std::nullopt;
  if (!answer) return {.state = State::not_kept, .answer = {}};
  return {.state = State::answered, .answer = std::move(*answer)};
}

Result<IdempotencyKeys::Begun> IdempotencyKeys::begin(Asked const& asked) {
  {
    std::lock_guard const lock(mutex_);
    auto const [at, fresh] = under_way_.try_emplace(asked.name, asked.body_hash);
    if (!fresh) {
      bool const same = at->second == asked.body_hash;
      return Begun{.state = same ? State::under_way : State::other_body, .answer = {}};
    }
  }
  Time const now = parts_.clock.now();
  auto found = parts_.store.begin(
      {.name = asked.name, .body_hash = asked.body_hash, .begun_at = now, .sealed = {}},
      {.begun_after = now - kept_for, .count_max = kept_max, .bytes_max = kept_bytes_max});
  Begun begun;
  if (found.ok() && *found) begun = known(**found, asked);
  if (!found.ok() || begun.state != State::fresh) leave(asked.name);
  if (!found.ok()) return std::move(found).error();
  return begun;
}

void IdempotencyKeys::done(std::string const& name, Answer const& answer) {
  auto const sealed = parts_.vault.seal(context_of(name), Secret(text_of(answer)));
  // It has happened and is answered; who asks again is told that it is not known.
  auto const kept = parts_.store.answer(name, sealed);
  if (!kept.ok()) tell("the answer to an Idempotency-Key could not be kept", kept.error());
  leave(name);
}

void IdempotencyKeys::forget(std::string const& name) {
  auto const gone = parts_.store.forget(name);
  if (!gone.ok()) tell("an Idempotency-Key could not be forgotten", gone.error());
  leave(name);
}

Result<int> IdempotencyKeys::reseal(int limit) {
  FAIRLEAD_TRY(auto const all, parts_.store.list());
  vault::Resealing batch(limit);
  for (auto const& each : all) {
    if (batch.is_full()) break;
    if (!parts_.vault.is_outdated(each.sealed)) continue;
    FAIRLEAD_TRY(auto const record, parts_.store.find(each.name));
    if (!record || !parts_.vault.is_outdated(record->sealed)) continue;
    batch.note("a kept answer", seal_anew(*record));
  }
  return batch.result();
}

Result<void> IdempotencyKeys::seal_anew(store::AnswerRecord const& record) {
  FAIRLEAD_TRY(auto const answer, parts_.vault.open(context_of(record.name), record.sealed));
  FAIRLEAD_CHECK(parts_.store.reseal(record.name, record.sealed,
                                     parts_.vault.seal(context_of(record.name), answer)));
  return {};
}

void IdempotencyKeys::leave(std::string const& name) {
  std::lock_guard const lock(mutex_);
  under_way_.erase(name);
}

void IdempotencyKeys::tell(char const* what, Error const& error) {
  parts_.log.warning(what, {{"error", describe(error)}});
}

bool is_repeatable(std::string_view pattern) {
  return std::ranges::find(repeatable, below_base(pattern)) != repeatable.end();
}

std::string where_to_look(Endpoint const& post, std::vector<Endpoint> const& all) {
  auto const known = std::ranges::find(elsewhere, below_base(post.path), &Look::pattern);
  if (known != elsewhere.end()) return std::string(known->where);
  // What is shown at the path itself, or at the nearest one above it.
  for (std::string path = post.path; path.size() > base.size(); path.resize(path.rfind('/'))) {
    auto const shows = [&](Endpoint const& each) {
      return each.method == net::Method::get && each.path == path;
    };
    if (std::ranges::any_of(all, shows)) return "GET " + path;
  }
  return "GET /api/v1/audit";
}

std::vector<Endpoint> with_idempotency(std::vector<Endpoint> endpoints, IdempotencyKeys& keys) {
  using CutOff = IdempotencyKeys::Asked::CutOff;
  for (auto& endpoint : endpoints) {
    if (endpoint.method != net::Method::post || !endpoint.role || !endpoint.path.starts_with(base))
      continue;
    Once const route{.post = std::move(endpoint.handler),
                     .keys = keys,
                     .cut_off = is_repeatable(endpoint.path) ? CutOff::repeat : CutOff::ask,
                     .look = where_to_look(endpoint, endpoints)};
    endpoint.handler = [route](Call const& call) { return call_once(route, call); };
  }
  return endpoints;
}

}  // namespace fairlead::api
