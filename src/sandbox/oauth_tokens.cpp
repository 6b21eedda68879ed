// What all OAuth endpoints share: clients, scopes, issuing and killing tokens, error answers.
#include <algorithm>
#include <array>

#include "base/secret.h"
#include "base/text.h"
#include "sandbox/crypto.h"
#include "sandbox/id_token.h"
#include "sandbox/oauth.h"

namespace fairlead::sandbox {
namespace {

struct ErrorText {
  std::string_view error;
  std::string_view text;
};

// config/locales/doorkeeper.en.yml
constexpr std::array<ErrorText, 11> error_texts{
    {{"invalid_request",
      "The request is missing a required parameter, includes an unsupported parameter value, or is "
      "otherwise "
      "malformed."},
     {"invalid_grant",
      "The provided authorization grant is invalid, expired, revoked, does not match the "
      "redirection URI used in the "
      "authorization request, or was issued to another client."},
     {"invalid_client",
      "Client authentication failed due to unknown client, no client authentication included, or "
      "unsupported "
      "authentication method."},
     {"unauthorized_client",
      "The client is not authorized to perform this request using this method."},
     {"invalid_scope", "The requested scope is invalid, unknown, or malformed."},
     {"unsupported_grant_type",
      "The authorization grant type is not supported by the authorization server."},
     {"unsupported_response_type", "The authorization server does not support this response type."},
     {"access_denied", "The resource owner or authorization server denied the request."},
     {"authorization_pending",
      "The authorization request is still pending as the end user hasn't yet completed the "
      "user interaction steps."},
     {"slow_down",
      "The authorization request is still pending and polling should continue, but the interval "
      "must be "
      "increased."},
     {"expired_token",
      "The device_code has expired. The client may start a new device authorization request."}}};

// client_id and client_secret of an Authorization: Basic header, to the letter: Doorkeeper does not
// undo the form encoding of RFC 6749 2.3.1, so a client that encodes a `-` is refused.
std::optional<std::pair<std::string, std::string>> basic_credentials(net::Headers const& headers) {
  std::string_view const header = headers.get("Authorization");
  if (header.size() < 6 || !equals_ignoring_case(header.substr(0, 6), "Basic "))
    return std::nullopt;
  auto const decoded = base64_decode(trim(header.substr(6)));
  if (!decoded) return std::nullopt;
  std::size_t const colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(decoded->substr(0, colon), decoded->substr(colon + 1));
}

}  // namespace

std::string oauth_error_text(std::string_view error) {
  auto const it = std::find_if(error_texts.begin(), error_texts.end(),
                               [error](ErrorText const& row) { return row.error == error; });
  return it == error_texts.end() ? std::string() : std::string(it->text);
}

Reply oauth_error(std::string_view error) {
  std::string const text = oauth_error_text(error);
  Reply reply = json_reply(error == "invalid_client" ? 401 : 400,
                           Json::object({{"error", error}, {"error_description", text}}));
  reply.headers.add("WWW-Authenticate", "Bearer realm=\"Doorkeeper\", error=\"" +
                                            std::string(error) + "\", error_description=\"" + text +
                                            "\"");
  reply.headers.add("Cache-Control", "no-store");
  return reply;
}

Application* find_application(World& world, std::string_view uid) {
  auto const it = world.state.applications.find(uid);
  return it == world.state.applications.end() ? nullptr : &it->second;
}

Application* authenticated_client(Call& call) {
  auto const basic = basic_credentials(call.headers);
  std::string const uid = basic ? basic->first : call.in.text("client_id");
  std::string const secret = basic ? basic->second : call.in.text("client_secret");
  Application* application = find_application(call.world, uid);
  if (application == nullptr) return nullptr;
  if (!application->confidential && secret.empty()) return application;
  return same_secret(application->secret, secret) ? application : nullptr;
}

std::vector<std::string> const& known_scopes() {
  static std::vector<std::string> const scopes{"api",
                                               "read_api",
                                               "read_user",
                                               "create_runner",
                                               "manage_runner",
                                               "k8s_proxy",
                                               "self_rotate",
                                               "mcp",
                                               "read_repository",
                                               "write_repository",
                                               "read_registry",
                                               "write_registry",
                                               "read_virtual_registry",
                                               "write_virtual_registry",
                                               "read_observability",
                                               "write_observability",
                                               "ai_features",
                                               "sudo",
                                               "admin_mode",
                                               "read_service_ping",
                                               "openid",
                                               "profile",
                                               "email"};
  return scopes;
}

std::vector<std::string> split_scopes(std::string_view text) {
  std::vector<std::string> scopes;
  for (std::string const& part : split(text, ' ')) {
    if (!part.empty() && std::find(scopes.begin(), scopes.end(), part) == scopes.end())
      scopes.push_back(part);
  }
  return scopes;
}

std::string join_scopes(std::vector<std::string> const& scopes) { return join(scopes, " "); }

bool scopes_allowed(Application const& application, std::vector<std::string> const& scopes) {
  return std::all_of(scopes.begin(), scopes.end(), [&](std::string const& scope) {
    return std::find(application.scopes.begin(), application.scopes.end(), scope) !=
           application.scopes.end();
  });
}

Json issue_token(World& world, NewToken const& wanted) {
  AccessToken token;
  token.value = random_hex(world.random, 32);
  if (wanted.refresh == NewToken::Refresh::with) token.refresh = random_hex(world.random, 32);
  token.application = wanted.application;
  token.user_id = wanted.user_id;
  token.scopes = wanted.scopes;
  token.created_at = world.now();
  token.lifetime = world.options.token_lifetime;
  if (!token.refresh.empty()) world.state.refresh_tokens[token.refresh] = token.value;
  AccessToken const& stored = world.state.access_tokens[token.value] = token;
  Json json = Json::object({{"access_token", stored.value},
                            {"token_type", "Bearer"},
                            {"expires_in", stored.lifetime.count() / 1000}});
  if (!stored.refresh.empty()) json.set("refresh_token", stored.refresh);
  json.set("scope", join_scopes(stored.scopes));
  json.set("created_at", to_epoch_ms(stored.created_at) / 1000);
  bool const openid =
      std::find(stored.scopes.begin(), stored.scopes.end(), "openid") != stored.scopes.end();
  if (openid && stored.user_id != 0)
    json.set("id_token", make_id_token(world, stored, wanted.nonce));
  return json;
}

void kill_token(World& world, AccessToken& token) {
  (void)world;
  token.revoked = true;  // its refresh token dies with it
}

AccessToken* find_token(World& world, std::string_view value) {
  auto it = world.state.access_tokens.find(value);
  if (it != world.state.access_tokens.end()) return &it->second;
  auto const refresh = world.state.refresh_tokens.find(value);
  if (refresh == world.state.refresh_tokens.end()) return nullptr;
  it = world.state.access_tokens.find(refresh->second);
  return it == world.state.access_tokens.end() ? nullptr : &it->second;
}

bool live(World& world, AccessToken const& token) {
  return !token.revoked && token.created_at + token.lifetime > world.now();
}

std::string pkce_s256(std::string_view verifier) { return base64url_encode(sha256(verifier)); }

}  // namespace fairlead::sandbox
