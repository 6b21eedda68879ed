// The Invoker for calls of the language itself: `call: http` and `call: openapi`.
//
// Stands before the Invoker of the catalogue and passes on everything else, so the engine has one
// door for all calls. What a call does follows from its input: GET, HEAD and OPTIONS read; PUT and
// DELETE change and may be repeated; POST and PATCH may not, unless they carry an Idempotency-Key:
// then an unclear outcome is a person's to decide. Thread-safe; invoke() blocks.
#pragma once

#include <memory>

#include "action/catalogue.h"
#include "base/random.h"

namespace fairlead::builtin {

struct OutsideParts {
  net::HttpTransport& transport;
  Clock const& clock;
  Random& random;
  action::Invoker& catalogue;  // for all other calls
};

std::unique_ptr<action::Invoker> make_outside_invoker(OutsideParts parts);

}  // namespace fairlead::builtin
