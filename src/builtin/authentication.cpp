#include "builtin/authentication.h"

#include "base/text.h"
#include "builtin/call_errors.h"
#include "builtin/digest_challenge.h"
#include "builtin/oauth_tokens.h"
#include "net/url.h"

namespace fairlead::builtin {
namespace {

constexpr std::size_t client_nonce_bytes = 16;

Result<std::string> required(Json const& properties, std::string const& kind,
                             std::string const& name) {
  auto const& value = properties[name];
  if (value.is_string()) return value.as_string();
  return configuration_error("authentication." + kind + "." + name,
                             "The policy '" + kind + "' has no text '" + name + "'.",
                             "Write it into the policy, or into the secret the policy uses.");
}

class Policies final : public Authentication {
 public:
  Policies(net::HttpTransport& transport, Clock const& clock, Random& random)
      : transport_(transport), random_(random), tokens_(transport, clock, random) {}

  Result<net::HttpResponse> send(net::HttpRequest request, Json const& policy,
                                 action::SecretMask& mask) override {
    if (!request.authorization.empty()) mask.add(request.authorization.reveal());
    if (policy.is_null() || policy.empty()) return transport_.send(request);
    auto const& [kind, properties] = policy.members().front();
    if (kind == "basic") return basic(std::move(request), properties, mask);
    if (kind == "bearer") return bearer(std::move(request), properties, mask);
    if (kind == "digest") return digest(std::move(request), properties, mask);
    if (kind == "oauth2" || kind == "oidc")
      return issued(std::move(request), *policy.find(kind), kind, mask);
    return configuration_error(
        "authentication", "There is no authentication '" + kind + "' here.",
        "Use basic, bearer, digest, oauth2 or oidc, or the name of a policy under "
        "use.authentications.");
  }

 private:
  Result<net::HttpResponse> basic(net::HttpRequest request, Json const& properties,
                                  action::SecretMask& mask) {
    FAIRLEAD_TRY(auto const user, required(properties, "basic", "username"));
    FAIRLEAD_TRY(auto const password, required(properties, "basic", "password"));
    std::string const pair = base64_encode(user + ":" + password);
    mask.add(password);
    mask.add(pair);
    request.authorization = Secret("Basic " + pair);
    return transport_.send(request);
  }

  Result<net::HttpResponse> bearer(net::HttpRequest request, Json const& properties,
                                   action::SecretMask& mask) {
    FAIRLEAD_TRY(auto const token, required(properties, "bearer", "token"));
    mask.add(token);
    request.authorization = Secret("Bearer " + token);
    return transport_.send(request);
  }

  // The first request asks for the challenge; a server that refuses it has not acted on it.
  Result<net::HttpResponse> digest(net::HttpRequest request, Json const& properties,
                                   action::SecretMask& mask) {
    FAIRLEAD_TRY(auto const user, required(properties, "digest", "username"));
    FAIRLEAD_TRY(auto const password, required(properties, "digest", "password"));
    mask.add(password);
    FAIRLEAD_TRY(auto answer, transport_.send(request));
    if (answer.status != 401) return answer;
    auto const challenge = find_digest_challenge(answer.headers);
    if (!challenge) return answer;
    // A redirect may have led elsewhere: the password's digest goes to the place that was named.
    FAIRLEAD_TRY(auto const url, net::parse_url(request.url));
    std::string const target =
        (url.path.empty() ? "/" : url.path) + (url.query.empty() ? "" : "?" + url.query);
    std::string const nonce = random_hex(random_, client_nonce_bytes);
    request.authorization = answer_digest(*challenge, {.username = user,
                                                       .password = password,
                                                       .method = net::to_string(request.method),
                                                       .target = target,
                                                       .client_nonce = nonce});
    mask.add(request.authorization.reveal());
    return transport_.send(request);
  }

  Result<net::HttpResponse> issued(net::HttpRequest request, Json const& properties,
                                   std::string const& kind, action::SecretMask& mask) {
    FAIRLEAD_TRY(auto token, tokens_.token(kind, properties, mask));
    request.authorization = Secret("Bearer " + std::string(token.value.reveal()));
    auto answer = transport_.send(request);
    bool const stale =
        answer.ok() && answer->status == 401 && token.age == OAuthTokens::Token::Age::kept;
    if (!stale) return answer;
    tokens_.forget(token.key, token.value);
    FAIRLEAD_TRY(token, tokens_.token(kind, properties, mask));
    request.authorization = Secret("Bearer " + std::string(token.value.reveal()));
    return transport_.send(request);
  }

  net::HttpTransport& transport_;
  Random& random_;
  OAuthTokens tokens_;
};

}  // namespace

std::unique_ptr<Authentication> make_authentication(net::HttpTransport& transport,
                                                    Clock const& clock, Random& random) {
  return std::make_unique<Policies>(transport, clock, random);
}

}  // namespace fairlead::builtin
