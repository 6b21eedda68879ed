// The frame around an untrusted jq program: what it sees, and that it cannot step out of it.
//
// A program is compiled as "bind the variables | shadow what must not be used | ( program )", so
// one compiled form serves all values of the variables: they travel inside the input as {d: input,
// v: variables, n: now}. The raw text is scanned first: its brackets and strings must close by
// themselves. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fairlead::expression {

inline constexpr std::size_t program_bytes_max = 64 * 1024;
inline constexpr std::size_t variables_max = 64;
// The user's first line is this line of the frame.
inline constexpr int frame_first_line = 2;

// Errors: invalid_input; the message says what does not close or is not available.
Result<void> check_program(std::string_view program);

// The frame with the program in it. Errors: as check_program, and a variable's name that jq cannot
// bind.
Result<std::string> frame_program(std::string_view program,
                                  std::vector<std::string> const& variables);

}  // namespace fairlead::expression
