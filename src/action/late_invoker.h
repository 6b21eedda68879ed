// The Invoker that fills in secrets right before a call, and takes them out of what comes back.
//
// Stands before all other Invokers. Only the places that LateArguments names are evaluated; a
// failing expression is told without jq's words, which may quote a value. Thread-safe; invoke()
// blocks. See docs/adr/0008.
#pragma once

#include <memory>

#include "access/secret_source.h"
#include "action/catalogue.h"
#include "expression/evaluator.h"

namespace fairlead::action {

struct LateParts {
  Invoker& inner;
  expression::Evaluator& evaluator;
  access::SecretSource& secrets;
};

std::unique_ptr<Invoker> make_late_invoker(LateParts parts);

}  // namespace fairlead::action
