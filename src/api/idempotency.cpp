#include "api/idempotency.h"

#include <algorithm>

#include "api/problem.h"
#include "vault/digest.h"

namespace fairlead::api {
namespace {

constexpr int unprocessable = 422;

// Visible ASCII, as in the draft's examples, quoted or not.
Result<void> check_key(std::string_view key) {
  bool const good = !key.empty() && key.size() <= IdempotencyKeys::key_characters_max &&
                    std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f; });
  if (good) return {};
  return invalid_input("Idempotency-Key", "An Idempotency-Key has 1 to 200 visible characters.");
}

// Whose it is, for which address.
std::string name_of(Call const& call, std::string_view key) {
  std::string const path = call.request.target.substr(0, call.request.target.find('?'));
  return call.caller.user.text + "\n" + call.caller.name + "\n" + path + "\n" + std::string(key);
}

net::ServerResponse other_body() {
  Error error =
      make_error(ErrorKind::conflict, "This Idempotency-Key was used for another request already.");
  error.where = "Idempotency-Key";
  error.remedy = "Use a new key for a new request.";
  return problem(error, unprocessable);
}

Error under_way() {
  Error error =
      make_error(ErrorKind::conflict, "The request with this Idempotency-Key is still being done.");
  error.where = "Idempotency-Key";
  error.remedy = "Wait, then send it again to get its answer.";
  error.retry_after = Milliseconds(1'000);
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

bool is_kept(Result<net::ServerResponse> const& response) {
  return response.ok() && response->status >= 200 && response->status < 300 &&
         !response->on_stream && response->body.size() <= IdempotencyKeys::body_bytes_max;
}

EndpointHandler once(EndpointHandler post, IdempotencyKeys& keys) {
  return [post = std::move(post), &keys](Call const& call) -> Result<net::ServerResponse> {
    auto const header = call.request.headers.find("Idempotency-Key");
    if (!header) return post(call);
    FAIRLEAD_CHECK(check_key(*header));
    std::string const name = name_of(call, *header);
    // With the query: what is asked for there is another request.
    auto const begun =
        keys.begin(name, vault::sha256_hex(call.request.target + "\n" + call.request.body));
    if (begun.state == IdempotencyKeys::State::other_body) return other_body();
    if (begun.state == IdempotencyKeys::State::under_way) return under_way();
    if (begun.state == IdempotencyKeys::State::answered) {
      call.note.detail.set("replayed", true);
      return again(begun.answer);
    }
    auto response = post(call);
    if (is_kept(response))
      keys.done(name, {response->status, response->headers, response->body});
    else
      keys.forget(name);
    return response;
  };
}

}  // namespace

void IdempotencyKeys::make_room() {
  Milliseconds const now = clock_.steady();
  std::size_t looks = order_.size();
  while (looks-- > 0 && !order_.empty() &&
         (order_.front().first + kept_for <= now || order_.size() >= kept_max)) {
    auto const oldest = std::move(order_.front());
    order_.pop_front();
    auto const found = kept_.find(oldest.second);
    // A key that was forgotten and came again has a younger place of its own.
    if (found == kept_.end() || found->second.since != oldest.first) continue;
    // What is under way stays: without it the same request would be done twice.
    if (found->second.answer)
      kept_.erase(found);
    else
      order_.push_back(oldest);
  }
}

IdempotencyKeys::Begun IdempotencyKeys::begin(std::string const& key,
                                              std::string const& body_hash) {
  std::lock_guard const lock(mutex_);
  make_room();
  auto const [at, fresh] = kept_.try_emplace(key);
  if (fresh) {
    at->second.body_hash = body_hash;
    at->second.since = clock_.steady();
    order_.emplace_back(at->second.since, key);
    return {};
  }
  if (at->second.body_hash != body_hash) return {.state = State::other_body, .answer = {}};
  if (!at->second.answer) return {.state = State::under_way, .answer = {}};
  return {.state = State::answered, .answer = *at->second.answer};
}

void IdempotencyKeys::done(std::string const& key, Answer answer) {
  std::lock_guard const lock(mutex_);
  auto const found = kept_.find(key);
  if (found != kept_.end()) found->second.answer = std::move(answer);
}

void IdempotencyKeys::forget(std::string const& key) {
  std::lock_guard const lock(mutex_);
  kept_.erase(key);
}

std::vector<Endpoint> with_idempotency(std::vector<Endpoint> endpoints, IdempotencyKeys& keys) {
  for (auto& endpoint : endpoints)
    if (endpoint.method == net::Method::post && endpoint.role &&
        endpoint.path.starts_with("/api/v1/"))
      endpoint.handler = once(std::move(endpoint.handler), keys);
  return endpoints;
}

}  // namespace fairlead::api
