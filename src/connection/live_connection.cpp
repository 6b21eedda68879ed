#include "connection/live_connection.h"

#include "connection/sealing.h"

namespace fairlead::connection {
namespace {

// After a refresh that failed for a passing reason: callers in between get the token or the error
// we have.
constexpr Milliseconds quiet_after_failure{10'000};
constexpr int changes_max = 3;  // tries against other processes that change the row, too

// Only GitLab's "invalid_grant" (and what we know ourselves) ends a grant. A wrong Secret, a 403 of
// a firewall or a 404 of a proxy can be mended without a new sign-in.
bool ends_the_grant(Error const& error) {
  return error.kind == ErrorKind::denied &&
         (error.details.is_null() || error.details["oauthError"].as_string() == "invalid_grant");
}

}  // namespace

LiveConnection::LiveConnection(ConnectionParts parts, ConnectionOptions options, ConnectionId id)
    : parts_(parts), options_(options), id_(std::move(id)) {}

void LiveConnection::reload() {
  std::lock_guard lock(mutex_);
  row_.reset();
  access_token_ = Secret();
  quiet_until_ = Milliseconds(0);
}

Result<store::ConnectionRecord> LiveConnection::change(Edit const& edit) {
  std::lock_guard lock(mutex_);
  for (int i = 0; i < changes_max; ++i) {
    FAIRLEAD_CHECK(store_kept_pair());
    FAIRLEAD_TRY(auto row, parts_.store.get(id_));
    std::int64_t const before = row.generation;
    FAIRLEAD_CHECK(edit(row));
    row.updated_at = parts_.clock.now();
    auto stored = parts_.store.update(row, before);
    row_.reset();
    quiet_until_ = Milliseconds(0);
    if (stored.ok()) return row;
    if (stored.error().kind != ErrorKind::conflict) return std::move(stored).error();
  }
  return make_error(ErrorKind::conflict, "The connection is being changed elsewhere; try again.");
}

Result<void> LiveConnection::store_kept_pair() {
  if (!unstored_) return {};
  auto stored = parts_.store.update(unstored_->row, unstored_->former_generation);
  if (!stored.ok() && stored.error().kind != ErrorKind::conflict &&
      stored.error().kind != ErrorKind::not_found) {
    parts_.log.error("a new token pair cannot be stored; it is kept in memory and tried again",
                     {{"connection", unstored_->row.name}, {"error", describe(stored.error())}});
    return stored;
  }
  // Stored, or overtaken by a newer sign-in or a disconnect: the store has the truth.
  unstored_.reset();
  row_.reset();
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
         parts_.clock.now() + options_.refresh_ahead < *row_->token_expires_at;
}

Result<Token> LiveConnection::current() const {
  return Token{.bearer = access_token_, .generation = row_->generation};
}

Error LiveConnection::needs_sign_in() const {
  if (row_->last_error.is_object() && row_->status == "needs-sign-in")
    return error_from_json(row_->last_error);
  Error error =
      make_error(ErrorKind::denied, "Connection \"" + row_->name + "\" is not signed in.");
  error.title =
      row_->status == "pending" ? "Connection not finished" : std::string(refresh_failure_title);
  error.cause = row_->status == "pending" ? "Nobody has authorised it at GitLab yet." : "";
  error.remedy =
      "Sign in from Settings > App Store > GitLab, or run `fairlead connection reconnect " +
      row_->name + "`.";
  return error;
}

Result<Token> LiveConnection::token() {
  std::lock_guard lock(mutex_);
  FAIRLEAD_CHECK(load());
  if (fresh()) return current();
  if (row_->status == "pending" || row_->status == "needs-sign-in") return needs_sign_in();
  // A personal, project or group access token has nothing to refresh with: use it until GitLab says
  // no.
  if (row_->auth_kind == "token") return current();
  if (row_->sealed_refresh_token.empty()) {
    if (row_->status == "active" && still_valid()) return current();
  }
  return refresh(Reason::ahead);
}

bool LiveConnection::still_valid() const {
  return !row_->token_expires_at || parts_.clock.now() < *row_->token_expires_at;
}

Result<Token> LiveConnection::renew(Token const& refused, Refusal why) {
  std::lock_guard lock(mutex_);
  FAIRLEAD_CHECK(load());
  if (row_->generation != refused.generation && row_->status == "active") return current();
  if (row_->status == "pending" || row_->status == "needs-sign-in") return needs_sign_in();
  if (why == Refusal::revoked || row_->auth_kind == "token" || row_->sealed_refresh_token.empty()) {
    Error error = make_error(ErrorKind::denied,
                             "GitLab refused the token of connection \"" + row_->name + "\".");
    error.title = refresh_failure_title;
    error.cause = why == Refusal::revoked ? "The token was revoked in GitLab."
                                          : "The token expired or is not known.";
    error.remedy = row_->auth_kind == "token"
                       ? "Make a new access token in GitLab and connect again with it."
                       : "Re-authenticate: `fairlead connection reconnect " + row_->name + "`.";
    error.status = 401;
    return refresh_failed(std::move(error), {.reason = Reason::refused});
  }
  return refresh(Reason::refused);
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
  if (parts_.clock.steady() < quiet_until_) return quiet_answer(reason);
  Attempt const attempt{.reason = reason,
                        .before = row_->status == "active" ? Before::certain : Before::uncertain};
  std::int64_t const before = row_->generation;
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
  row_->status = "refreshing";
  if (auto marked = store_row(before); !marked.ok()) {
    if (marked.error().kind != ErrorKind::conflict) return std::move(marked).error();
    FAIRLEAD_CHECK(load());  // another process was faster: its pair, if it is one
    if (fresh()) return current();
    return std::move(marked).error();
  }
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
  std::string former = row_->sealed_refresh_token;
  FAIRLEAD_CHECK(put_tokens(parts_.vault, *row_, tokens, parts_.clock.now()));
  // RFC 6749 section 6: an answer without a refresh token leaves the former one in force.
  if (tokens.refresh_token.empty()) row_->sealed_refresh_token = std::move(former);
  unstored_ = Unstored{.row = std::move(*row_), .former_generation = before};
  row_.reset();
  FAIRLEAD_CHECK(load());  // durable before anybody uses it
  if (row_->status != "active") return needs_sign_in();
  parts_.log.info("token refreshed",
                  {{"connection", row_->name}, {"generation", row_->generation}});
  return current();
}

Result<Token> LiveConnection::refresh_failed(Error error, Attempt attempt) {
  std::int64_t const before = row_->generation;
  bool const lost = ends_the_grant(error);
  if (lost) {
    // Another process may have rotated meanwhile: its pair is the truth.
    auto stored = parts_.store.get(id_);
    if (stored.ok() && stored->generation != before) {
      row_.reset();
      FAIRLEAD_CHECK(load());
      return current();
    }
    if (error.message.find(row_->name) == std::string::npos)
      error.message =
          "The token of connection \"" + row_->name + "\" could not be refreshed. " + error.message;
  }
  // Surely not decided by GitLab: the old pair stands. Sent without an answer, or with one that
  // cannot be used: it may have been rotated, and a later refusal for another reason proves
  // nothing.
  bool const undecided = error.kind == ErrorKind::uncertain || error.kind == ErrorKind::corrupt ||
                         attempt.before == Before::uncertain;
  row_->status = lost ? "needs-sign-in" : undecided ? "uncertain" : "active";
  row_->last_error = to_json(error);
  parts_.log.warning(
      "token refresh failed",
      {{"connection", row_->name}, {"status", row_->status}, {"error", describe(error)}});
  FAIRLEAD_CHECK(store_row(before));
  if (!lost) quiet_until_ = parts_.clock.steady() + quiet_after_failure;
  // Ahead of expiry a passing trouble harms nobody: the present token still works.
  if (attempt.reason == Reason::ahead && row_->status == "active" && still_valid())
    return current();
  return error;
}

}  // namespace fairlead::connection
