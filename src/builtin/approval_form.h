// ApprovalForm: what a person fills in when deciding, as a small JSON Schema.
//
// Our restricted kind: an object whose properties are text, number, integer or boolean, with enum,
// bounds, lengths, title and description; no nesting. Every approval shows as the same plain form
// on every screen. Pure; any thread.
#pragma once

#include "base/json.h"
#include "base/result.h"

namespace fairlead::builtin {

inline constexpr std::size_t form_fields_max = 50;
inline constexpr std::size_t form_text_max = 10'000;

// null is no form. Errors: invalid_input, `where` names the place ("form.properties.host.type").
Result<void> check_form(Json const& form);
// The values of a form that passed check_form(). Errors: invalid_input, `where` is "values.host".
Result<void> check_values(Json const& form, Json const& values);

}  // namespace fairlead::builtin
