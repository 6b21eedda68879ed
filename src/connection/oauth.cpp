#include "connection/oauth.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"
#include "net/retry_after.h"
#include "net/url.h"
#include "vault/digest.h"

namespace fairlead::connection {
namespace {

constexpr std::string_view check_application =
    "Check the Application ID, the Secret and the redirect URI of the OAuth application in GitLab, "
    "then connect "
    "again from Settings > App Store > GitLab (or with `fairlead connect gitlab`).";
constexpr std::string_view sign_in_again =
    "Re-authenticate the connection: Settings > App Store > GitLab > Reconnect, or `fairlead "
    "connection reconnect`.";
constexpr std::size_t quoted_characters_max = 300;
constexpr std::int64_t device_seconds_max = 3'600;
constexpr std::int64_t token_seconds_max = 10LL * 365 * 24 * 3600;

net::HttpRequest token_request(OAuthClient const& client, std::string_view path,
                               net::QueryPairs form) {
  net::HttpRequest request;
  request.method = net::Method::post;
  request.url = client.base_url + std::string(path);
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Accept", "application/json");
  if (client.client_secret.empty()) {
    form.emplace_back("client_id", client.client_id);
  } else {
    // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
    std::string pair = net::percent_encode(client.client_id) + ":" +
                       net::percent_encode(client.client_secret.reveal());
    request.authorization = Secret("Basic " + base64_encode(pair));
    wipe(pair);
  }
  request.body = net::encode_query(form);
  return request;
}

Error grant_error(ErrorKind kind, Grant grant, std::string message) {
  Error error = make_error(kind, std::move(message));
  error.title = grant == Grant::code ? failed_exchange_title : refresh_failure_title;
  return error;
}

std::string host_of(std::string_view base_url) {
  auto url = net::parse_url(base_url);
  return url.ok() ? url->origin() + url->path : std::string(base_url);
}

// Only of an answer that means "later".
std::optional<Milliseconds> asked_wait(net::HttpResponse const& response) {
  if (response.status != 429 && response.status < 500) return std::nullopt;
  return net::retry_after(response);
}

Error not_json(net::HttpResponse const& response, Grant grant, std::string_view base_url) {
  Error error =
      grant_error(ErrorKind::unavailable, grant,
                  "The token request to " + host_of(base_url) + " was answered with HTTP " +
                      std::to_string(response.status) + " and something that is not JSON.");
  error.cause = "The URL does not lead to GitLab's OAuth endpoint, or a proxy in between answered.";
  error.remedy =
      "Check the GitLab URL of the connection (with its sub-path, if it has one) and any proxy.";
  error.status = response.status;
  error.retry_after = asked_wait(response);
  return error;
}

struct Refusal {
  std::string code;
  std::string words;
};

std::string refused_cause(Grant grant, std::string_view code) {
  if (code == "invalid_client")
    return "GitLab does not know this Application ID, or the Secret is wrong.";
  if (code == "unauthorized_client")
    return "The OAuth application in GitLab is not allowed to use this grant.";
  if (code == "invalid_scope")
    return "The OAuth application in GitLab was not given one of the scopes asked for.";
  if (grant == Grant::code)
    return "The authorization code expired (it lives 10 minutes and works once), or the redirect "
           "URI does not match "
           "the one registered in GitLab.";
  return "The refresh token expired, was used before, or was revoked in GitLab.";
}

Error refused(net::HttpResponse const& response, Refusal const& refusal, Grant grant) {
  bool transient = response.status >= 500 || response.status == 429;
  Error error = grant_error(response.status == 429 ? ErrorKind::rate_limited
                            : transient            ? ErrorKind::unavailable
                                                   : ErrorKind::denied,
                            grant,
                            "GitLab answered HTTP " + std::to_string(response.status) + ": " +
                                shorten(refusal.words, quoted_characters_max));
  error.status = response.status;
  error.request_id = response.headers.get("x-request-id");
  error.details = Json::object({{"oauthError", refusal.code}});
  if (transient) {
    error.cause = "GitLab could not work on the request now; the sign-in is not lost.";
    error.retry_after = asked_wait(response);
    error.remedy = "Try again in " +
                   (error.retry_after ? format_duration(*error.retry_after) : "a minute") + ".";
    return error;
  }
  error.cause = refused_cause(grant, refusal.code);
  error.remedy =
      grant == Grant::code || refusal.code == "invalid_client" ? check_application : sign_in_again;
  return error;
}

Result<TokenSet> read_token_set(Json const& body, Grant grant) {
  std::vector<std::string> missing;
  if (body["access_token"].as_string().empty()) missing.emplace_back("access_token");
  if (body["token_type"].as_string().empty()) missing.emplace_back("token_type");
  // A refresh has spent the former pair: the new one is not thrown away for want of a number.
  if (grant == Grant::code && body.contains("expires_in") && !body["expires_in"].is_null() &&
      !body["expires_in"].is_number())
    missing.emplace_back("expires_in (a number)");
  if (!missing.empty()) {
    Error error =
        make_error(ErrorKind::corrupt, "GitLab's token answer lacks: " + join(missing, ", ") + ".");
    error.title = missing_fields_title;
    error.cause = "The server behind this URL answers like an OAuth server but not like GitLab.";
    error.remedy = "Check the OAuth application in GitLab and the GitLab URL, then connect again.";
    error.where = missing.front();
    error.details =
        Json::object({{"grant", grant == Grant::code ? "authorization_code" : "refresh_token"}});
    return error;
  }
  if (!equals_ignoring_case(body["token_type"].as_string(), "bearer")) {
    Error error = make_error(ErrorKind::corrupt, "GitLab's token answer has token_type \"" +
                                                     shorten(body["token_type"].as_string(), 40) +
                                                     "\", expected \"Bearer\".");
    error.title = missing_fields_title;
    error.remedy = "Check the OAuth application in GitLab and the GitLab URL, then connect again.";
    error.where = "token_type";
    return error;
  }
  TokenSet set;
  set.access_token = Secret(body["access_token"].as_string());
  set.refresh_token = Secret(body["refresh_token"].as_string());
  set.scopes = body["scope"].as_string();
  if (body["expires_in"].is_number() && body["expires_in"].as_integer() > 0)
    set.expires_in =
        std::chrono::seconds(std::min(body["expires_in"].as_integer(), token_seconds_max));
  return set;
}

}  // namespace

std::string pkce_challenge(Secret const& verifier) {
  return base64url_encode(vault::sha256(verifier.reveal()));
}

Pkce make_pkce(Random& random) {
  Pkce pkce;
  pkce.verifier = Secret(random_token(random, 32));
  pkce.challenge = pkce_challenge(pkce.verifier);
  return pkce;
}

std::string authorize_url(OAuthClient const& client, AuthorizeParameters const& parameters) {
  return client.base_url + "/oauth/authorize?" +
         net::encode_query({{"client_id", client.client_id},
                            {"redirect_uri", parameters.redirect_uri},
                            {"response_type", "code"},
                            {"state", parameters.state},
                            {"scope", parameters.scopes},
                            {"code_challenge", parameters.challenge},
                            {"code_challenge_method", "S256"}});
}

net::HttpRequest exchange_request(OAuthClient const& client, CodeGrant const& grant) {
  return token_request(client, "/oauth/token",
                       {{"grant_type", "authorization_code"},
                        {"code", std::string(grant.code.reveal())},
                        {"redirect_uri", grant.redirect_uri},
                        {"code_verifier", std::string(grant.verifier.reveal())}});
}

net::HttpRequest refresh_request(OAuthClient const& client, Secret const& refresh_token,
                                 std::string_view redirect_uri) {
  net::QueryPairs form{{"grant_type", "refresh_token"},
                       {"refresh_token", std::string(refresh_token.reveal())}};
  if (!redirect_uri.empty()) form.emplace_back("redirect_uri", redirect_uri);
  return token_request(client, "/oauth/token", std::move(form));
}

net::HttpRequest revoke_request(OAuthClient const& client, Secret const& token) {
  return token_request(client, "/oauth/revoke", {{"token", std::string(token.reveal())}});
}

net::HttpRequest device_request(OAuthClient const& client, std::string_view scopes) {
  net::QueryPairs form{{"scope", std::string(scopes)}};
  // Named in the form in any case: GitLab reads it from there.
  if (!client.client_secret.empty()) form.emplace_back("client_id", client.client_id);
  return token_request(client, "/oauth/authorize_device", std::move(form));
}

net::HttpRequest device_token_request(OAuthClient const& client, Secret const& device_code) {
  return token_request(client, "/oauth/token",
                       {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                        {"device_code", std::string(device_code.reveal())}});
}

Result<DeviceCode> read_device_answer(net::HttpResponse const& response,
                                      std::string_view base_url) {
  auto const body = Json::parse(response.body);
  bool const is_object = body.ok() && body->is_object();
  if (response.status == 404 || (response.status == 200 && !is_object)) {
    Error error = grant_error(ErrorKind::denied, Grant::code,
                              "GitLab offers no sign-in by device code at " + host_of(base_url) +
                                  " (HTTP " + std::to_string(response.status) + ").");
    error.cause = "It came with GitLab 17.2 (for all since 17.9), or a proxy answered.";
    error.remedy = "Sign in with a browser (leave --device out), or use an access token.";
    error.status = response.status;
    return error;
  }
  if (!is_object || response.status != 200) {
    auto refusal = read_token_response(response, Grant::code, base_url);
    if (!refusal.ok()) return std::move(refusal).error();
  }
  DeviceCode code;
  code.device_code = Secret((*body)["device_code"].as_string());
  code.user_code = (*body)["user_code"].as_string();
  code.verification_uri = (*body)["verification_uri"].as_string();
  code.verification_uri_complete = (*body)["verification_uri_complete"].as_string();
  if (auto const s = (*body)["expires_in"].as_integer(0); s > 0)
    code.expires_in = std::chrono::seconds(std::min(s, device_seconds_max));
  if (auto const s = (*body)["interval"].as_integer(0); s > 0)
    code.interval = std::chrono::seconds(std::min(s, device_seconds_max));
  std::string const lacking = code.device_code.empty()        ? "device_code"
                              : code.user_code.empty()        ? "user_code"
                              : code.verification_uri.empty() ? "verification_uri"
                                                              : "";
  if (lacking.empty()) return code;
  Error error = make_error(ErrorKind::corrupt,
                           "GitLab's answer to the device sign-in lacks: " + lacking + ".");
  error.title = missing_fields_title;
  error.remedy = "Check the GitLab URL, or sign in with a browser.";
  error.where = lacking;
  return error;
}

Result<TokenSet> read_token_response(net::HttpResponse const& response, Grant grant,
                                     std::string_view base_url) {
  auto body = Json::parse(response.body);
  if (!body.ok() || !body->is_object()) {
    if (response.status == 429) return refused(response, {"", "too many requests"}, grant);
    return not_json(response, grant, base_url);
  }
  if (response.status >= 200 && response.status < 300) return read_token_set(*body, grant);
  Refusal refusal{(*body)["error"].as_string(), (*body)["error_description"].as_string()};
  if (refusal.words.empty()) refusal.words = (*body)["message"].as_string();
  if (refusal.words.empty())
    refusal.words = refusal.code.empty() ? "no reason given" : refusal.code;
  if (!refusal.code.empty() && refusal.words != refusal.code)
    refusal.words += " (" + refusal.code + ")";
  return refused(response, refusal, grant);
}

Error authorize_error(std::string_view error, std::string_view description) {
  std::string words = shorten(description.empty() ? error : description, quoted_characters_max);
  Error result = make_error(ErrorKind::denied, "GitLab did not authorise the connection: " + words);
  result.title = "Authorisation refused";
  if (error == "access_denied") {
    result.cause = "The person at GitLab's consent page chose not to allow it.";
    result.remedy = "Start connecting again and choose Authorize.";
  } else if (error == "invalid_scope") {
    result.cause = "The OAuth application in GitLab was not given one of the scopes asked for.";
    result.remedy =
        "Tick the scope in the application's page in GitLab, or connect with fewer scopes.";
  } else {
    result.remedy = check_application;
  }
  result.details = Json::object({{"oauthError", error}});
  return result;
}

}  // namespace fairlead::connection
