// The table of the core's tests: a workflow, an input, what comes out, and what the journal tells.
//
// Test code only.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace fairlead::run::testing_support {

struct Case {
  std::string name;
  std::string body;   // below `document`
  std::string input;  // JSON
  std::string status;
  std::string result;           // JSON: the output, or members of the error
  std::string story;            // notes, one a line; empty: not compared
  std::vector<Error> failures;  // of the action `flaky`
};

Error failure(ErrorKind kind, int status, std::string message = "it broke");
std::vector<Case> structure_cases();
std::vector<Case> all_cases();

}  // namespace fairlead::run::testing_support
