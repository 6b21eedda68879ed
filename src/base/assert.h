// Assertions for bugs. They stay on in release builds: a wrong state must not reach the journal.
//
// FAIRLEAD_ASSERT(condition, "what must hold") prints file, line and the text to standard error and
// aborts; the journal makes the restart safe. Never use it for bad input, which is an Error. Any
// thread.
#pragma once

namespace fairlead {

// Prints and aborts. `text` must not contain data of users.
[[noreturn]] void assertion_failed(char const* condition, char const* text, char const* file,
                                   int line);

}  // namespace fairlead

// An expression of type void, so that it fits before a comma.
#define FAIRLEAD_ASSERT(condition, text) \
  ((condition) ? static_cast<void>(0)    \
               : ::fairlead::assertion_failed(#condition, text, __FILE__, __LINE__))
