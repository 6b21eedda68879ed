#include "app/action_lookup.h"

#include "action/scopes.h"
#include "base/text.h"
#include "builtin/approval_invoker.h"
#include "gitlab/actions.h"

namespace fairlead::app {

std::vector<action::Action> every_action() {
  auto actions = gitlab::all_actions();
  actions.push_back(builtin::request_approval());
  return actions;
}

std::optional<Json> CatalogueLookup::input_schema(std::string_view catalog, std::string_view name,
                                                  std::string_view version) const {
  auto action = catalogue_.find(catalog, name, version);
  if (!action.ok()) return std::nullopt;
  return (*action)->info.input_schema;
}

// A place of secrets that fails now is no reason for a warning about the workflow.
bool CatalogueLookup::has_secret(std::string_view name) const {
  if (secrets_ == nullptr) return true;
  auto const found = secrets_->find(name);
  return !found.ok() || found->has_value();
}

std::vector<std::string> CatalogueLookup::ids() const {
  std::vector<std::string> ids;
  for (auto const& action : catalogue_.actions())
    ids.push_back(action.info.name + ":" + action.info.version + "@" + action.info.catalog);
  return ids;
}

std::optional<std::string> CatalogueLookup::warning(workflow::CallTask const& call) const {
  auto const action = catalogue_.find(call.catalog, call.name, call.version);
  // Which connection an expression gives, only the run knows.
  bool const computed = call.connection.find("${") != std::string::npos;
  if (connections_ == nullptr || !action.ok() || (*action)->info.scope == action::Scope::none ||
      computed)
    return std::nullopt;
  auto const connection = connections_->find(call.connection);
  if (!connection.ok()) {
    if (call.connection.empty() || connection.error().kind != ErrorKind::not_found)
      return std::nullopt;
    return "There is no connection '" + shorten(call.connection, 80) +
           "' yet: a run would fail here. Make one with `fairlead connect gitlab --name`.";
  }
  // With expressions inside it may not be known yet what is asked: then as the action says.
  auto needed = (*action)->info.scope;
  if ((*action)->plan) {
    auto const plan = (*action)->plan(nullptr, call.with);
    if (plan.ok()) needed = action::needed_by(*plan, needed);
  }
  bool const refused = needed == action::Scope::api && connection->settings["readOnly"].as_bool();
  if (refused)
    return "The connection '" + connection->name + "' is kept read-only; " + call.name +
           " writes: a run would fail here.";
  if (action::grants(connection->scopes, needed)) return std::nullopt;
  auto const granted = split(connection->scopes, ' ');
  return "The connection '" + connection->name + "' has the scopes " + join(granted, ", ") + "; " +
         call.name + " needs " + std::string(action::to_string(needed)) +
         ". Reconnect it with that scope.";
}

}  // namespace fairlead::app
