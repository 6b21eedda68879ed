#include "action/catalogue.h"
#include "action/scopes.h"

namespace fairlead::action {
namespace {

Caller caller_of(Invocation const& invocation) {
  return {.workflow = invocation.workflow,
          .call = invocation.run.empty() ? "" : invocation.run + invocation.task};
}

class CatalogueInvoker final : public Invoker {
 public:
  CatalogueInvoker(Catalogue const& catalogue, ApiProvider& provider, Clock const& clock)
      : catalogue_(catalogue), provider_(provider), clock_(clock) {}

  Result<Outcome> invoke(Invocation const& invocation) override {
    FAIRLEAD_TRY(Action const* action,
                 catalogue_.find(invocation.catalog, invocation.name, invocation.version));
    // Before a connection is opened: a wrong input is wrong whether or not GitLab can be reached.
    FAIRLEAD_CHECK(action->check(invocation.input));
    FAIRLEAD_TRY(std::shared_ptr<Api> api,
                 provider_.open_for(invocation.connection, caller_of(invocation)));
    Context context{.api = *api,
                    .clock = clock_,
                    .marker = invocation.marker,
                    .wait_state = invocation.wait_state,
                    .sink = invocation.sink};
    if (invocation.mode == Invocation::Mode::cancel)
      return cancel(*action, context, invocation.input);
    // With a wait state the effect is known to have happened.
    bool const look_first = invocation.mode == Invocation::Mode::recover &&
                            invocation.wait_state.is_null() && action->find_existing != nullptr;
    if (!look_first) return action->run(context, invocation.input);
    return recover(*action, context, invocation.input);
  }

  Result<ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                 std::string_view version) const override {
    FAIRLEAD_TRY(Action const* action, catalogue_.find(catalog, name, version));
    return &action->info;
  }

  // A call whose literal requests only read, such as call-api with GET, is no effect.
  Result<Effect> effect_of(Invocation const& invocation) const override {
    FAIRLEAD_TRY(Action const* action,
                 catalogue_.find(invocation.catalog, invocation.name, invocation.version));
    if (action->info.effect == Effect::reads || !action->plan) return action->info.effect;
    auto const plan = action->plan(nullptr, invocation.input);
    return plan.ok() && only_reads(*plan) ? Effect::reads : action->info.effect;
  }

 private:
  static Result<Outcome> cancel(Action const& action, Context& context, Json const& input) {
    if (action.cancel) FAIRLEAD_CHECK(action.cancel(context, input));
    return Outcome{};
  }

  static Result<Outcome> recover(Action const& action, Context& context, Json const& input) {
    // As of the beginning: what was listed then may have come while the rest was read.
    auto const left = settles_in(context.marker, context.clock.now());
    FAIRLEAD_TRY(std::optional<Json> existing, action.find_existing(context, input));
    if (!existing) {
      if (left > Milliseconds(0)) return not_seen_yet(action.info.name, left);
      return action.run(context, input);
    }
    if (!action.info.waits) return Outcome{.output = std::move(*existing), .adopted = true};
    // What it waits for may not have come yet.
    context.wait_state = Json::object({{"existing", std::move(*existing)}});
    FAIRLEAD_TRY(Outcome outcome, action.run(context, input));
    outcome.adopted = true;
    return outcome;
  }

  Catalogue const& catalogue_;
  ApiProvider& provider_;
  Clock const& clock_;
};

}  // namespace

std::unique_ptr<Invoker> make_invoker(Catalogue const& catalogue, ApiProvider& provider,
                                      Clock const& clock) {
  return std::make_unique<CatalogueInvoker>(catalogue, provider, clock);
}

}  // namespace fairlead::action
