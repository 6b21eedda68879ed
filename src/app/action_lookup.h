// What workflow validation asks about actions, answered from the catalogue.
//
// The bridge between two layers that do not know each other. Read-only; any thread.
#pragma once

#include "action/catalogue.h"
#include "workflow/parse.h"

namespace fairlead::app {

class CatalogueLookup final : public workflow::ActionLookup {
 public:
  explicit CatalogueLookup(action::Catalogue const& catalogue) : catalogue_(catalogue) {}

  [[nodiscard]] std::optional<Json> input_schema(std::string_view catalog, std::string_view name,
                                                 std::string_view version) const override;
  [[nodiscard]] std::vector<std::string> ids() const override;

 private:
  action::Catalogue const& catalogue_;
};

}  // namespace fairlead::app
