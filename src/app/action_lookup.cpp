#include "app/action_lookup.h"

namespace fairlead::app {

std::optional<Json> CatalogueLookup::input_schema(std::string_view catalog, std::string_view name,
                                                  std::string_view version) const {
  auto action = catalogue_.find(catalog, name, version);
  if (!action.ok()) return std::nullopt;
  return (*action)->info.input_schema;
}

std::vector<std::string> CatalogueLookup::ids() const {
  std::vector<std::string> ids;
  for (auto const& action : catalogue_.actions())
    ids.push_back(action.info.name + ":" + action.info.version + "@" + action.info.catalog);
  return ids;
}

}  // namespace fairlead::app
