#include "builtin/outside_invoker.h"

#include "builtin/authentication.h"
#include "builtin/call_errors.h"
#include "builtin/http_call.h"

namespace fairlead::builtin {
namespace {

using action::Effect;
using action::Invocation;
using action::Outcome;

action::ActionInfo info_of(std::string name, std::string title) {
  action::ActionInfo info;
  info.catalog = "";
  info.name = std::move(name);
  info.version = "1.0.0";
  info.title = std::move(title);
  info.effect = Effect::changes;
  info.scope = action::Scope::none;
  return info;
}

// An earlier attempt may have taken effect, and there is no way to look.
Error sent_before(net::HttpRequest const& request) {
  auto error = make_error(ErrorKind::uncertain,
                          "A " + std::string(net::to_string(request.method)) +
                              " request was about to be sent, or was sent, when it was "
                              "interrupted. It may have taken effect.");
  return no_answer(std::move(error), Repeat::unsafe);
}

class OutsideInvoker final : public action::Invoker {
 public:
  explicit OutsideInvoker(OutsideParts const& parts)
      : parts_(parts),
        authentication_(make_authentication(parts.transport, parts.clock, parts.random)) {}

  Result<Outcome> invoke(Invocation const& invocation) override {
    if (!is_ours(invocation.catalog)) return parts_.catalogue.invoke(invocation);
    if (invocation.mode == Invocation::Mode::cancel) return Outcome{};
    FAIRLEAD_TRY(auto call, read_http_call(invocation.input));
    return exchange(call, invocation.mode);
  }

  Result<action::ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                         std::string_view version) const override {
    if (!is_ours(catalog)) return parts_.catalogue.info(catalog, name, version);
    if (name == http_.name) return &http_;
    return make_error(ErrorKind::not_found, "There is no call '" + std::string(name) + "'.");
  }

  Result<Effect> effect_of(Invocation const& invocation) const override {
    if (!is_ours(invocation.catalog)) return parts_.catalogue.effect_of(invocation);
    auto const method = method_of(invocation.input["method"].as_string());
    bool const reads = method && builtin::effect_of(*method) == MethodEffect::reads;
    return reads ? Effect::reads : Effect::changes;
  }

 private:
  static bool is_ours(std::string_view catalog) { return catalog.empty(); }

  Result<Outcome> exchange(HttpCall const& call, Invocation::Mode mode) {
    bool const repeatable = may_repeat(call.request);
    if (mode == Invocation::Mode::recover && !repeatable) return sent_before(call.request);
    action::SecretMask mask;
    auto outcome = send(call, repeatable ? Repeat::harmless : Repeat::unsafe, mask);
    if (outcome.ok()) {
      mask.apply(outcome->output);
    } else {
      mask.apply(outcome.error());
    }
    return outcome;
  }

  Result<Outcome> send(HttpCall const& call, Repeat repeat, action::SecretMask& mask) {
    auto answer = authentication_->send(call.request, call.authentication, mask);
    if (!answer.ok()) return no_answer(std::move(answer).error(), repeat);
    if (!is_success(call, answer->status)) return refused(call.request, *answer);
    FAIRLEAD_TRY(auto output, output_of(call, *answer));
    return Outcome{.output = std::move(output)};
  }

  OutsideParts const parts_;
  std::unique_ptr<Authentication> const authentication_;
  action::ActionInfo const http_{info_of("http", "HTTP request")};
};

}  // namespace

std::unique_ptr<action::Invoker> make_outside_invoker(OutsideParts parts) {
  return std::make_unique<OutsideInvoker>(parts);
}

}  // namespace fairlead::builtin
