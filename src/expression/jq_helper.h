// The program of a helper process: libjq behind a locked door.
//
// The server starts copies of itself that do nothing but this (expression/helper_pool.h). Before
// the first expression the helper gives up files, network, new processes and all memory but a fixed
// amount; what an expression breaks is the helper alone. One thread.
#pragma once

#include <cstddef>
#include <optional>

namespace fairlead::expression {

// Beyond what the process has when it starts.
inline constexpr std::size_t helper_memory_bytes = 64 * 1024 * 1024;
// Compiled programs kept by one helper; the pool says which one goes.
inline constexpr int helper_slots = 128;
// Processor seconds for one request before the kernel ends the helper: only needed when the server
// is gone.
inline constexpr int helper_cpu_seconds = 10;
// The hidden argument of the server's binary.
inline constexpr char const* helper_argument = "--jq-helper";

// Serves requests until the input ends; the process's exit code.
int jq_helper_main(int in_fd, int out_fd);

// For main(): runs the helper on standard input and output if argv[1] is the hidden argument.
std::optional<int> run_as_jq_helper(int argc, char const* const* argv);

}  // namespace fairlead::expression
