// Masks the secrets that GitLab puts into ordinary answers, before anybody can log or pass them on.
//
// A project answer to a maintainer holds `runners_token`; import URLs hold passwords. Source: recorded answers of
// GET and POST /projects (13 to 19.5). Pure; any thread.
#pragma once

#include "base/json.h"

namespace fairlead::gitlab {

// In place; looks into arrays and objects up to a fixed depth.
void mask_secrets(Json& answer);

}  // namespace fairlead::gitlab
