#include "app/action_lookup.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace fairlead::app {
namespace {

// api includes read_api, which includes read_user.
// https://docs.gitlab.com/integration/oauth_provider/ (checked on 19.5)
bool grants(std::vector<std::string> const& granted, action::Scope needed) {
  using action::Scope;
  static constexpr std::array wider{Scope::read_user, Scope::read_api, Scope::api};
  auto const from = std::find(wider.begin(), wider.end(), needed);
  return std::any_of(from, wider.end(), [&](Scope scope) {
    return std::find(granted.begin(), granted.end(), action::to_string(scope)) != granted.end();
  });
}

}  // namespace

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
  if (!action.ok() || (*action)->info.scope == action::Scope::none || computed) return std::nullopt;
  auto const connection = connections_.find(call.connection);
  if (!connection.ok()) {
    if (call.connection.empty() || connection.error().kind != ErrorKind::not_found)
      return std::nullopt;
    return "There is no connection '" + shorten(call.connection, 80) +
           "' yet: a run would fail here. Make one with `fairlead connect gitlab --name`.";
  }
  auto const granted = split(connection->scopes, ' ');
  if (connection->scopes.empty() || grants(granted, (*action)->info.scope)) return std::nullopt;
  return "The connection '" + connection->name + "' has the scopes " + join(granted, ", ") + "; " +
         call.name + " needs " + std::string(action::to_string((*action)->info.scope)) +
         ". Reconnect it with that scope.";
}

}  // namespace fairlead::app
