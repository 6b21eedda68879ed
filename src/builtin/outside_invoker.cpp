#include "builtin/outside_invoker.h"

#include "builtin/authentication.h"
#include "builtin/call_errors.h"
#include "builtin/http_call.h"
#include "builtin/openapi_document.h"
#include "builtin/openapi_documents.h"

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
    action::SecretMask mask;
    auto outcome = perform(invocation, mask);
    if (outcome.ok()) {
      mask.apply(outcome->output);
    } else {
      mask.apply(outcome.error());
    }
    return outcome;
  }

  Result<action::ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                         std::string_view version) const override {
    if (!is_ours(catalog)) return parts_.catalogue.info(catalog, name, version);
    if (name == http_.name) return &http_;
    if (name == openapi_.name) return &openapi_;
    return make_error(ErrorKind::not_found, "There is no call '" + std::string(name) + "'.");
  }

  Result<Effect> effect_of(Invocation const& invocation) const override {
    if (!is_ours(invocation.catalog)) return parts_.catalogue.effect_of(invocation);
    std::string name = invocation.input["method"].as_string();
    if (invocation.name == openapi_.name) {
      FAIRLEAD_TRY(name, method_of_operation(invocation.input));
    }
    auto const method = method_of(name);
    bool const reads = method && builtin::effect_of(*method) == MethodEffect::reads;
    return reads ? Effect::reads : Effect::changes;
  }

 private:
  static bool is_ours(std::string_view catalog) { return catalog.empty(); }

  Result<Outcome> perform(Invocation const& invocation, action::SecretMask& mask) {
    if (invocation.name == http_.name) {
      FAIRLEAD_TRY(auto const call, read_http_call(invocation.input));
      return exchange(call, invocation.mode, mask);
    }
    FAIRLEAD_TRY(auto const with, http_arguments_of(invocation.input, mask));
    FAIRLEAD_TRY(auto const call, read_http_call(with));
    return exchange(call, invocation.mode, mask);
  }

  Result<Json> http_arguments_of(Json const& input, action::SecretMask& mask) {
    FAIRLEAD_TRY(auto const document, documents_.load(input["document"]["endpoint"], mask));
    FAIRLEAD_TRY(auto with,
                 http_arguments(*document, {.document_url = document_url(input),
                                            .operation_id = input["operationId"].as_string(),
                                            .parameters = input["parameters"]}));
    Json endpoint = with["endpoint"];
    endpoint.set("authentication", input["authentication"]);
    with.set("endpoint", std::move(endpoint));
    with.set("output", input["output"]);
    with.set("redirect", input["redirect"]);
    return with;
  }

  static std::string document_url(Json const& input) {
    auto const& endpoint = input["document"]["endpoint"];
    return endpoint.is_object() ? endpoint["uri"].as_string() : endpoint.as_string();
  }

  Result<std::string> method_of_operation(Json const& input) const {
    action::SecretMask mask;
    auto document = documents_.load(input["document"]["endpoint"], mask);
    if (!document.ok()) {
      mask.apply(document.error());
      return std::move(document).error();
    }
    return openapi_method(**document, input["operationId"].as_string());
  }

  Result<Outcome> exchange(HttpCall const& call, Invocation::Mode mode, action::SecretMask& mask) {
    bool const repeatable = may_repeat(call.request);
    if (mode == Invocation::Mode::recover && !repeatable) return sent_before(call.request);
    return send(call, repeatable ? Repeat::harmless : Repeat::unsafe, mask);
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
  // Behind its own mutex; asking for an effect may read a document.
  mutable OpenApiDocuments documents_{*authentication_, parts_.clock};
  action::ActionInfo const http_{info_of("http", "HTTP request")};
  action::ActionInfo const openapi_{info_of("openapi", "OpenAPI operation")};
};

}  // namespace

std::unique_ptr<action::Invoker> make_outside_invoker(OutsideParts parts) {
  return std::make_unique<OutsideInvoker>(parts);
}

}  // namespace fairlead::builtin
