// What a helper process gives up before it touches anything untrusted.
//
// Linux: resource limits and a seccomp filter that lets memory management, reading and writing of
// open descriptors and ending through, and nothing else. One thread, once, in the helper.
#pragma once

#include <cstddef>

namespace fairlead::expression {

// False if the kernel refused; the helper must then not run anything. No way back.
bool enter_jail(std::size_t memory_bytes);
// Sets the processor time after which the kernel ends this process, counted from now.
void allow_cpu_seconds(int seconds);

}  // namespace fairlead::expression
