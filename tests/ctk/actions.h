// ScriptedActions: the GitLab actions of a scenario, which answer what its steps say.
//
// Everything else (calls of the language itself) goes to the real invoker. An action without an
// answer fails its task and names the step that gives one. Single-threaded, as the engine in the
// runner is.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "action/catalogue.h"

namespace fairlead::ctk {

class ScriptedActions final : public action::Invoker {
 public:
  explicit ScriptedActions(action::Invoker& real) : real_(real) {}

  // `name` is the action's: "create-issue".
  void answer(std::string const& name, Json output);
  // Before the answer, that many times.
  void fail_first(std::string const& name, Error error, int times);
  void fail(std::string const& name, Error error);
  // Inputs of the calls so far, {name, input} each.
  [[nodiscard]] std::vector<Json> const& calls() const { return calls_; }

  Result<action::Outcome> invoke(action::Invocation const& invocation) override;
  Result<action::ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                         std::string_view version) const override;

 private:
  struct Script {
    std::deque<Error> failures;
    std::optional<Error> failure;
    std::optional<Json> output;
  };

  action::Invoker& real_;
  std::map<std::string, Script, std::less<>> scripts_;
  std::vector<Json> calls_;
};

}  // namespace fairlead::ctk
