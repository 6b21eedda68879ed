#include "connection/live_connection.h"

#include <algorithm>

#include "connection/ask.h"
#include "connection/care.h"
#include "connection/process_mark.h"
#include "connection/sealing.h"

namespace fairlead::connection {
namespace {

// After a refresh that failed for a passing reason: callers in between get the token or the error
// we have. Twice as long each time it fails again, spread, and as long as GitLab asks for.
constexpr Milliseconds quiet_after_failure{10'000};
constexpr Milliseconds quiet_max{40'000};
constexpr Milliseconds quiet_asked_max{300'000};
constexpr int quiet_doublings_max = 2;
constexpr std::uint64_t spread_divisor = 5;
// A refresher that says nothing for longer is given up: its request ends after 30 s at the latest.
constexpr Milliseconds refresher_patience{45'000};
constexpr Milliseconds look_again_after{20};
constexpr int settle_rounds_max = 5;  // times another process may come first
constexpr int changes_max = 3;        // tries against other processes that change the row, too

// For whoever waits for the sign-in, by whatever name or alias it was asked for.
Error naming(Error error, std::string const& connection) {
  if (!error.details.is_object()) error.details = Json::object();
  error.details.set("connection", connection);
  return error;
}

// Only GitLab's "invalid_grant" (and what we know ourselves) ends a grant. A wrong Secret, a 403 of
// a firewall or a 404 of a proxy can be mended without a new sign-in.
bool ends_the_grant(Error const& error) {
  return error.kind == ErrorKind::denied &&
         (error.details.is_null() || error.details["oauthError"].as_string() == "invalid_grant");
}

// The refresh was sent, and what GitLab did is not known yet.
Error unanswered(Error error, std::string const& name) {
  error.message = "The token of connection \"" + name +
                  "\" was being refreshed, and GitLab's answer was lost. " + error.message;
  error.remedy =
      "Nothing yet: Fairlead finds out by itself whether the grant still holds. If it does not, "
      "the "
      "connection asks for a new sign-in.";
  return error;
}

}  // namespace

LiveConnection::LiveConnection(ConnectionParts parts, ConnectionOptions options, ConnectionId id)
    : parts_(parts), options_(options), id_(std::move(id)) {}

void LiveConnection::reload() {
  std::lock_guard lock(mutex_);
  row_.reset();
  access_token_ = Secret();
  quiet_until_ = Milliseconds(0);
  failures_ = 0;
}

Result<store::ConnectionRecord> LiveConnection::change(Edit const& edit) {
  std::lock_guard lock(mutex_);
  for (int i = 0; i < changes_max; ++i) {
    FAIRLEAD_CHECK(store_kept_pair());
    FAIRLEAD_TRY(auto row, parts_.store.get(id_));
    std::int64_t const before = row.generation;
    FAIRLEAD_CHECK(edit(row));
    // Each edit is a generation, so that none is lost to a refresh or an edit in another process.
    if (row.generation == before) note_edit(row);
    row.updated_at = parts_.clock.now();
    auto stored = parts_.store.update(row, before);
    row_.reset();
    quiet_until_ = Milliseconds(0);
    failures_ = 0;
    if (stored.ok()) return row;
    if (stored.error().kind != ErrorKind::conflict) return std::move(stored).error();
  }
  return make_error(ErrorKind::conflict, "The connection is being changed elsewhere; try again.");
}

Result<void> LiveConnection::store_kept_pair() {
  for (int i = 0; unstored_ && i < changes_max; ++i) {
    auto stored = parts_.store.update(unstored_->row, unstored_->former_generation);
    if (!stored.ok() && stored.error().kind == ErrorKind::conflict) {
      auto now = parts_.store.get(id_);
      if (now.ok() && pair_of(*now) == unstored_->former_pair) {
        FAIRLEAD_CHECK(put_over(*now));
        continue;
      }
      if (!now.ok() && now.error().kind != ErrorKind::not_found) return std::move(now).error();
    } else if (!stored.ok() && stored.error().kind != ErrorKind::not_found) {
      parts_.log.error("a new token pair cannot be stored; it is kept in memory and tried again",
                       {{"connection", unstored_->row.name}, {"error", describe(stored.error())}});
      return stored;
    }
    // Stored, or overtaken by a newer pair or a disconnect: the store has the truth.
    unstored_.reset();
    row_.reset();
  }
  if (!unstored_) return {};
  return make_error(ErrorKind::unavailable,
                    "The connection's row is being changed elsewhere; try again.");
}

// The row was changed while our request was under way, but it still holds the pair that we spent:
// ours is the valid one, and what was changed beside it stays.
Result<void> LiveConnection::put_over(store::ConnectionRecord const& stored) {
  store::ConnectionRecord row = stored;
  store::ConnectionRecord const& ours = unstored_->row;
  row.sealed_access_token = ours.sealed_access_token;
  row.sealed_refresh_token = ours.sealed_refresh_token;
  row.scopes = ours.scopes;
  row.token_expires_at = ours.token_expires_at;
  row.status = "active";
  row.last_error = Json();
  note_pair(row, ours.updated_at);
  unstored_->former_generation = stored.generation;
  unstored_->row = std::move(row);
  return {};
}

Result<void> LiveConnection::load() {
  FAIRLEAD_CHECK(store_kept_pair());
  if (row_) return {};
  FAIRLEAD_TRY(auto row, parts_.store.get(id_));
  FAIRLEAD_TRY(access_token_,
               open_column(parts_.vault, row.id.text, "access_token", row.sealed_access_token));
  row_ = std::move(row);
  return {};
}

Result<void> LiveConnection::read_anew() {
  FAIRLEAD_CHECK(store_kept_pair());
  row_.reset();
  return load();
}

// A mark is believed for as long as its refresh can take, counted from when it was first met here:
// also by callers who may not wait and come again later.
bool LiveConnection::refreshed_elsewhere() {
  std::string mark = refresher_of(*row_);
  if (row_->status != "refreshing" || !may_live(mark)) {
    seen_.reset();
    return false;
  }
  Milliseconds const now = parts_.clock.steady();
  // What others change in the row meanwhile does not make the mark a new one.
  bool const known = seen_ && seen_->mark == mark && seen_->pair == pair_of(*row_);
  if (!known) seen_ = Seen{.mark = std::move(mark), .pair = pair_of(*row_), .since = now};
  return now - seen_->since < refresher_patience;
}

// Another process refreshes: its pair comes into the store, and ours must not be sent meanwhile.
Result<void> LiveConnection::wait_for_refresher() {
  while (refreshed_elsewhere()) {
    if (parts_.pause == nullptr || !parts_.pause->wait(look_again_after)) {
      Error error =
          make_error(ErrorKind::unavailable, "The token of connection \"" + row_->name +
                                                 "\" is being refreshed by another process.");
      error.retry_after = std::chrono::seconds(1);
      return error;
    }
    FAIRLEAD_CHECK(read_anew());
  }
  return {};
}

Result<Endpoint> LiveConnection::endpoint() {
  std::lock_guard lock(mutex_);
  FAIRLEAD_CHECK(load());
  Endpoint endpoint;
  endpoint.id = row_->id;
  endpoint.name = row_->name;
  endpoint.base_url = row_->base_url;
  FAIRLEAD_TRY(endpoint.tls, tls_options(parts_.vault, *row_));
  endpoint.proxy = row_->settings["proxy"].as_string();
  endpoint.scopes = row_->scopes;
  endpoint.account = row_->account;
  bool can_write =
      (" " + row_->scopes + " ").find(" api ") != std::string::npos || row_->scopes.empty();
  can_write = can_write && !row_->settings["readOnly"].as_bool();
  endpoint.writes = can_write ? Endpoint::Writes::allowed : Endpoint::Writes::refused;
  return endpoint;
}

bool LiveConnection::fresh() const {
  if (row_->status != "active") return false;
  return !row_->token_expires_at ||
         parts_.clock.now() + refresh_ahead_of(*row_, options_.refresh_ahead) <
             *row_->token_expires_at;
}

Result<Token> LiveConnection::current() const {
  return Token{.bearer = access_token_, .generation = pair_of(*row_)};
}

Error LiveConnection::needs_sign_in() const {
  if (row_->last_error.is_object() && row_->status == "needs-sign-in")
    return naming(error_from_json(row_->last_error), row_->name);
  Error error =
      make_error(ErrorKind::denied, "Connection \"" + row_->name + "\" is not signed in.");
  error.title =
      row_->status == "pending" ? "Connection not finished" : std::string(refresh_failure_title);
  error.cause = row_->status == "pending" ? "Nobody has authorised it at GitLab yet." : "";
  error.remedy =
      "Sign in from Settings > App Store > GitLab, or run `fairlead connection reconnect " +
      row_->name + "`.";
  return naming(std::move(error), row_->name);
}

Result<Token> LiveConnection::token() {
  std::lock_guard lock(mutex_);
  FAIRLEAD_CHECK(load());
  if (fresh()) return current();
  return settle({});
}

bool LiveConnection::still_valid() const {
  return !row_->token_expires_at || parts_.clock.now() < *row_->token_expires_at;
}

Result<Token> LiveConnection::renew(Token const& refused, Refusal why) {
  std::lock_guard lock(mutex_);
  FAIRLEAD_CHECK(load());
  return settle({.reason = Reason::refused, .refused_pair = refused.generation, .why = why});
}

// The store is asked first, each time: another process may have refreshed, or a person signed in.
Result<Token> LiveConnection::settle(Need const& need) {
  for (int i = 0; i < settle_rounds_max; ++i) {
    FAIRLEAD_CHECK(read_anew());
    FAIRLEAD_CHECK(wait_for_refresher());
    if (auto answer = without_refresh(need)) return std::move(*answer);
    auto token = refresh(need.reason);
    if (token.ok() || token.error().kind != ErrorKind::conflict) return token;
  }
  return make_error(ErrorKind::unavailable,
                    "The token of this connection is being changed by "
                    "other processes all the time; try again.");
}

std::optional<Result<Token>> LiveConnection::without_refresh(Need const& need) {
  bool const refused = need.reason == Reason::refused && pair_of(*row_) == need.refused_pair;
  if (!refused && fresh()) return current();
  if (row_->status == "pending" || row_->status == "needs-sign-in")
    return Result<Token>(needs_sign_in());
  // A personal, project or group access token has nothing to refresh with: use it until GitLab says
  // no.
  bool const lasting = row_->auth_kind == "token" || row_->sealed_refresh_token.empty();
  if (refused && (need.why == Refusal::revoked || lasting)) return refused_for_good(need.why);
  if (row_->auth_kind == "token") return current();
  if (lasting && row_->status == "active" && still_valid()) return current();
  return std::nullopt;
}

Result<Token> LiveConnection::refused_for_good(Refusal why) {
  Error error = make_error(ErrorKind::denied,
                           "GitLab refused the token of connection \"" + row_->name + "\".");
  error.title = refresh_failure_title;
  error.cause = why == Refusal::revoked   ? "The token was revoked in GitLab."
                : why == Refusal::expired ? "The token has expired."
                                          : "GitLab does not know this token: it expired, was "
                                            "deleted, or is of another GitLab.";
  error.remedy = row_->auth_kind == "token"
                     ? "Make a new access token in GitLab and connect again with it."
                     : "Re-authenticate: `fairlead connection reconnect " + row_->name + "`.";
  error.status = 401;
  return refresh_failed(std::move(error), {.reason = Reason::refused});
}

Result<void> LiveConnection::store_row(std::int64_t expected_generation) {
  row_->updated_at = parts_.clock.now();
  auto stored = parts_.store.update(*row_, expected_generation);
  // Somebody else moved on (or the disk did not): what we hold is not the truth any more.
  if (!stored.ok()) row_.reset();
  return stored;
}

Result<Token> LiveConnection::quiet_answer(Reason reason) const {
  if (reason == Reason::ahead && row_->status == "active" && still_valid()) return current();
  Error error = error_from_json(row_->last_error);
  error.retry_after = quiet_until_ - parts_.clock.steady();
  return error;
}

Result<Token> LiveConnection::refresh(Reason reason) {
  if (parts_.clock.steady() < quiet_until_ && row_->last_error.is_object())
    return quiet_answer(reason);
  Attempt attempt{.reason = reason,
                  .before = row_->status == "active" ? Before::certain : Before::uncertain};
  if (attempt.before == Before::uncertain) {
    auto lives = pair_lives();
    if (!lives.ok()) return refresh_failed(std::move(lives).error(), attempt);
    if (*lives) {
      attempt.before = Before::certain;
      std::int64_t const before = row_->generation++;
      row_->status = "active";
      row_->last_error = Json();
      FAIRLEAD_CHECK(store_row(before));
      if (fresh()) return current();
    }
  }
  return ask_for_pair(attempt);
}

// Whether the stored pair is the one that GitLab knows, asked without spending anything. Only a yes
// proves something: an expired token is refused like a rotated one.
Result<bool> LiveConnection::pair_lives() {
  if (access_token_.empty() || !still_valid()) return false;
  FAIRLEAD_TRY(auto answer, ask(parts_, *row_, access_token_, "/oauth/token/info"));
  if (answer.status == 429 || answer.status >= 500)
    return make_error(ErrorKind::unavailable, "GitLab answered HTTP " +
                                                  std::to_string(answer.status) +
                                                  " when it was asked whether the token is alive.");
  return answer.status == 200 && body_of(answer).is_object();
}

Result<Token> LiveConnection::ask_for_pair(Attempt attempt) {
  FAIRLEAD_TRY(auto client, oauth_client(parts_.vault, *row_));
  FAIRLEAD_TRY(auto refresh_token,
               open_column(parts_.vault, id_.text, "refresh_token", row_->sealed_refresh_token));
  if (refresh_token.empty()) {
    Error error =
        make_error(ErrorKind::denied, "The token of connection \"" + row_->name + "\" expired.");
    error.title = refresh_failure_title;
    error.cause = "GitLab gave no refresh token when the connection was authorised.";
    error.remedy = "Re-authenticate: `fairlead connection reconnect " + row_->name + "`.";
    return refresh_failed(std::move(error), attempt);
  }
  auto request = refresh_request(client, refresh_token, row_->settings["redirectUri"].as_string());
  FAIRLEAD_CHECK(add_reach(parts_.vault, *row_, request));
  std::int64_t const before = row_->generation;
  note_refreshing(*row_, process_mark(), parts_.clock.now());
  FAIRLEAD_CHECK(store_row(before));  // conflict: another process was faster
  auto response = parts_.transport.send(request);
  wipe(request.body);
  if (!response.ok()) return refresh_failed(std::move(response).error(), attempt);
  auto tokens = read_token_response(*response, Grant::refresh, row_->base_url);
  wipe(response->body);
  if (!tokens.ok()) return refresh_failed(std::move(tokens).error(), attempt);
  return keep(std::move(tokens).value());
}

Result<Token> LiveConnection::keep(TokenSet tokens) {
  std::int64_t const before = row_->generation;
  std::int64_t const spent = pair_of(*row_);
  std::string former = row_->sealed_refresh_token;
  FAIRLEAD_CHECK(put_tokens(parts_.vault, *row_, tokens, parts_.clock.now()));
  // RFC 6749 section 6: an answer without a refresh token leaves the former one in force.
  if (tokens.refresh_token.empty()) row_->sealed_refresh_token = std::move(former);
  unstored_ = Unstored{.row = std::move(*row_), .former_generation = before, .former_pair = spent};
  row_.reset();
  failures_ = 0;
  FAIRLEAD_CHECK(load());  // durable before anybody uses it
  if (row_->status != "active") return needs_sign_in();
  parts_.log.info("token refreshed",
                  {{"connection", row_->name}, {"generation", row_->generation}});
  return current();
}

// Somebody may have edited the row while GitLab was asked: as long as the refresh in it is still
// ours, what became of it is told all the same.
Result<void> LiveConnection::store_failure(std::string const& status, Error const& error) {
  store::ConnectionRecord const ours = *row_;
  for (int i = 0; i < changes_max; ++i) {
    std::int64_t const before = row_->generation;
    note_failure(*row_, status, parts_.clock.now());
    row_->last_error = to_json(error);
    auto stored = store_row(before);
    if (stored.ok() || stored.error().kind != ErrorKind::conflict) return stored;
    FAIRLEAD_TRY(auto now, parts_.store.get(id_));
    if (!is_same_care(now, ours)) return stored;
    row_ = std::move(now);
  }
  return make_error(ErrorKind::conflict, "The connection is being changed elsewhere.");
}

void LiveConnection::keep_quiet(std::optional<Milliseconds> asked) {
  Milliseconds length =
      std::min(quiet_after_failure * (1 << std::min(failures_, quiet_doublings_max)), quiet_max);
  auto const spread = static_cast<std::uint64_t>(length.count()) / spread_divisor;
  if (failures_ > 0)
    length += Milliseconds(static_cast<std::int64_t>(random_below(parts_.random, spread)));
  ++failures_;
  if (asked) length = std::max(length, std::min(*asked, quiet_asked_max));
  quiet_until_ = parts_.clock.steady() + length;
}

Result<Token> LiveConnection::refresh_failed(Error error, Attempt attempt) {
  bool const lost = ends_the_grant(error);
  if (lost) {
    // Another process may have rotated meanwhile: its pair is the truth. What else was changed in
    // the row beside it does not matter.
    auto stored = parts_.store.get(id_);
    if (stored.ok() && !is_same_care(*stored, *row_))
      return make_error(ErrorKind::conflict, "The connection was changed by another process.");
    if (error.message.find(row_->name) == std::string::npos)
      error.message =
          "The token of connection \"" + row_->name + "\" could not be refreshed. " + error.message;
  }
  // Surely not decided by GitLab: the old pair stands. Sent without an answer, or with one that
  // cannot be used: it may have been rotated, and a later refusal for another reason proves
  // nothing.
  bool const undecided = error.kind == ErrorKind::uncertain || error.kind == ErrorKind::corrupt ||
                         attempt.before == Before::uncertain;
  if (error.kind == ErrorKind::uncertain) error = unanswered(std::move(error), row_->name);
  std::string const status = lost ? "needs-sign-in" : undecided ? "uncertain" : "active";
  parts_.log.warning("token refresh failed",
                     {{"connection", row_->name}, {"status", status}, {"error", describe(error)}});
  FAIRLEAD_CHECK(store_failure(status, error));
  if (!lost) keep_quiet(error.retry_after);
  // Ahead of expiry a passing trouble harms nobody: the present token still works.
  if (attempt.reason == Reason::ahead && row_->status == "active" && still_valid())
    return current();
  return lost ? naming(std::move(error), row_->name) : std::move(error);
}

}  // namespace fairlead::connection
