#include "connection/connections.h"

#include "base/text.h"
#include "connection/care.h"
#include "connection/live_connection.h"
#include "connection/pending_sign_ins.h"
#include "connection/probe.h"
#include "connection/process_mark.h"
#include "connection/sealing.h"
#include "connection/settings.h"
#include "vault/digest.h"

namespace fairlead::connection {
namespace {

std::string hash_of(std::string_view text) { return vault::sha256_hex(text); }

Error unknown_sign_in() {
  Error error = make_error(ErrorKind::not_found,
                           "This sign-in is not known: it was used already, or 15 minutes passed.");
  error.title = "Sign-in expired";
  error.remedy =
      "Start connecting again from Settings > App Store > GitLab, or with `fairlead connect "
      "gitlab`.";
  return error;
}

// No secret of GitLab holds a space or a control character; one that does was pasted with more.
Result<void> check_secret(std::string_view field, std::string_view what, Secret const& secret) {
  auto const foreign = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7F;
  };
  if (std::ranges::none_of(secret.reveal(), foreign)) return {};
  Error error = invalid_input(std::string(field),
                              "The " + std::string(what) +
                                  " contains a space, a line break or another character that "
                                  "GitLab never uses in one.");
  error.remedy = "Copy it from GitLab once more, without what stands around it.";
  return error;
}

}  // namespace

Connections::Connections(ConnectionParts parts, ConnectionOptions options)
    : parts_(parts), options_(options) {}
Connections::~Connections() = default;

// Short enough to show, long enough to be the only one.
std::string Connections::public_id(store::SignInRecord const& row) {
  return row.state_hash.substr(0, 16);
}

Result<void> Connections::check_new(NewConnection const& wanted) const {
  FAIRLEAD_CHECK(check_name("name", wanted.name));
  FAIRLEAD_CHECK(check_base_url(wanted.base_url));
  FAIRLEAD_CHECK(check_scheme(wanted.base_url, options_.allowed_http));
  if (wanted.client_id.empty() && wanted.access_token.empty())
    return invalid_input("clientId", "Give an Application ID (OAuth) or an access token.");
  if (!wanted.client_id.empty() && !wanted.access_token.empty())
    return invalid_input("accessToken",
                         "Give either an Application ID (OAuth) or an access token, not both.");
  FAIRLEAD_CHECK(
      check_secret("clientSecret", "Secret of the OAuth application", wanted.client_secret));
  FAIRLEAD_CHECK(check_secret("accessToken", "access token", wanted.access_token));
  FAIRLEAD_CHECK(read_scopes(wanted.scopes));
  return check_reach(wanted.reach);
}

Result<store::ConnectionRecord> Connections::record_of(NewConnection const& wanted) const {
  store::ConnectionRecord record;
  Time const now = parts_.clock.now();
  record.id = ConnectionId(uuid7(parts_.random, now));
  record.name = wanted.name;
  record.base_url = instance_root(wanted.base_url);
  record.auth_kind = wanted.access_token.empty() ? "oauth" : "token";
  record.status = "pending";
  record.is_default = wanted.is_default == NewConnection::Default::yes;
  record.client_id = wanted.client_id;
  FAIRLEAD_TRY(record.scopes, read_scopes(wanted.scopes));
  record.settings = Json::object();
  FAIRLEAD_TRY(record.sealed_client_secret,
               seal_column(parts_.vault, record.id.text, "client_secret", wanted.client_secret));
  FAIRLEAD_CHECK(put_reach(parts_.vault, wanted.reach, record));
  record.created_at = record.updated_at = now;
  return record;
}

Result<void> Connections::make_room(store::ConnectionRecord& record) {
  FAIRLEAD_TRY(auto all, parts_.store.list());
  if (all.empty()) record.is_default = true;
  for (auto const& other : all) {
    for (auto const& alias : other.settings["aliases"].items()) {
      if (alias.as_string() != record.name) continue;
      return make_error(
          ErrorKind::conflict,
          "\"" + record.name + "\" is an alias of the connection \"" + other.name + "\".");
    }
    if (other.name != record.name) continue;
    bool const new_token = other.status == "needs-sign-in" && other.auth_kind == "token" &&
                           record.auth_kind == "token" && other.base_url == record.base_url;
    if (other.status != "pending" && !new_token) {
      Error error = make_error(ErrorKind::conflict,
                               "A connection named \"" + record.name + "\" exists already.");
      error.where = "name";
      error.remedy = "Choose another name, reconnect the existing one, or disconnect it first.";
      return error;
    }
    record.is_default = record.is_default || other.is_default;
    forget(other.id);
    return parts_.store.remove(other.id);
  }
  return {};
}

Result<store::ConnectionRecord> Connections::create(NewConnection const& wanted) {
  FAIRLEAD_CHECK(check_new(wanted));
  FAIRLEAD_TRY(auto record, record_of(wanted));
  if (record.auth_kind == "token") {
    FAIRLEAD_TRY(record.account, who_am_i(parts_, record, wanted.access_token));
    TokenSet tokens{
        .access_token = wanted.access_token, .refresh_token = {}, .scopes = {}, .expires_in = {}};
    auto facts = access_token_facts(parts_, record, wanted.access_token);
    FAIRLEAD_CHECK(put_tokens(parts_.vault, record, tokens, parts_.clock.now()));
    if (facts) {
      record.scopes = facts->scopes;
      record.token_expires_at = facts->expires_at;
    }
  }
  FAIRLEAD_CHECK(make_room(record));
  FAIRLEAD_CHECK(parts_.store.insert(record));
  parts_.log.info("connection created", {{"connection", record.name},
                                         {"baseUrl", record.base_url},
                                         {"auth", record.auth_kind},
                                         {"status", record.status}});
  return record;
}

Result<SignIn> Connections::begin_sign_in(std::string_view name, std::string const& redirect_uri,
                                          std::string_view scopes) {
  FAIRLEAD_TRY(auto record, parts_.store.find(name));
  if (record.auth_kind != "oauth")
    return invalid_input("name", "Connection \"" + record.name +
                                     "\" uses an access token; there is nothing to sign in.");
  SignIn sign_in;
  sign_in.state = random_token(parts_.random, 32);
  sign_in.expires_at = parts_.clock.now() + options_.sign_in_lifetime;
  store::SignInRecord row;
  row.state_hash = hash_of(sign_in.state);
  sign_in.id = public_id(row);
  row.connection = record.id;
  row.redirect_uri = redirect_uri;
  row.expires_at = sign_in.expires_at;
  Secret verifier(random_token(parts_.random, 32));
  FAIRLEAD_TRY(row.sealed_verifier,
               seal_column(parts_.vault, row.state_hash, "verifier", verifier));
  if (!scopes.empty()) {
    FAIRLEAD_TRY(auto wished, read_scopes(scopes));
    ScopeWish const wish{.id = sign_in.id, .scopes = wished, .until = sign_in.expires_at};
    FAIRLEAD_CHECK(live(record.id)->change([&](auto& now) -> Result<void> {
      put_wish(now, wish, parts_.clock.now());
      return {};
    }));
  }
  FAIRLEAD_CHECK(parts_.store.insert_sign_in(row));
  return sign_in;
}

Result<std::string> Connections::open_sign_in(std::string const& state, Secret const& browser) {
  auto row =
      parts_.store.bind_sign_in(hash_of(state), hash_of(browser.reveal()), parts_.clock.now());
  if (!row.ok())
    return row.error().kind == ErrorKind::not_found ? unknown_sign_in() : std::move(row).error();
  FAIRLEAD_TRY(auto record, parts_.store.get(row->connection));
  FAIRLEAD_TRY(auto verifier,
               open_column(parts_.vault, row->state_hash, "verifier", row->sealed_verifier));
  OAuthClient client{
      .base_url = record.base_url, .client_id = record.client_id, .client_secret = {}};
  return authorize_url(client, {.redirect_uri = row->redirect_uri,
                                .scopes = asked_scopes(record, public_id(*row)),
                                .state = state,
                                .challenge = pkce_challenge(verifier)});
}

Result<store::ConnectionRecord> Connections::complete_sign_in(Callback const& callback) {
  auto row = parts_.store.take_sign_in(hash_of(callback.state), parts_.clock.now());
  if (!row.ok())
    return row.error().kind == ErrorKind::not_found ? unknown_sign_in() : std::move(row).error();
  auto record = exchange(*row, callback);
  if (!record.ok()) note_failed_sign_in(*row, record.error());
  return record;
}

Result<store::ConnectionRecord> Connections::exchange(store::SignInRecord const& row,
                                                      Callback const& callback) {
  if (row.browser_hash.empty() ||
      !same_secret(row.browser_hash, hash_of(callback.browser.reveal()))) {
    Error error = make_error(
        ErrorKind::denied, "GitLab's answer came back in another browser than the one that asked.");
    error.title = "Sign-in refused";
    error.cause = "The link was opened elsewhere, or cookies are blocked for this server.";
    error.remedy = "Open the start link and GitLab's page in one browser, with cookies allowed.";
    return error;
  }
  if (!callback.error.empty()) return authorize_error(callback.error, callback.error_description);
  if (callback.code.empty()) return authorize_error("invalid_request", "the answer has no code");
  FAIRLEAD_TRY(auto record, parts_.store.get(row.connection));
  FAIRLEAD_TRY(auto client, oauth_client(parts_.vault, record));
  FAIRLEAD_TRY(auto verifier,
               open_column(parts_.vault, row.state_hash, "verifier", row.sealed_verifier));
  auto request = exchange_request(
      client, {.code = callback.code, .verifier = verifier, .redirect_uri = row.redirect_uri});
  FAIRLEAD_CHECK(add_reach(parts_.vault, record, request));
  auto response = parts_.transport.send(request);
  wipe(request.body);
  FAIRLEAD_TRY(auto answer, std::move(response));
  auto tokens = read_token_response(answer, Grant::code, record.base_url);
  wipe(answer.body);
  FAIRLEAD_TRY(auto pair, std::move(tokens));
  return adopt_tokens(row, record, pair);
}

Result<store::ConnectionRecord> Connections::adopt_tokens(store::SignInRecord const& row,
                                                          store::ConnectionRecord const& record,
                                                          TokenSet const& tokens) {
  auto account = who_am_i(parts_, record, tokens.access_token);
  store::ConnectionRecord former;
  FAIRLEAD_TRY(auto stored, live(record.id)->change([&](auto& now) -> Result<void> {
    former = now;
    std::string const id = public_id(row);
    std::string const asked = asked_scopes(now, id);
    now.scopes = asked;  // RFC 6749 5.1: an answer that does not say grants what was asked for
    FAIRLEAD_CHECK(put_tokens(parts_.vault, now, tokens, parts_.clock.now()));
    if (row.redirect_uri.empty())  // by device code
      now.settings.erase("redirectUri");
    else
      now.settings.set("redirectUri", row.redirect_uri);
    end_pending_device(now, id);
    note_signed_in(now, id, asked);
    // The pair is good whether or not the look-up worked: keep it, and say what failed.
    if (account.ok())
      now.account = *account;
    else
      now.last_error = to_json(account.error());
    return {};
  }));
  parts_.log.info("connection signed in", {{"connection", stored.name},
                                           {"user", stored.account["username"]},
                                           {"scopes", stored.scopes},
                                           {"missing", missing_scopes(stored)}});
  revoke_former(former, stored);
  return stored;
}

// A grant that nothing uses any more must not live on at GitLab, least of all a wider one.
void Connections::revoke_former(store::ConnectionRecord const& former,
                                store::ConnectionRecord const& now) {
  bool const dead = former.sealed_access_token.empty() || former.status == "needs-sign-in";
  if (dead || former.base_url != now.base_url) return;
  auto open = [&](store::ConnectionRecord const& record) {
    return open_column(parts_.vault, record.id.text, "access_token", record.sealed_access_token);
  };
  auto const was = open(former);
  auto const is = open(now);
  if (!was.ok() || !is.ok() || same_secret(was->reveal(), is->reveal())) return;
  std::string const note = revoke(former);
  if (!note.empty())
    parts_.log.warning("the grant before this sign-in was not revoked",
                       {{"connection", now.name}, {"reason", note}});
}

void Connections::put_failed_sign_in(store::ConnectionRecord& record,
                                     store::SignInRecord const& row, Error const& error) const {
  record.settings.set(
      "signIn",
      Json::object({{"id", public_id(row)}, {"outcome", "failed"}, {"error", to_json(error)}}));
  // What is wrong with a connection in use is another matter than this try to sign in.
  if (record.status == "pending") record.last_error = to_json(error);
}

void Connections::note_failed_sign_in(store::SignInRecord const& row, Error const& error) {
  auto noted = live(row.connection)->change([&](auto& now) -> Result<void> {
    put_failed_sign_in(now, row, error);
    return {};
  });
  parts_.log.warning(
      "sign-in failed",
      {{"connection", noted.ok() ? noted->name : row.connection.text}, {"error", describe(error)}});
}

Result<std::vector<store::ConnectionRecord>> Connections::list() { return parts_.store.list(); }

Result<store::ConnectionRecord> Connections::get(std::string_view name) {
  return parts_.store.find(name);
}

// What a person must do by hand, "" if nothing.
std::string Connections::revoke(store::ConnectionRecord const& record) {
  if (record.auth_kind != "oauth")
    return "Access tokens are not revoked from here: revoke it in GitLab, where it was made.";
  if (record.sealed_access_token.empty()) return "";
  auto ask = [&]() -> Result<int> {
    FAIRLEAD_TRY(auto client, oauth_client(parts_.vault, record));
    FAIRLEAD_TRY(auto token, open_column(parts_.vault, record.id.text, "access_token",
                                         record.sealed_access_token));
    auto request = revoke_request(client, token);
    FAIRLEAD_CHECK(add_reach(parts_.vault, record, request));
    auto response = parts_.transport.send(request);
    wipe(request.body);
    FAIRLEAD_TRY(auto answer, std::move(response));
    return answer.status;
  };
  auto status = ask();
  if (status.ok() && *status == 200) return "";
  std::string const what =
      status.ok() ? "GitLab refused to revoke the token (HTTP " + std::to_string(*status) + ")."
                  : "GitLab could not be told to revoke the token: " + status.error().message;
  return what + " Revoke it by hand under User settings > Applications in GitLab.";
}

Result<std::string> Connections::disconnect(std::string_view name, Revoke revoke_too) {
  FAIRLEAD_TRY(auto record, parts_.store.find(name));
  std::string const note = revoke_too == Revoke::yes ? revoke(record) : "";
  FAIRLEAD_CHECK(parts_.store.remove(record.id));
  forget(record.id);
  parts_.log.info("connection removed", {{"connection", record.name}, {"note", note}});
  return note;
}

std::int64_t Connections::calls_failed(ConnectionId const& id) { return live(id)->calls_failed(); }

std::shared_ptr<LiveConnection> Connections::live(ConnectionId const& id) {
  std::lock_guard lock(mutex_);
  auto& entry = live_[id];
  if (!entry) entry = std::make_shared<LiveConnection>(parts_, options_, id);
  return entry;
}

void Connections::forget(ConnectionId const& id) {
  std::lock_guard lock(mutex_);
  if (auto found = live_.find(id); found != live_.end()) {
    found->second->reload();
    live_.erase(found);
  }
}

Result<std::shared_ptr<TokenSource>> Connections::source(std::string_view name) {
  FAIRLEAD_TRY(auto record, parts_.store.find(name));
  return std::shared_ptr<TokenSource>(live(record.id));
}

Result<void> Connections::recover() {
  FAIRLEAD_TRY(auto all, parts_.store.list());
  for (auto& record : all) {
    if (record.status != "refreshing" || may_live(refresher_of(record))) continue;
    std::int64_t const before = record.generation;
    note_failure(record, "uncertain", parts_.clock.now());
    auto marked = parts_.store.update(record, before);
    if (!marked.ok() && marked.error().kind == ErrorKind::conflict)
      continue;  // cared for elsewhere
    FAIRLEAD_CHECK(std::move(marked));
    parts_.log.warning("a token refresh was cut off; it is checked at the next use",
                       {{"connection", record.name}});
  }
  return {};
}

}  // namespace fairlead::connection
