// Actions for the tests of this layer, which lies below the real catalogue.
//
// Inputs as in the GitLab catalogue, shortened. The templates are checked against the real one in
// tests/.
#pragma once

#include <map>
#include <string>

#include "workflow/parse.h"

namespace fairlead::workflow {

class FakeActions final : public ActionLookup {
 public:
  FakeActions();
  [[nodiscard]] std::optional<Json> input_schema(std::string_view catalog, std::string_view name,
                                                 std::string_view version) const override;
  [[nodiscard]] std::vector<std::string> ids() const override;
  // For whatever uses the connection "narrow".
  [[nodiscard]] std::optional<std::string> warning(CallTask const& call) const override;

 private:
  std::map<std::string, Json> schemas_;  // by name; all are version 1.0.0 of catalog gitlab
};

}  // namespace fairlead::workflow
