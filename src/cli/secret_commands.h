// secret set, list, remove: the values of `$secrets` that Fairlead keeps.
//
// A value comes from standard input or a file, never from the command line, where everybody on the
// machine could read it. Blocking.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/session.h"

namespace fairlead::cli {

struct SecretSetOptions {
  std::string name;
  std::string file{"-"};  // "-" is standard input
};
Result<void> secret_set(Session& session, SecretSetOptions const& options);
Result<void> secret_list(Session& session);
Result<void> secret_remove(Session& session, std::string const& name);

}  // namespace fairlead::cli
