// define: makes an Action out of typed parts. One call per file in gitlab/actions/ and builtin/.
//
//   return define<Input, Issue>({.name = "get-issue", .title = "Get issue",
//                                .effect = Effect::reads, .scope = Scope::read_api,
//                                .request = request});
//
// A listing has Output = Listing<Item>. An action that creates says
// `.effect = creates(find_existing)`: a bare Effect::creates does not compile. Everything is pure
// but what is handed a Context or a Lookup, which may block. gitlab/actions/get_project.cpp is a
// whole one.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "action/action.h"
#include "action/listing.h"
#include "action/outcome.h"
#include "action/request.h"
#include "base/assert.h"
#include "schema/codec.h"

namespace fairlead::action {

// What resolving names may use. In a dry run without a connection both are null: leave placeholders
// then.
struct Lookup {
  Api* api{nullptr};
  Clock const* clock{nullptr};
};

// The requests of an input: a function or lambda that gives a Request, a RequestBuilder, or a
// vector of Requests.
template <class Input>
class RequestsOf {
 public:
  template <class F>
  requires std::invocable<F const&, Input const&> RequestsOf(
      F make) {  // NOLINT: implicit on purpose
    make_ = [make = std::move(make)](Input const& input) -> std::vector<Request> {
      if constexpr (std::same_as<std::invoke_result_t<F const&, Input const&>,
                                 std::vector<Request>>) {
        return make(input);
      } else {
        return {Request(make(input))};
      }
    };
  }
  std::vector<Request> operator()(Input const& input) const { return make_(input); }

 private:
  std::function<std::vector<Request>(Input const&)> make_;
};

// Looks whether an earlier, uncertain attempt of this input took effect. Nothing: surely not there.
template <class Input, class Output>
using FindExisting = Result<std::optional<Output>> (*)(Context&, Input const&);

template <class Input, class Output>
struct EffectOf {
  Effect effect;
  FindExisting<Input, Output> find_existing{nullptr};

  consteval EffectOf(Effect plain) : effect(plain) {  // NOLINT: implicit on purpose
    if (plain == Effect::creates) {
      throw "say how an earlier attempt is found: .effect = creates(find_existing)";
    }
  }
  constexpr EffectOf(Effect given, FindExisting<Input, Output> find)
      : effect(given), find_existing(find) {}
};

template <class Input, class Output>
constexpr EffectOf<Input, Output> creates(
    Result<std::optional<Output>> (*find_existing)(Context&, Input const&)) {
  return {Effect::creates, find_existing};
}

// One call of an action that waits: with `wait` set the output is partial and the engine calls
// again.
template <class Output>
struct Step {
  Output output;
  std::optional<Wait> wait{};
};

template <class Input, class Output>
struct Definition {
  std::string_view name;  // "create-issue"
  std::string_view version{"1.0.0"};
  std::string_view title;        // "Create issue"
  std::string_view description;  // one or two sentences
  std::string_view docs;         // GitLab's page
  EffectOf<Input, Output> effect;
  Scope scope;
  Role role{Role::none};
  // All the requests that writing or reading takes, for dry runs; the one that is sent if there is
  // no `run`.
  RequestsOf<Input> request;
  // Checks that involve several fields: "exactly one of project and group".
  std::function<Result<void>(Input const&)> check{};
  // Replaces names in the input by ids, dates "in 90 days" by days.
  std::function<Result<void>(Lookup const&, Input&)> resolve{};
  // Reads the answer where decoding it as Output is not enough: a 201 that says "status": "error".
  std::function<Result<Output>(Input const&, Response const&)> answer{};
  // Where one call cannot do it. At most one of these two.
  std::function<Result<Output>(Context&, Input const&)> run{};
  // Called again with Context::wait_state as it was left. After a find_existing that found
  // something, wait_state is {"existing": <the output found>} on the first call.
  std::function<Result<Step<Output>>(Context&, Input const&)> run_waiting{};
  // Adds to an error of GitLab what this action knows about it.
  std::function<Error(Input const&, Error)> explain{};
  // Listings: a doubt about one item (GitLab ignored a filter, say), before it is handed on.
  std::function<Result<void>(Input const&, Json const& item)> check_item{};
  // With run_waiting: Action::cancel, for inputs that ask for it.
  std::function<Result<void>(Context&, Input const&)> cancel{};
  std::function<bool(Input const&)> is_cancel_asked{};
  std::string_view catalog{"gitlab"};
};

namespace detail {

template <class Input, class Output>
Result<Input> read_input(Definition<Input, Output> const& definition, Json const& json) {
  FAIRLEAD_TRY(Input input, schema::decode<Input>(json.is_null() ? Json::object() : json));
  if constexpr (is_listing<Output>) FAIRLEAD_CHECK(check_limits(input.limit, input.all));
  if (definition.check) FAIRLEAD_CHECK(definition.check(input));
  return input;
}

template <class Input, class Output>
Result<Input> ready_input(Definition<Input, Output> const& definition, Lookup const& lookup,
                          Json const& json) {
  FAIRLEAD_TRY(Input input, read_input(definition, json));
  if (definition.resolve) FAIRLEAD_CHECK(definition.resolve(lookup, input));
  return input;
}

template <class Input, class Output>
Result<std::vector<Request>> plan(Definition<Input, Output> const& definition, Lookup const& lookup,
                                  Json const& json) {
  FAIRLEAD_TRY(Input input, ready_input(definition, lookup, json));
  std::vector<Request> requests = definition.request(input);
  if constexpr (is_listing<Output>) show_page_size(requests, list_options(input.limit, input.all));
  return requests;
}

template <class Input, class Output>
Result<Output> call(Definition<Input, Output> const& definition, Context& context,
                    Input const& input) {
  FAIRLEAD_TRY(Response response, send_only(context, definition.request(input)));
  if (definition.answer) return definition.answer(input, response);
  FAIRLEAD_CHECK(expect_json(response));
  return schema::decode_answer<Output>(response.body);
}

template <class Input, class Output>
Result<Outcome> run_ready(Definition<Input, Output> const& definition, Context& context,
                          Input const& input) {
  if constexpr (is_listing<Output>) {
    auto const check = [&](Json const& item) -> Result<void> {
      FAIRLEAD_CHECK(schema::decode_answer<typename Output::Item>(item));
      if (definition.check_item) FAIRLEAD_CHECK(definition.check_item(input, item));
      return {};
    };
    return run_listing(context, definition.request(input), list_options(input.limit, input.all),
                       check);
  } else if (definition.run_waiting) {
    FAIRLEAD_TRY(Step<Output> step, definition.run_waiting(context, input));
    return finished(schema::encode(step.output), std::move(step.wait));
  } else {
    FAIRLEAD_TRY(Output output, definition.run ? definition.run(context, input)
                                               : call(definition, context, input));
    return finished(schema::encode(output));
  }
}

template <class Input, class Output>
Result<Outcome> run(Definition<Input, Output> const& definition, Context& context,
                    Json const& json) {
  FAIRLEAD_TRY(Input input, ready_input(definition, {&context.api, &context.clock}, json));
  Result<Outcome> outcome = run_ready(definition, context, input);
  if (!outcome.ok() && definition.explain)
    return definition.explain(input, std::move(outcome).error());
  return outcome;
}

template <class Input, class Output>
Result<std::optional<Json>> find_existing(Definition<Input, Output> const& definition,
                                          Context& context, Json const& json) {
  FAIRLEAD_TRY(Input input, ready_input(definition, {&context.api, &context.clock}, json));
  FAIRLEAD_TRY(std::optional<Output> found, definition.effect.find_existing(context, input));
  if (!found) return std::optional<Json>();
  return std::optional<Json>(finished(schema::encode(*found)).output);
}

}  // namespace detail

template <class Input, class Output>
Action define(Definition<Input, Output> definition) {
  FAIRLEAD_ASSERT(!definition.cancel || (definition.run_waiting && definition.is_cancel_asked),
                  "an action that can cancel waits, and says for which inputs it is asked to");
  Action action;
  action.info = {.catalog = std::string(definition.catalog),
                 .name = std::string(definition.name),
                 .version = std::string(definition.version),
                 .title = std::string(definition.title),
                 .description = std::string(definition.description),
                 .docs_url = std::string(definition.docs),
                 .effect = definition.effect.effect,
                 .scope = definition.scope,
                 .role = definition.role,
                 .listing = is_listing<Output>,
                 .waits = static_cast<bool>(definition.run_waiting),
                 .input_schema = schema::json_schema<Input>(schema::Unknown::refused),
                 .output_schema = schema::json_schema<Output>(schema::Unknown::welcome)};
  // Shared because an Action is a copyable value whose functions all read one definition.
  auto const shared = std::make_shared<Definition<Input, Output> const>(std::move(definition));
  action.check = [shared](Json const& json) -> Result<void> {
    FAIRLEAD_CHECK(detail::read_input(*shared, json));
    return {};
  };
  action.plan = [shared](Api* api, Json const& json) {
    return detail::plan(*shared, {api, nullptr}, json);
  };
  action.run = [shared](Context& context, Json const& json) {
    return detail::run(*shared, context, json);
  };
  if (shared->cancel) {
    action.cancel = [shared](Context& context, Json const& json) -> Result<void> {
      FAIRLEAD_TRY(Input input, detail::ready_input(*shared, {&context.api, &context.clock}, json));
      return shared->cancel(context, input);
    };
    action.is_cancel_asked = [shared](Json const& json) {
      auto const input = detail::read_input(*shared, json);
      return input.ok() && shared->is_cancel_asked(*input);
    };
  }
  if (shared->effect.find_existing != nullptr) {
    action.find_existing = [shared](Context& context, Json const& json) {
      return detail::find_existing(*shared, context, json);
    };
  }
  return action;
}

}  // namespace fairlead::action
