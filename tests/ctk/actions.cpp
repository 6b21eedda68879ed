#include "actions.h"

#include <utility>

namespace fairlead::ctk {

void ScriptedActions::answer(std::string const& name, Json output) {
  scripts_[name].output = std::move(output);
}

void ScriptedActions::fail_first(std::string const& name, Error error, int times) {
  for (int i = 0; i < times; ++i)
    scripts_[name].failures.push_back(error);
}

void ScriptedActions::fail(std::string const& name, Error error) {
  scripts_[name].failure = std::move(error);
}

Result<action::Outcome> ScriptedActions::invoke(action::Invocation const& invocation) {
  if (invocation.catalog != "gitlab") return real_.invoke(invocation);
  if (invocation.mode == action::Invocation::Mode::cancel) return action::Outcome{};
  calls_.push_back(Json::object({{"name", invocation.name}, {"input", invocation.input}}));
  auto const found = scripts_.find(invocation.name);
  if (found != scripts_.end()) {
    auto& script = found->second;
    if (!script.failures.empty()) {
      Error error = std::move(script.failures.front());
      script.failures.pop_front();
      return error;
    }
    if (script.failure) return *script.failure;
    if (script.output) return action::Outcome{.output = *script.output};
  }
  return invalid_input("", "The scenario gives the action '" + invocation.name +
                               "' no answer: add the step \"the action '" + invocation.name +
                               "' answers:\".");
}

Result<action::ActionInfo const*> ScriptedActions::info(std::string_view catalog,
                                                        std::string_view name,
                                                        std::string_view version) const {
  return real_.info(catalog, name, version);
}

}  // namespace fairlead::ctk
