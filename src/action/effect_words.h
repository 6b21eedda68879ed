// What an action and the engine agree on about effects that cannot be looked up.
//
// An action's find_existing that has nothing to recognise its effect by answers with an Error of
// kind uncertain and this title: the engine asks a person at once instead of looking again. Plain
// words; any thread.
#pragma once

#include <string_view>

namespace fairlead::action {

inline constexpr std::string_view unrecognisable_title = "Effect cannot be recognised";

}  // namespace fairlead::action
