// Opens a web page in the person's browser, where there is one.
//
// Starts xdg-open without a shell and does not wait for it. Linux.
#pragma once

#include <string>

namespace fairlead::cli {

// False if there is no display or no xdg-open.
bool open_browser(std::string const& url);

}  // namespace fairlead::cli
