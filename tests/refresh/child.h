// What a child process of the refresh proofs does.
//
// Orders come line by line on standard input, results go line by line to standard output.
#pragma once

#include <string>

#include "tests/refresh/world.h"

namespace fairlead::refresh {

// "move <ms>" moves the clock; "go <calls>" makes that many calls at once and prints
// "<good> <bad> <first trouble>"; "recover" is what a server does at its start; the end of input
// ends it.
int run_child(std::string const& folder, std::string const& gitlab, DieAt die_at);

}  // namespace fairlead::refresh
