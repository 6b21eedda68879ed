#include "connection/openid_sign_in.h"

#include <algorithm>

#include "base/text.h"
#include "connection/id_token.h"
#include "connection/sealing.h"
#include "net/url.h"
#include "vault/digest.h"
#include "vault/resealing.h"

namespace fairlead::connection {
namespace {

constexpr std::string_view settings_key = "sign-in.openid";
constexpr std::string_view scopes = "openid profile email";
constexpr std::size_t answer_bytes_max = 256u << 10;
constexpr std::size_t nonce_bytes = 32;
constexpr std::size_t label_max = 60;
constexpr std::size_t path_max = 300;
constexpr vault::SealContext cookie_context{"cookies", "openid", "sign-in"};

Error sign_in_failed(ErrorKind kind, std::string message) {
  Error error = make_error(kind, std::move(message));
  error.title = "Sign-in failed";
  error.remedy = "Try again from the sign-in page of Fairlead.";
  return error;
}

Error no_way(std::string_view connection) {
  Error error = make_error(ErrorKind::not_found, connection.empty()
                                                     ? "There is no sign-in with GitLab here."
                                                     : "There is no sign-in with the GitLab of \"" +
                                                           std::string(connection) + "\".");
  error.remedy = "An org admin sets one up in Settings > Sign-in.";
  return error;
}

Json strings(std::vector<std::string> const& all) {
  Json array = Json::array();
  for (auto const& each : all)
    array.push_back(each);
  return array;
}

std::vector<std::string> strings_of(Json const& array) {
  std::vector<std::string> all;
  for (auto const& each : array.items())
    all.push_back(each.as_string());
  return all;
}

Result<void> check(OpenIdWay const& way) {
  if (trim(way.client_id).empty())
    return invalid_input("clientId", "The Application ID of GitLab is missing.");
  if (code_points(way.label) > label_max)
    return invalid_input("label",
                         "The label has at most " + std::to_string(label_max) + " characters.");
  if (way.allowed_groups.size() + way.allowed_domains.size() + way.roles.size() > openid_rules_max)
    return invalid_input("roles", "There are at most " + std::to_string(openid_rules_max) +
                                      " groups, domains and roles together.");
  for (auto const& group : way.allowed_groups)
    if (trim(group).empty() || group.size() > path_max)
      return invalid_input("allowedGroups", "A group is a full path like \"company/ops\".");
  for (auto const& rule : way.roles)
    if (trim(rule.group).empty() || rule.group.size() > path_max)
      return invalid_input("roles", "A group is a full path like \"company/ops\".");
  for (auto const& domain : way.allowed_domains)
    if (domain.find('.') == std::string::npos || domain.find('@') != std::string::npos)
      return invalid_input("allowedDomains", "A domain is written like \"example.com\".");
  if (way.roles.empty() && !way.default_role)
    return invalid_input("defaultRole", "Without roles by group a default role is needed.");
  return {};
}

Json to_settings(OpenIdWay const& way, ConnectionId const& connection) {
  Json roles = Json::array();
  for (auto const& rule : way.roles)
    roles.push_back(Json::object({{"group", rule.group}, {"role", access::to_string(rule.role)}}));
  return Json::object(
      {{"connection", connection.text},
       {"label", way.label},
       {"clientId", way.client_id},
       {"allowedGroups", strings(way.allowed_groups)},
       {"allowedDomains", strings(way.allowed_domains)},
       {"roles", std::move(roles)},
       {"defaultRole", way.default_role ? Json(access::to_string(*way.default_role)) : Json()}});
}

OpenIdWay from_settings(Json const& json, std::string const& connection) {
  OpenIdWay way;
  way.connection = connection;
  way.label = json["label"].as_string();
  way.client_id = json["clientId"].as_string();
  way.has_secret = !json["sealedSecret"].as_string().empty();
  way.allowed_groups = strings_of(json["allowedGroups"]);
  way.allowed_domains = strings_of(json["allowedDomains"]);
  for (auto const& rule : json["roles"].items())
    way.roles.push_back(
        {.group = rule["group"].as_string(),
         .role = access::role_from(rule["role"].as_string()).value_or(access::Role::viewer)});
  way.default_role = access::role_from(json["defaultRole"].as_string());
  return way;
}

std::string without_slash(std::string url) {
  while (url.ends_with('/'))
    url.pop_back();
  return url;
}

}  // namespace

// ---- settings ----

Result<Json> OpenIdSignIn::read_settings() {
  FAIRLEAD_TRY(auto const text, meta_.get(settings_key));
  if (!text) return Json::array();
  return Json::parse(*text);
}

Result<std::vector<OpenIdWay>> OpenIdSignIn::ways() {
  FAIRLEAD_TRY(Json const all, read_settings());
  std::vector<OpenIdWay> found;
  for (auto const& each : all.items()) {
    auto const record = parts_.store.get(ConnectionId(each["connection"].as_string()));
    if (record.ok()) found.push_back(from_settings(each, record->name));
  }
  std::ranges::sort(found, {}, &OpenIdWay::connection);
  return found;
}

Result<void> OpenIdSignIn::set(OpenIdWay const& way) {
  FAIRLEAD_CHECK(check(way));
  FAIRLEAD_TRY(auto const record, parts_.store.find(way.connection));
  Json wanted = to_settings(way, record.id);
  std::lock_guard const lock(mutex_);
  FAIRLEAD_TRY(Json const all, read_settings());
  Json next = Json::array();
  std::string sealed;
  for (auto const& each : all.items()) {
    if (each["connection"].as_string() == record.id.text)
      sealed = each["sealedSecret"].as_string();
    else
      next.push_back(each);
  }
  if (way.client_secret && way.client_secret->empty()) sealed.clear();
  if (way.client_secret && !way.client_secret->empty())
    sealed = base64_encode(
        parts_.vault.seal({"meta", record.id.text, settings_key}, *way.client_secret));
  wanted.set("sealedSecret", sealed);
  next.push_back(std::move(wanted));
  if (next.size() > openid_ways_max)
    return invalid_input(
        "connection", "There are at most " + std::to_string(openid_ways_max) + " ways to sign in.");
  return meta_.set(settings_key, next.dump());
}

Result<void> OpenIdSignIn::remove(std::string_view connection) {
  FAIRLEAD_TRY(auto const record, parts_.store.find(connection));
  std::lock_guard const lock(mutex_);
  FAIRLEAD_TRY(Json const all, read_settings());
  Json next = Json::array();
  for (auto const& each : all.items())
    if (each["connection"].as_string() != record.id.text) next.push_back(each);
  if (next.size() == all.size()) return no_way(connection);
  return meta_.set(settings_key, next.dump());
}

Result<int> OpenIdSignIn::reseal(int limit) {
  std::lock_guard const lock(mutex_);
  FAIRLEAD_TRY(Json const all, read_settings());
  Json next = Json::array();
  vault::Resealing batch(limit);
  for (Json each : all.items()) {
    auto const sealed = base64_decode(each["sealedSecret"].as_string()).value_or("");
    if (!sealed.empty() && !batch.is_full() && parts_.vault.is_outdated(sealed)) {
      std::string const connection = each["connection"].as_string();
      vault::SealContext const context{"meta", connection, settings_key};
      auto const secret = parts_.vault.open(context, sealed);
      if (secret.ok()) each.set("sealedSecret", base64_encode(parts_.vault.seal(context, *secret)));
      batch.note("the sign-in of " + connection,
                 secret.ok() ? Result<void>() : Result<void>(secret.error()));
    }
    next.push_back(std::move(each));
  }
  if (batch.resealed() > 0) FAIRLEAD_CHECK(meta_.set(settings_key, next.dump()));
  return batch.result();
}

// "": the only one.
Result<Json> OpenIdSignIn::way_of(std::string_view connection) {
  FAIRLEAD_TRY(Json const all, read_settings());
  if (connection.empty() && all.size() == 1) return all.at(0);
  for (auto const& each : all.items()) {
    auto const record = parts_.store.get(ConnectionId(each["connection"].as_string()));
    if (record.ok() && (record->name == connection || record->id.text == connection)) return each;
  }
  return no_way(connection);
}

// ---- one sign-in ----

struct OpenIdSignIn::Pending {
  std::string connection;  // id
  std::string state;
  std::string nonce;
  std::string verifier;
  std::string return_to;
  std::string link_to;
  Time expires_at{};
};

// One of the openid_at_once_max, given back when it dies.
struct OpenIdSignIn::Turn {
  explicit Turn(std::atomic<int>& under_way) : count(under_way), number(++under_way) {}
  Turn(Turn const&) = delete;
  Turn& operator=(Turn const&) = delete;
  ~Turn() { --count; }
  [[nodiscard]] Result<void> check() const {
    if (number <= openid_at_once_max) return {};
    return sign_in_failed(ErrorKind::unavailable, "Too many people sign in at this moment.");
  }

  std::atomic<int>& count;
  int number;
};

struct OpenIdSignIn::Server {
  store::ConnectionRecord record;
  OAuthClient client;
  OpenIdWay way;
  Json metadata;
};

Result<Secret> OpenIdSignIn::seal(Pending const& pending) {
  std::string text = Json::object({{"connection", pending.connection},
                                   {"state", pending.state},
                                   {"nonce", pending.nonce},
                                   {"verifier", pending.verifier},
                                   {"returnTo", pending.return_to},
                                   {"linkTo", pending.link_to},
                                   {"expiresAt", to_epoch_ms(pending.expires_at)}})
                         .dump();
  return Secret(base64url_encode(parts_.vault.seal(cookie_context, Secret(std::move(text)))));
}

Result<OpenIdSignIn::Pending> OpenIdSignIn::unseal(Secret const& cookie) {
  Error const unknown = sign_in_failed(
      ErrorKind::denied,
      "This sign-in was not begun in this browser, or more than 10 minutes have passed.");
  auto const sealed = base64_decode(cookie.reveal());
  if (!sealed || sealed->empty()) return unknown;
  auto const text = parts_.vault.open(cookie_context, *sealed);
  if (!text.ok()) return unknown;
  FAIRLEAD_TRY(Json const json, Json::parse(text->reveal()));
  Pending pending{.connection = json["connection"].as_string(),
                  .state = json["state"].as_string(),
                  .nonce = json["nonce"].as_string(),
                  .verifier = json["verifier"].as_string(),
                  .return_to = json["returnTo"].as_string(),
                  .link_to = json["linkTo"].as_string(),
                  .expires_at = from_epoch_ms(json["expiresAt"].as_integer())};
  if (pending.expires_at <= parts_.clock.now()) return unknown;
  return pending;
}

Result<Json> OpenIdSignIn::fetch(store::ConnectionRecord const& record, std::string const& url,
                                 Secret const& token) {
  net::HttpRequest request;
  request.url = url;
  request.headers.add("Accept", "application/json");
  FAIRLEAD_CHECK(add_reach(parts_.vault, record, request));
  request.limits.body_bytes_max = answer_bytes_max;
  if (!token.empty()) request.authorization = Secret("Bearer " + std::string(token.reveal()));
  FAIRLEAD_TRY(auto const response, parts_.transport.send(request));
  auto json = Json::parse(response.body);
  if (response.status == 200 && json.ok() && json->is_object()) return json;
  return sign_in_failed(
      response.status >= 500 ? ErrorKind::unavailable : ErrorKind::corrupt,
      url + " was answered with HTTP " + std::to_string(response.status) + " and " +
          (json.ok() ? "not what OpenID Connect promises." : "something that is not JSON."));
}

Result<OpenIdSignIn::Server> OpenIdSignIn::discover(Json const& way) {
  Server server;
  FAIRLEAD_TRY(server.record, parts_.store.get(ConnectionId(way["connection"].as_string())));
  server.way = from_settings(way, server.record.name);
  server.client = {
      .base_url = server.record.base_url, .client_id = server.way.client_id, .client_secret = {}};
  if (server.way.has_secret) {
    auto const sealed = base64_decode(way["sealedSecret"].as_string()).value_or("");
    FAIRLEAD_TRY(server.client.client_secret,
                 parts_.vault.open({"meta", server.record.id.text, settings_key}, sealed));
  }
  FAIRLEAD_TRY(
      server.metadata,
      fetch(server.record, server.record.base_url + "/.well-known/openid-configuration", Secret()));
  // Discovery 1.0 section 4.3: or anybody could vouch for this server's users.
  std::string const issuer = server.metadata["issuer"].as_string();
  if (without_slash(issuer) != server.record.base_url) {
    Error error = sign_in_failed(ErrorKind::corrupt, "The GitLab at " + server.record.base_url +
                                                         " says that it is " +
                                                         shorten(issuer, path_max) + ".");
    error.remedy = "Set the connection's URL to GitLab's external URL.";
    return error;
  }
  for (auto const* name :
       {"authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"}) {
    if (!net::parse_url(server.metadata[name].as_string()).ok())
      return sign_in_failed(ErrorKind::corrupt,
                            "The GitLab's OpenID configuration has no " + std::string(name) + ".");
  }
  return server;
}

Result<OpenIdSignIn::Start> OpenIdSignIn::begin(Wish const& wish) {
  Turn const turn(under_way_);
  FAIRLEAD_CHECK(turn.check());
  FAIRLEAD_TRY(Json const way, way_of(wish.connection));
  FAIRLEAD_TRY(auto const server, discover(way));
  Pkce const pkce = make_pkce(parts_.random);
  Pending const pending{.connection = server.record.id.text,
                        .state = random_token(parts_.random, nonce_bytes),
                        .nonce = random_token(parts_.random, nonce_bytes),
                        .verifier = std::string(pkce.verifier.reveal()),
                        .return_to = local_path(wish.return_to),
                        .link_to = wish.link_to.text,
                        .expires_at = parts_.clock.now() + openid_sign_in_life};
  std::string const endpoint = server.metadata["authorization_endpoint"].as_string();
  Start start;
  start.url = endpoint + (endpoint.find('?') == std::string::npos ? "?" : "&") +
              net::encode_query({{"client_id", server.client.client_id},
                                 {"redirect_uri", wish.redirect_uri},
                                 {"response_type", "code"},
                                 {"scope", std::string(scopes)},
                                 {"state", pending.state},
                                 {"nonce", pending.nonce},
                                 {"code_challenge", pkce.challenge},
                                 {"code_challenge_method", "S256"}});
  FAIRLEAD_TRY(start.for_cookie, seal(pending));
  return start;
}

// The id_token's claims, with the groups that only userinfo has in full.
Result<Json> OpenIdSignIn::claims_of(Server const& server, Pending const& pending,
                                     Callback const& callback) {
  net::HttpRequest request =
      exchange_request(server.client, {.code = callback.code,
                                       .verifier = Secret(pending.verifier),
                                       .redirect_uri = callback.redirect_uri});
  request.url = server.metadata["token_endpoint"].as_string();
  FAIRLEAD_CHECK(add_reach(parts_.vault, server.record, request));
  request.limits.body_bytes_max = answer_bytes_max;
  FAIRLEAD_TRY(auto const response, parts_.transport.send(request));
  auto tokens = read_token_response(response, Grant::code, server.record.base_url);
  if (!tokens.ok()) {
    tokens.error().title = "Sign-in failed";
    tokens.error().remedy =
        "Try again. If it stays so, an org admin checks the Application ID, the Secret and the "
        "redirect URI of the sign-in's application in GitLab.";
    return std::move(tokens).error();
  }
  FAIRLEAD_TRY(Json const answer, Json::parse(response.body));
  FAIRLEAD_TRY(Json const keys,
               fetch(server.record, server.metadata["jwks_uri"].as_string(), Secret()));
  Secret const id_token(answer["id_token"].as_string());
  FAIRLEAD_TRY(Json claims, verify_id_token({.token = id_token,
                                             .keys = keys,
                                             .issuer = server.metadata["issuer"].as_string(),
                                             .client_id = server.client.client_id,
                                             .nonce = pending.nonce,
                                             .now = parts_.clock.now()}));
  FAIRLEAD_TRY(
      Json const userinfo,
      fetch(server.record, server.metadata["userinfo_endpoint"].as_string(), tokens->access_token));
  if (userinfo["sub"].as_string() != claims["sub"].as_string())
    return sign_in_failed(ErrorKind::corrupt, "GitLab's userinfo is about somebody else.");
  for (auto const* name : {"groups", "email", "email_verified", "name", "preferred_username"})
    if (userinfo.contains(name)) claims.set(name, userinfo[name]);
  return claims;
}

Result<OpenIdPerson> OpenIdSignIn::complete(Callback const& callback) {
  Turn const turn(under_way_);
  FAIRLEAD_CHECK(turn.check());
  FAIRLEAD_TRY(auto const pending, unseal(callback.cookie));
  if (!same_secret(pending.state, callback.state))
    return sign_in_failed(ErrorKind::denied,
                          "GitLab's answer belongs to another sign-in than this browser's.");
  if (!callback.error.empty()) {
    Error error = authorize_error(callback.error, callback.error_description);
    error.title = "Sign-in failed";
    error.remedy = "Try again from the sign-in page of Fairlead.";
    return error;
  }
  FAIRLEAD_TRY(Json const way, way_of(pending.connection));
  FAIRLEAD_TRY(auto const server, discover(way));
  FAIRLEAD_TRY(Json const claims, claims_of(server, pending, callback));
  OpenIdPerson person;
  FAIRLEAD_TRY(person.role, role_of_claims(server.way, claims));
  person.issuer = server.metadata["issuer"].as_string();
  person.subject = claims["sub"].as_string();
  person.username = claims["preferred_username"].as_string();
  if (person.username.empty()) person.username = claims["nickname"].as_string();
  person.name = claims["name"].as_string();
  if (claims["email_verified"].as_bool()) person.email = claims["email"].as_string();
  person.return_to = pending.return_to;
  person.link_to = UserId(pending.link_to);
  return person;
}

}  // namespace fairlead::connection
