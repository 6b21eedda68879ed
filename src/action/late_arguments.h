// LateArguments: the arguments of a call that are known only at the moment of the call, because
// they hold secrets.
//
// The engine journals such an argument as the text that stands in the document. Which places those
// are, the document says, never the data. make_late_invoker() (action/late_invoker.h) fills them
// in right before the call. Pure data.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace fairlead::action {

// One place in the input.
struct LatePlace {
  std::string pointer;  // "/headers/X-Api-Key"
  // program: jq text without ${ }; secret: the name of a secret whose value is put here.
  enum class Kind { program, secret } kind{Kind::program};
  std::string text;
  std::vector<std::string> secrets;  // names it needs
};

struct LateArguments {
  std::vector<LatePlace> places;
  Json input;            // of the programs: "."
  Json variables;        // without $secrets
  std::string workflow;  // "ops/restart:1.0.0", for the error of a missing secret
};

}  // namespace fairlead::action
