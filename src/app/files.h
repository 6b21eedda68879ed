// Small reads and writes of whole files for programs: PEM files, secrets, the server's address.
//
// Blocking. Errors name the path and what to do.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace fairlead::app {

// At most 1 MiB. "" gives "".
Result<std::string> read_small_file(std::filesystem::path const& path);
Result<void> write_small_file(std::filesystem::path const& path, std::string const& text);

}  // namespace fairlead::app
