// Texts that we write into GitLab: descriptions and comments, without commands, with an invisible
// marker.
//
// GitLab executes lines that begin with "/" ("/close", "/assign @x") as quick actions, whoever's
// words they are; text of an event must not do that unless the author allows it. The marker is an
// HTML comment: it makes one effect of one run recognisable, so that a create with an unknown
// outcome can be looked up. Pure; any thread.
// Source: https://docs.gitlab.com/user/project/quick_actions/ (19.5)
#pragma once

#include <string>
#include <string_view>

#include "action/action.h"
#include "schema/field.h"

namespace fairlead::gitlab {

enum class QuickActions { neutralise, allow };
constexpr auto enum_names(QuickActions) {
  using enum QuickActions;
  return std::array{schema::EnumName<QuickActions>{neutralise, "neutralise", "Take them as text"},
                    schema::EnumName<QuickActions>{allow, "allow", "Execute them"}};
}

// Puts a backslash, which Markdown does not show, before every line's "/word".
std::string neutralise_quick_actions(std::string_view text);
// Nothing but quick actions: such a comment is executed and never stored.
bool only_quick_actions(std::string_view text);

// "fairlead:<id>", or "fairlead:key:<dedupe_key>" with a key; "" if neither is given. Fit for a
// search box.
std::string effect_marker(action::EffectMarker const& marker);
std::string key_marker(std::string_view dedupe_key);
// The text with "<!-- marker -->" on a line of its own behind it; the marker may be "".
std::string with_marker(std::string text, std::string_view marker);
bool has_marker(std::string_view text, std::string_view marker);

}  // namespace fairlead::gitlab
