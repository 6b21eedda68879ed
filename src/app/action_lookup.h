// What workflow validation asks about actions, answered from the catalogue.
//
// The bridge between layers that do not know each other. Read-only; any thread; warning() blocks on
// the store.
#pragma once

#include "action/catalogue.h"
#include "store/store.h"
#include "workflow/parse.h"

namespace fairlead::app {

class CatalogueLookup final : public workflow::ActionLookup {
 public:
  CatalogueLookup(action::Catalogue const& catalogue, store::ConnectionStore& connections)
      : catalogue_(catalogue), connections_(connections) {}

  [[nodiscard]] std::optional<Json> input_schema(std::string_view catalog, std::string_view name,
                                                 std::string_view version) const override;
  [[nodiscard]] std::vector<std::string> ids() const override;
  [[nodiscard]] std::optional<std::string> warning(workflow::CallTask const& call) const override;

 private:
  action::Catalogue const& catalogue_;
  store::ConnectionStore& connections_;
};

}  // namespace fairlead::app
