#include "builtin/authentication.h"

#include "base/text.h"
#include "builtin/call_errors.h"

namespace fairlead::builtin {
namespace {

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
      : transport_(transport), clock_(clock), random_(random) {}

  Result<net::HttpResponse> send(net::HttpRequest request, Json const& policy,
                                 action::SecretMask& mask) override {
    if (!request.authorization.empty()) mask.add(request.authorization.reveal());
    if (policy.is_null() || policy.empty()) return transport_.send(request);
    auto const& [kind, properties] = policy.members().front();
    if (kind == "basic") return basic(std::move(request), properties, mask);
    if (kind == "bearer") return bearer(std::move(request), properties, mask);
    return configuration_error("authentication", "There is no authentication '" + kind + "' here.",
                               "Use basic or bearer.");
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

  net::HttpTransport& transport_;
  [[maybe_unused]] Clock const& clock_;
  [[maybe_unused]] Random& random_;
};

}  // namespace

std::unique_ptr<Authentication> make_authentication(net::HttpTransport& transport,
                                                    Clock const& clock, Random& random) {
  return std::make_unique<Policies>(transport, clock, random);
}

}  // namespace fairlead::builtin
