// What workflow validation asks about actions and secrets.
//
// The bridge between layers that do not know each other. Read-only; any thread; warning() blocks on
// the store.
#pragma once

#include "access/secret_source.h"
#include "action/catalogue.h"
#include "store/store.h"
#include "workflow/parse.h"

namespace fairlead::app {

// Every action of this binary.
std::vector<action::Action> every_action();

class CatalogueLookup final : public workflow::ActionLookup {
 public:
  // Without a server (null): connections and secrets are taken to be there.
  explicit CatalogueLookup(action::Catalogue const& catalogue,
                           store::ConnectionStore* connections = nullptr,
                           access::SecretSource* secrets = nullptr)
      : catalogue_(catalogue), connections_(connections), secrets_(secrets) {}

  [[nodiscard]] std::optional<Json> input_schema(std::string_view catalog, std::string_view name,
                                                 std::string_view version) const override;
  [[nodiscard]] std::vector<std::string> ids() const override;
  [[nodiscard]] bool has_secret(std::string_view name) const override;
  [[nodiscard]] std::optional<std::string> warning(workflow::CallTask const& call) const override;

 private:
  action::Catalogue const& catalogue_;
  store::ConnectionStore* connections_;
  access::SecretSource* secrets_;
};

}  // namespace fairlead::app
