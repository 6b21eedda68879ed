// Routes of the settings that can be changed while the server runs: how long history is kept. What
// was given at the start is shown beside it.
//
// Sign-in with GitLab has its own (api/gitlab_sign_in.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/endpoint.h"
#include "run/retention_settings.h"

namespace fairlead::api {

struct SettingsParts {
  run::RetentionSettings& retention;
  Clock const& clock;
  Json at_start;  // of the start, to be shown; no secrets
};

std::vector<Endpoint> settings_endpoints(SettingsParts const& parts);

}  // namespace fairlead::api
