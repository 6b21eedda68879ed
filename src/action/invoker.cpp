#include "action/catalogue.h"
#include "action/scopes.h"

namespace fairlead::action {
namespace {

Caller caller_of(Invocation const& invocation) {
  return {.workflow = invocation.workflow,
          .call = invocation.run.empty() ? "" : invocation.run + invocation.task};
}

// Passes everything on, and remembers whether GitLab took something that writes.
class WatchedApi final : public Api {
 public:
  explicit WatchedApi(Api& inner) : inner_(inner) {}

  Result<Response> send(Request const& request) override {
    auto answer = inner_.send(request);
    bool const reads = request.method == net::Method::get || request.method == net::Method::head;
    wrote_ = wrote_ || (answer.ok() && !reads);
    return answer;
  }
  Result<ListSummary> list(Request const& request, ListOptions const& options,
                           ItemSink const& sink) override {
    return inner_.list(request, options, sink);
  }
  Result<Json> account() override { return inner_.account(); }
  [[nodiscard]] std::string const& base_url() const override { return inner_.base_url(); }
  [[nodiscard]] std::string connection_id() const override { return inner_.connection_id(); }

  [[nodiscard]] bool wrote() const { return wrote_; }

 private:
  Api& inner_;
  bool wrote_{false};
};

// What GitLab took is done, even if its answer cannot be read: never to be sent again unseen.
Error taken_but_unreadable(Error error) {
  error.kind = ErrorKind::uncertain;
  error.remedy = "GitLab took the request: look for what it made before it is sent again.";
  return error;
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
    bool const cancels = invocation.mode == Invocation::Mode::cancel;
    if (cancels && (!action->cancel || !action->is_cancel_asked(invocation.input)))
      return Outcome{};
    FAIRLEAD_TRY(std::shared_ptr<Api> api,
                 provider_.open_for(invocation.connection, caller_of(invocation)));
    WatchedApi watched(*api);
    Context context{.api = watched,
                    .clock = clock_,
                    .marker = invocation.marker,
                    .wait_state = invocation.wait_state,
                    .sink = invocation.sink};
    if (cancels) {
      FAIRLEAD_CHECK(action->cancel(context, invocation.input));
      return Outcome{};
    }
    // With a wait state the effect is known to have happened.
    bool const look_first = invocation.mode == Invocation::Mode::recover &&
                            invocation.wait_state.is_null() && action->find_existing != nullptr;
    auto outcome = look_first ? recover(*action, context, invocation.input)
                              : action->run(context, invocation.input);
    bool const unreadable = !outcome.ok() && outcome.error().kind == ErrorKind::corrupt &&
                            watched.wrote() && action->info.effect != Effect::reads;
    if (unreadable) return taken_but_unreadable(std::move(outcome).error());
    return outcome;
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
