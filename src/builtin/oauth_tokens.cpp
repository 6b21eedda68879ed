#include "builtin/oauth_tokens.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "builtin/call_errors.h"
#include "net/url.h"
#include "vault/digest.h"

namespace fairlead::builtin {
namespace {

constexpr std::string_view default_token_path = "/oauth2/token";
constexpr std::string_view discovery_path = "/.well-known/openid-configuration";
constexpr std::string_view exchange_grant = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr std::string_view assertion_type =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::size_t token_answer_bytes_max = 1u << 20;
constexpr Milliseconds token_timeout = std::chrono::seconds(30);
constexpr std::int64_t assertion_seconds = 60;
constexpr std::size_t shown_max = 200;

Error not_configured(std::string const& what, std::string const& remedy) {
  return configuration_error("authentication", what, remedy);
}

Error no_token(std::string const& endpoint, std::string const& why) {
  auto const url = net::parse_url(endpoint);
  auto error = make_error(ErrorKind::denied, "No token was given by " +
                                                 (url.ok() ? url->origin() + url->path : endpoint) +
                                                 ": " + why + ".");
  error.title = "Token refused";
  error.remedy = "Check client id, client secret, grant and scopes of the policy.";
  return typed(std::move(error), "authentication", 401);
}

std::string without_slash(std::string text) {
  while (text.ends_with('/'))
    text.pop_back();
  return text;
}

Result<std::string> authority_of(Json const& properties) {
  auto const& authority = properties["authority"];
  if (authority.is_string() && net::parse_url(authority.as_string()).ok())
    return without_slash(authority.as_string());
  return not_configured("The policy's 'authority' is no absolute http or https URL.",
                        "Write the address of the authorization server.");
}

std::string joined(Json const& list) {
  std::vector<std::string> words;
  for (auto const& item : list.items())
    words.push_back(item.as_string());
  return join(words, " ");
}

Result<void> add_required(Json& fields, std::string const& field, Json const& value,
                          std::string const& name) {
  if (!value.is_string() || value.as_string().empty())
    return not_configured("The policy's grant needs '" + name + "'.", "Write it into the policy.");
  fields.set(field, value);
  return {};
}

// What the grant asks for, beside the client's own fields.
Result<void> add_grant(Json& fields, Json const& properties, Secret const& refresh,
                       action::SecretMask& mask) {
  std::string const grant = properties["grant"].as_string();
  auto const& subject = properties["subject"]["token"];
  if (!refresh.empty()) {
    fields.set("grant_type", "refresh_token");
    fields.set("refresh_token", refresh.reveal());
  } else if (grant == "client_credentials") {
    fields.set("grant_type", grant);
  } else if (grant == "password") {
    fields.set("grant_type", grant);
    FAIRLEAD_CHECK(add_required(fields, "username", properties["username"], "username"));
    FAIRLEAD_CHECK(add_required(fields, "password", properties["password"], "password"));
    mask.add(properties["password"].as_string());
  } else if (grant == "refresh_token") {
    fields.set("grant_type", grant);
    FAIRLEAD_CHECK(add_required(fields, "refresh_token", subject, "subject.token"));
    mask.add(subject.as_string());
  } else if (grant == exchange_grant) {
    fields.set("grant_type", grant);
    FAIRLEAD_CHECK(add_required(fields, "subject_token", subject, "subject.token"));
    FAIRLEAD_CHECK(
        add_required(fields, "subject_token_type", properties["subject"]["type"], "subject.type"));
    mask.add(subject.as_string());
    if (properties["actor"]["token"].is_string()) {
      fields.set("actor_token", properties["actor"]["token"]);
      fields.set("actor_token_type", properties["actor"]["type"]);
      mask.add(properties["actor"]["token"].as_string());
    }
  } else {
    return not_configured("The grant '" + shorten(grant, 40) + "' is not possible here.",
                          "Use client_credentials, password, refresh_token or token-exchange: a "
                          "workflow cannot sign a person in.");
  }
  if (auto scopes = joined(properties["scopes"]); !scopes.empty()) fields.set("scope", scopes);
  if (properties["audiences"].size() > 0) fields.set("audience", properties["audiences"]);
  return {};
}

void set_body(net::HttpRequest& request, Json const& fields, Json const& properties) {
  if (properties["request"]["encoding"].as_string() == "application/json") {
    request.headers.set("Content-Type", "application/json");
    request.body = fields.dump();
    return;
  }
  net::QueryPairs pairs;
  for (auto const& [name, value] : fields.members()) {
    Json::Array const one{value};
    for (auto const& item : value.is_array() ? value.items() : one)
      pairs.emplace_back(name, item.as_string());
  }
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.body = net::encode_query(pairs);
}

// The `iss` of a token that is a JWT; nothing of any other.
std::optional<std::string> issuer_of(std::string_view token) {
  auto const parts = split(token, '.');
  if (parts.size() != 3) return std::nullopt;
  auto const text = base64_decode(parts[1]);
  if (!text) return std::nullopt;
  auto const claims = Json::parse(*text);
  if (!claims.ok() || !(*claims)["iss"].is_string()) return std::nullopt;
  return (*claims)["iss"].as_string();
}

Result<void> check_issuer(std::string const& endpoint, Json const& properties,
                          std::string_view token) {
  auto const& issuers = properties["issuers"].items();
  auto const issuer = issuer_of(token);
  if (issuers.empty() || !issuer) return {};
  for (auto const& each : issuers) {
    if (each.as_string() == *issuer) return {};
  }
  return no_token(endpoint, "its token was issued by '" + shorten(*issuer, 100) +
                                "', which 'issuers' does not list");
}

std::string said(Json const& answer) {
  std::string text = shorten(answer["error"].as_string(), shown_max);
  auto const& more = answer["error_description"];
  if (more.is_string()) text += " (" + shorten(more.as_string(), shown_max) + ")";
  return text;
}

}  // namespace

Result<net::HttpResponse> OAuthTokens::send(net::HttpRequest const& request) {
  auto answer = transport_.send(request);
  if (answer.ok()) return answer;
  auto error = std::move(answer).error();
  // Whatever became of the request for a token: the call itself was not sent.
  if (error.kind == ErrorKind::uncertain) error.kind = ErrorKind::unavailable;
  error.message = "No token could be fetched. " + error.message;
  return no_answer(std::move(error), Repeat::harmless);
}

Result<std::string> OAuthTokens::discover(std::string const& authority) {
  {
    std::lock_guard const lock(mutex_);
    auto const found = discovered_.find(authority);
    if (found != discovered_.end() && found->second.second > clock_.steady())
      return found->second.first;
  }
  net::HttpRequest request{.url = authority + std::string(discovery_path)};
  request.headers.add("Accept", "application/json");
  request.limits = {.total_timeout = token_timeout, .body_bytes_max = token_answer_bytes_max};
  request.address_policy = net::HttpRequest::AddressPolicy::public_only;
  FAIRLEAD_TRY(auto const answer, send(request));
  auto const document = Json::parse(answer.body);
  if (answer.status != 200 || !document.ok() || !(*document)["token_endpoint"].is_string()) {
    return no_token(request.url, "its OpenID configuration could not be read (status " +
                                     std::to_string(answer.status) + ")");
  }
  std::string endpoint = (*document)["token_endpoint"].as_string();
  std::lock_guard const lock(mutex_);
  if (discovered_.size() >= oauth_tokens_max) discovered_.clear();
  discovered_[authority] = {endpoint, clock_.steady() + discovery_kept};
  return endpoint;
}

Result<std::string> OAuthTokens::token_endpoint(std::string const& kind, Json const& properties) {
  FAIRLEAD_TRY(auto const authority, authority_of(properties));
  if (kind == "oidc") return discover(authority);
  std::string const path = properties["endpoints"]["token"].string_or(default_token_path);
  if (path.starts_with("https://") || path.starts_with("http://")) return path;
  return authority + (path.starts_with('/') ? "" : "/") + path;
}

// client_secret_jwt: RFC 7523, signed with the client's secret.
std::string OAuthTokens::assertion(std::string const& endpoint, Json const& client) {
  std::int64_t const now = to_epoch_ms(clock_.now()) / 1000;
  Json const claims = Json::object({{"iss", client["id"]},
                                    {"sub", client["id"]},
                                    {"aud", endpoint},
                                    {"jti", random_hex(random_, 16)},
                                    {"iat", now},
                                    {"exp", now + assertion_seconds}});
  std::string const text =
      base64url_encode(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url_encode(claims.dump());
  return text + "." +
         base64url_encode(vault::hmac_sha256(Secret(client["secret"].as_string()), text));
}

Result<Json> OAuthTokens::client_fields(std::string const& endpoint, Json const& client,
                                        net::HttpRequest& request, action::SecretMask& mask) {
  Json fields = Json::object();
  std::string const id = client["id"].as_string();
  std::string const secret = client["secret"].as_string();
  std::string const way = client["authentication"].string_or("client_secret_post");
  mask.add(secret);
  mask.add(client["assertion"].as_string());
  if (way == "client_secret_basic") {
    std::string const pair =
        base64_encode(net::percent_encode(id) + ":" + net::percent_encode(secret));
    mask.add(pair);
    request.authorization = Secret("Basic " + pair);
    return fields;
  }
  if (!id.empty()) fields.set("client_id", id);
  if (way == "client_secret_post") {
    if (!secret.empty()) fields.set("client_secret", secret);
  } else if (way == "client_secret_jwt" || way == "private_key_jwt") {
    bool const given = client["assertion"].is_string();
    if (!given && (way == "private_key_jwt" || secret.empty())) {
      return not_configured("'" + way + "' needs 'client.assertion'" +
                                (way == "client_secret_jwt" ? " or 'client.secret'." : "."),
                            "Write a signed assertion into the policy.");
    }
    fields.set("client_assertion_type", assertion_type);
    fields.set("client_assertion",
               given ? client["assertion"].as_string() : assertion(endpoint, client));
  } else if (way != "none") {
    return not_configured("There is no client authentication '" + shorten(way, 40) + "'.",
                          "Use client_secret_post, client_secret_basic, client_secret_jwt, "
                          "private_key_jwt or none.");
  }
  return fields;
}

Result<OAuthTokens::Kept> OAuthTokens::fetch(std::string const& endpoint, Json const& properties,
                                             Secret const& refresh, action::SecretMask& mask) {
  net::HttpRequest request{.method = net::Method::post, .url = endpoint};
  request.headers.add("Accept", "application/json");
  request.limits = {.total_timeout = token_timeout, .body_bytes_max = token_answer_bytes_max};
  request.address_policy = net::HttpRequest::AddressPolicy::public_only;
  FAIRLEAD_TRY(auto fields, client_fields(endpoint, properties["client"], request, mask));
  FAIRLEAD_CHECK(add_grant(fields, properties, refresh, mask));
  set_body(request, fields, properties);
  FAIRLEAD_TRY(auto const answer, send(request));
  auto const parsed = Json::parse(answer.body);
  Json const body = parsed.ok() ? *parsed : Json();
  if (answer.status < 200 || answer.status >= 300) {
    auto const words = said(body);
    return no_token(endpoint, "status " + std::to_string(answer.status) +
                                  (words.empty() ? "" : ", it said: " + words));
  }
  std::string const token = body["access_token"].as_string();
  if (token.empty()) return no_token(endpoint, "its answer holds no access_token");
  mask.add(token);
  mask.add(body["refresh_token"].as_string());
  FAIRLEAD_CHECK(check_issuer(endpoint, properties, token));
  auto const seconds = std::clamp<std::int64_t>(body["expires_in"].as_integer(), 0, 86'400 * 365);
  Milliseconds const lifetime =
      seconds > 0 ? Milliseconds(seconds * 1'000) : token_lifetime_default;
  return Kept{.value = Secret(token),
              .refresh = Secret(body["refresh_token"].as_string()),
              .until = clock_.steady() + std::max(lifetime - token_margin, lifetime / 2)};
}

std::optional<OAuthTokens::Kept> OAuthTokens::kept(std::string const& key) {
  std::lock_guard const lock(mutex_);
  auto const found = tokens_.find(key);
  if (found == tokens_.end()) return std::nullopt;
  return found->second;
}

void OAuthTokens::keep(std::string const& key, Kept kept) {
  std::lock_guard const lock(mutex_);
  if (tokens_.size() >= oauth_tokens_max && !tokens_.contains(key)) {
    tokens_.erase(std::min_element(
        tokens_.begin(), tokens_.end(),
        [](auto const& a, auto const& b) { return a.second.until < b.second.until; }));
  }
  tokens_[key] = std::move(kept);
}

void OAuthTokens::forget(std::string const& key, Secret const& value) {
  std::lock_guard const lock(mutex_);
  auto const found = tokens_.find(key);
  // Another call may have fetched a new one meanwhile.
  if (found == tokens_.end() || !same_secret(found->second.value.reveal(), value.reveal())) return;
  found->second.until = Milliseconds(0);
}

Result<OAuthTokens::Token> OAuthTokens::token(std::string const& kind, Json const& properties,
                                              action::SecretMask& mask) {
  std::string const key = vault::sha256_hex(kind + "\n" + properties.dump());
  auto known = kept(key);
  if (known) {
    mask.add(known->value.reveal());
    mask.add(known->refresh.reveal());
    if (known->until > clock_.steady())
      return Token{.key = key, .value = known->value, .age = Token::Age::kept};
  }
  FAIRLEAD_TRY(auto const endpoint, token_endpoint(kind, properties));
  if (known && !known->refresh.empty()) {
    auto renewed = fetch(endpoint, properties, known->refresh, mask);
    if (renewed.ok()) {
      if (renewed->refresh.empty()) renewed->refresh = known->refresh;
      Secret value = renewed->value;
      keep(key, std::move(*renewed));
      return Token{.key = key, .value = std::move(value)};
    }
    // A refresh token ends, too; the grant itself may still do.
    if (renewed.error().kind != ErrorKind::denied) return std::move(renewed).error();
  }
  FAIRLEAD_TRY(auto fetched, fetch(endpoint, properties, Secret(), mask));
  Secret value = fetched.value;
  keep(key, std::move(fetched));
  return Token{.key = key, .value = std::move(value)};
}

}  // namespace fairlead::builtin
