// The words of an error as a sentence: "there is no run x" -> "There is no run x."
//
// Deep layers say what happened in a few words; whoever shows it to a person (API, command line)
// makes a sentence of it. A first word that is a name, a path or a URL stays as it is. Pure.
#pragma once

#include "base/error.h"

namespace fairlead {

std::string sentence(std::string text);
// Of the message; that of a field begins with its name: "\"title\" is missing."
std::string message_sentence(Error const& error);

}  // namespace fairlead
