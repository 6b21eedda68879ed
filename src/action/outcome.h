// From an answer to an Outcome: the untyped leaves of define.h.
//
// Every output passes finished(), which masks secrets. Blocking where it takes a Context.
#pragma once

#include <optional>
#include <vector>

#include "action/action.h"

namespace fairlead::action {

// Sends the only request there is. Asserts that there is exactly one: several need `.run`.
Result<Response> send_only(Context& context, std::vector<Request> const& requests);
// corrupt if the answer is no JSON though there is text: a proxy's page.
Result<void> expect_json(Response const& response);
// Masks secrets.
Outcome finished(Json output, std::optional<Wait> wait = std::nullopt);

}  // namespace fairlead::action
