// What a fresh sandbox holds: people, groups, projects, an OAuth application and personal tokens
// with known values.
//
// Hold World::mutex.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/world.h"

namespace fairlead::sandbox {

void seed(World& world);
// `count` open issues written in turn by the seeded people, one second apart, with a few labels.
void add_many_issues(World& world, Project& project, Number count, std::string_view title);

}  // namespace fairlead::sandbox
