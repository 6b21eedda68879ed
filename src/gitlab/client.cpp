#include "gitlab/client.h"

#include <algorithm>

#include "base/text.h"
#include "gitlab/rate_limit.h"
#include "gitlab/request_check.h"
#include "gitlab/retry.h"
#include "net/url.h"

namespace fairlead::gitlab {
namespace {

constexpr std::string_view user_agent = "Fairlead/" FAIRLEAD_VERSION;
// Waits get up to a fifth longer, so that many callers do not come back at once.
constexpr std::int64_t jitter_divisor = 5;
// Between two looks at what other nodes noted.
constexpr Milliseconds notes_interval{10'000};

Error writes_refused(Call const& call, connection::Endpoint const& endpoint) {
  Error error;
  error.kind = ErrorKind::denied;
  error.message = call.text() + " was not sent: the connection " + endpoint.name + " is read-only.";
  error.cause = "It was made with the scope " +
                (endpoint.scopes.empty() ? "read_api" : endpoint.scopes) +
                ", which allows GET and HEAD only.";
  error.remedy = "Use another connection, or connect this one again with the scope api.";
  return error;
}

// A transport's failure, in terms of the call.
Error not_answered(Call const& call, Error error) {
  error.message =
      call.text() +
      (error.kind == ErrorKind::corrupt ? " got no usable answer: " : " got no answer: ") +
      error.message;
  // An answer that cannot be used says nothing of what GitLab did before it.
  bool const unusable = error.kind == ErrorKind::corrupt && !call.reads();
  if (unusable) error.kind = ErrorKind::uncertain;
  if (error.kind != ErrorKind::uncertain) return error;
  if (call.reads()) {
    error.kind = ErrorKind::unavailable;
    if (error.remedy.empty()) error.remedy = "Try again.";
  } else {
    error.remedy = "It may have taken effect: look before it is sent again.";
  }
  return error;
}

// The refresh of a token may be uncertain; our own call was surely not sent.
Error no_token(Error error) {
  if (error.kind == ErrorKind::uncertain) error.kind = ErrorKind::unavailable;
  return error;
}

Error throttled(Call const& call, Milliseconds left) {
  Error error;
  error.kind = ErrorKind::rate_limited;
  error.message =
      call.text() + " was not sent: this connection has to wait for GitLab's rate limit.";
  error.remedy = "Wait " + format_duration(left) + "; nothing was done.";
  error.retry_after = left;
  return error;
}

Error token_at_rest(Call const& call) {
  Error error;
  error.kind = ErrorKind::denied;
  error.message =
      call.text() +
      " was not sent: GitLab has refused this connection's token several times in a row.";
  error.cause = "GitLab blocks addresses that go on with a refused token.";
  error.remedy = "Connect again from Settings > App Store > GitLab.";
  return error;
}

Error interrupted(Call const& call) {
  return make_error(ErrorKind::cancelled, call.text() + " was given up: the server is stopping.");
}

std::string note_key(std::string const& connection) { return "gitlab-closed:" + connection; }

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 307 || status == 308;
}

// Files and logs may be of any type.
bool may_be_a_page(std::string_view path) {
  return path.find("/raw") != std::string_view::npos ||
         path.find("/artifacts") != std::string_view::npos;
}

bool is_json_type(std::string_view content_type) {
  auto const type = to_lower_ascii(content_type);
  return type.starts_with("application/json") || type.find("+json") != std::string::npos;
}

// Where a GET is sent on to: the same origin and API root only.
Result<std::string> redirect_target(Call const& call, std::string const& url,
                                    net::HttpResponse const& response, Error refusal) {
  FAIRLEAD_TRY(auto const from, net::parse_url(url));
  std::string location(trim(response.headers.get("Location")));
  if (location.starts_with('/') && !location.starts_with("//")) location = from.origin() + location;
  auto const parsed = net::parse_url(location);
  if (!parsed.ok()) return refusal;
  net::Url const& to = parsed.value();
  if (!net::same_origin(from, to)) {
    refusal.message =
        call.text() + " was redirected to another server, " + to.origin() + ", and not followed.";
    refusal.cause =
        from.host == to.host
            ? "The connection's URL has another scheme or port than GitLab itself uses."
            : "GitLab, or a proxy before it, has another address than the connection's.";
    if (from.scheme == "https" && to.scheme == "http")
      refusal.cause = "It would leave https: the token would travel unencrypted.";
    refusal.remedy = "If that is your GitLab, set the connection's URL to it.";
    return refusal;
  }
  auto const base = net::parse_url(call.base_url);
  std::string const root = (base.ok() ? base->path : "") + std::string(rest_root) + "/";
  if (!to.path.starts_with(root)) {
    refusal.message =
        call.text() + " was redirected to " + to.path + ", which is not below GitLab's API.";
    return refusal;
  }
  return to.to_string();
}

// What was wrong with the input says nothing of the connection; failed refreshes, which have a
// title, are counted where they happen.
bool tells_of_health(Error const& error) {
  bool const ours = error.kind == ErrorKind::invalid_input || error.kind == ErrorKind::not_found ||
                    error.kind == ErrorKind::conflict || error.kind == ErrorKind::cancelled;
  return !ours && error.title.empty();
}

Error never_arrives(Call const& call, Error refusal) {
  refusal.message = call.text() + " was redirected more than " + std::to_string(redirects_max) +
                    " times and never arrived.";
  refusal.cause = "GitLab, or a proxy before it, redirects in a circle.";
  refusal.remedy = "Open the connection's URL in a browser and correct the redirect at the server.";
  return refusal;
}

// GraphQL reads and writes with POST. A document without the word cannot change anything; one that
// has it only in a text is refused, too, which a read-only connection can live with.
// Source: https://spec.graphql.org/October2021/#sec-Language.Operations
bool graphql_may_write(Json const& body) {
  std::string const& query = body["query"].as_string();
  return query.empty() || query.find("mutation") != std::string::npos;
}

}  // namespace

Client::Client(Surroundings surroundings, std::shared_ptr<connection::TokenSource> source,
               connection::Endpoint const& endpoint)
    : surroundings_(surroundings),
      source_(std::move(source)),
      base_url_(endpoint.base_url),
      connection_id_(endpoint.id.text) {
  while (base_url_.ends_with('/'))
    base_url_.pop_back();
}

Result<action::Response> Client::send(action::Request const& request) {
  return send_for({}, request);
}

Result<action::Response> Client::send_for(action::Caller const& caller,
                                          action::Request const& request) {
  FAIRLEAD_CHECK(check_request(request));
  FAIRLEAD_TRY(auto const endpoint, source_->endpoint());
  Call const call{.method = request.method,
                  .path = request.path,
                  .base_url = base_url_,
                  .scopes = endpoint.scopes,
                  .caller = caller};
  bool const writes =
      request.path == action::graphql_path ? graphql_may_write(request.body) : !call.reads();
  if (writes && endpoint.writes == connection::Endpoint::Writes::refused)
    return writes_refused(call, endpoint);
  net::HttpRequest http = prepare(request, endpoint);
  auto answer = answered(call, http);
  if (!answer.ok() && tells_of_health(answer.error())) source_->call_failed();
  return answer;
}

Result<action::Response> Client::answered(Call const& call, net::HttpRequest& http) {
  FAIRLEAD_TRY(auto exchanged, exchange_following(call, http));
  return decode(call, std::move(exchanged));
}

net::HttpRequest Client::prepare(action::Request const& request,
                                 connection::Endpoint const& endpoint) const {
  net::HttpRequest http;
  http.method = request.method;
  http.url = base_url_ + api_path(request.path);
  if (!request.query.empty()) http.url += "?" + net::encode_query(request.query);
  http.headers = request.headers;
  if (!http.headers.contains("Accept")) http.headers.add("Accept", "application/json");
  http.headers.set("User-Agent", std::string(user_agent));
  if (!request.body.is_null()) {
    http.headers.set("Content-Type", "application/json");
    http.body = request.body.dump();
  }
  http.tls = endpoint.tls;
  http.proxy = endpoint.proxy;
  return http;
}

Result<connection::Token> Client::fresh_token() {
  auto token = source_->token();
  if (!token.ok()) return no_token(std::move(token).error());
  return token;
}

Result<connection::Token> Client::renew(Call const& call, connection::Token const& refused,
                                        net::HttpResponse const& answer) {
  pace_.refused(refused.generation, surroundings_.clock.steady());
  auto token = source_->renew(refused, refusal_of(answer));
  if (token.ok()) return token;
  Error error = no_token(std::move(token).error());
  Error const words = failure(call, answer);
  if (error.status == 0) error.status = answer.status;
  if (error.request_id.empty()) error.request_id = words.request_id;
  if (error.cause.empty()) error.cause = words.message;
  if (error.remedy.empty()) error.remedy = words.remedy;
  return error;
}

Result<void> Client::wait(Call const& call, Milliseconds duration, Milliseconds& waited) {
  auto const slack = static_cast<std::uint64_t>(duration.count() / jitter_divisor);
  auto const jitter = slack == 0 ? 0 : random_below(surroundings_.random, slack);
  duration += Milliseconds(static_cast<std::int64_t>(jitter));
  waited += duration;
  if (!surroundings_.pause.wait(duration)) return interrupted(call);
  return {};
}

// Others of this connection were throttled: wait a little with them, or give up at once.
Result<void> Client::wait_for_turn(Call const& call, Milliseconds& waited) {
  read_notes();
  for (;;) {
    auto left = pace_.held_for(surroundings_.clock.steady());
    if (!left) left = budget_.take(call.caller, surroundings_.clock.steady());
    if (!left) return {};
    if (waited + *left > waits_total_max) return throttled(call, *left);
    FAIRLEAD_CHECK(wait(call, *left, waited));
  }
}

void Client::learn(net::HttpResponse const& response) {
  // Whoever is told what is wrong with the request was signed in. 403 may be a ban instead.
  budget_.answered(response, surroundings_.clock.steady(), surroundings_.clock.now());
  bool const signed_in = response.status < 500 && response.status != 401 &&
                         response.status != 403 && response.status != 429;
  if (signed_in) pace_.accepted();
  if (!from_throttle(response)) return;
  close_for(wait_after_429(response, surroundings_.clock.now()));
}

void Client::close_for(Milliseconds wait) {
  pace_.hold(surroundings_.clock.steady(), wait);
  surroundings_.log.info("GitLab asked to wait",
                         {{"baseUrl", base_url_}, {"waitMs", wait.count()}});
  if (surroundings_.notes == nullptr) return;
  auto noted = surroundings_.notes->set(note_key(connection_id_),
                                        format_time(surroundings_.clock.now() + wait));
  if (!noted.ok())
    surroundings_.log.warning("that GitLab asked to wait was not noted",
                              {{"error", describe(noted.error())}});
}

// What another node was told, or this one before its restart; looked at now and then.
void Client::read_notes() {
  if (surroundings_.notes == nullptr) return;
  std::int64_t const now = surroundings_.clock.steady().count();
  std::int64_t last = notes_read_ms_.load();
  if (last >= 0 && now - last < notes_interval.count()) return;
  if (!notes_read_ms_.compare_exchange_strong(last, now)) return;
  auto const note = surroundings_.notes->get(note_key(connection_id_));
  if (!note.ok() || !note->has_value()) return;
  auto const until = parse_time(**note);
  if (!until) return;
  Milliseconds const left = *until - surroundings_.clock.now();
  if (left > Milliseconds(0))
    pace_.hold(surroundings_.clock.steady(), std::min(left, net::retry_after_max));
}

BudgetState Client::budget() const {
  BudgetState state = budget_.state(surroundings_.clock.steady());
  state.closed_for = pace_.held_for(surroundings_.clock.steady());
  return state;
}

Result<Client::Exchanged> Client::exchange(Call const& call, net::HttpRequest& http) {
  FAIRLEAD_TRY(auto token, fresh_token());
  if (pace_.resting(token.generation, surroundings_.clock.steady())) return token_at_rest(call);
  Milliseconds waited{0};
  bool renewed = false;
  bool maybe_done = false;
  for (int attempt = 1;; ++attempt) {
    FAIRLEAD_CHECK(wait_for_turn(call, waited));
    http.authorization = Secret("Bearer " + std::string(token.bearer.reveal()));
    auto answer = surroundings_.transport.send(http);
    if (answer.ok()) {
      learn(answer.value());
    } else {
      budget_.unanswered();
    }
    if (answer.ok() && answer->status == 401) {
      if (renewed)
        return pace_.refused(token.generation, surroundings_.clock.steady()),
               Exchanged{std::move(*answer)};
      FAIRLEAD_TRY(token, renew(call, token, answer.value()));
      renewed = true;
      continue;
    }
    auto const pause = wait_before_retry(call, answer, attempt, surroundings_.clock.now());
    if (!pause || waited + *pause > waits_total_max) {
      if (!answer.ok()) return not_answered(call, std::move(answer).error());
      bool const gone = maybe_done && call.method == net::Method::delete_ && answer->status == 404;
      return Exchanged{.response = std::move(*answer), .gone_after_retry = gone};
    }
    maybe_done = maybe_done || ambiguous(answer);
    FAIRLEAD_CHECK(wait(call, *pause, waited));
  }
}

// A project that was moved answers GET with a redirect to its numeric id.
Result<Client::Exchanged> Client::exchange_following(Call const& call, net::HttpRequest& http) {
  for (int hop = 0;; ++hop) {
    FAIRLEAD_TRY(auto exchanged, exchange(call, http));
    if (!call.reads() || !is_redirect(exchanged.response.status)) return exchanged;
    Error refusal = failure(call, exchanged.response);
    if (hop >= redirects_max) return never_arrives(call, std::move(refusal));
    FAIRLEAD_TRY(http.url, redirect_target(call, http.url, exchanged.response, std::move(refusal)));
  }
}

Error Client::failure(Call const& call, net::HttpResponse const& response) const {
  Error error = decode_error(call, response, surroundings_.clock.now());
  if (response.status == 403 && pace_.refusals() > 0) {
    error.cause =
        "GitLab may have blocked this server's address for a while, as it does after repeated "
        "refused sign-ins.";
    error.remedy = "Wait an hour, then connect again from Settings > App Store > GitLab.";
  }
  return error;
}

Result<action::Response> Client::decode(Call const& call, Exchanged exchanged) const {
  net::HttpResponse& http = exchanged.response;
  action::Response response{
      .status = http.status, .headers = std::move(http.headers), .body = {}, .text = {}};
  if (exchanged.gone_after_retry) {
    response.status = 204;
    return response;
  }
  http.headers = response.headers;
  bool const success = (http.status >= 200 && http.status < 300) || http.status == 304;
  if (!success) return failure(call, http);
  if (http.body.empty()) return response;
  bool const page = is_html(http) && !may_be_a_page(call.path);
  auto const type = http.headers.get("Content-Type");
  auto parsed =
      page || !(is_json_type(type) || type.empty()) ? Result<Json>(Json()) : Json::parse(http.body);
  if (page || (!parsed.ok() && is_json_type(type))) {
    Error error = not_the_api(call, http);
    if (!call.reads()) error.kind = ErrorKind::uncertain;
    return error;
  }
  if (parsed.ok() && !parsed->is_null()) {
    response.body = std::move(parsed).value();
  } else {
    response.text = std::move(http.body);
  }
  return response;
}

Result<action::ListSummary> Client::list(action::Request const& request,
                                         action::ListOptions const& options,
                                         action::ItemSink const& sink) {
  return list_for({}, request, options, sink);
}

Result<action::ListSummary> Client::list_for(action::Caller const& caller,
                                             action::Request const& request,
                                             action::ListOptions const& options,
                                             action::ItemSink const& sink) {
  Fetch const fetch = [&](action::Request const& page) { return send_for(caller, page); };
  return list_pages(fetch, request, options, sink, keyset_memory_);
}

Result<Json> Client::account() {
  FAIRLEAD_TRY(auto const endpoint, source_->endpoint());
  if (endpoint.account["id"].is_integer() && endpoint.account["username"].is_string())
    return endpoint.account;
  FAIRLEAD_TRY(auto const token, fresh_token());
  {
    std::scoped_lock const lock(account_mutex_);
    if (account_generation_ == token.generation) return account_;
  }
  FAIRLEAD_TRY(auto const response, send({.method = net::Method::get, .path = "/user"}));
  std::scoped_lock const lock(account_mutex_);
  account_ = Json::object();
  for (auto const* name : {"id", "username", "name", "web_url"})
    account_.set(name, response.body[name]);
  account_generation_ = token.generation;
  return account_;
}

}  // namespace fairlead::gitlab
