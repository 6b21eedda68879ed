#include "store/migrations/migrations.h"

#include <array>

#include "store/migrations/0001_foundation.h"
#include "store/migrations/0002_schedules.h"
#include "store/migrations/0003_subscriptions.h"
#include "store/migrations/0004_control.h"
#include "store/migrations/0005_waiting.h"
#include "store/migrations/0006_secrets.h"
#include "store/migrations/0007_child_runs.h"
#include "store/migrations/0008_people.h"
#include "store/migrations/0009_signed_hooks.h"
#include "store/migrations/0010_kept_hooks.h"
#include "store/migrations/0011_answers.h"

namespace fairlead::store {

std::span<Migration const> migrations() {
  static constexpr std::array<Migration, 11> all{{
      {.version = 1, .name = "foundation", .sqlite = foundation_sqlite},
      {.version = 2, .name = "schedules", .sqlite = schedules_sqlite},
      {.version = 3, .name = "subscriptions", .sqlite = subscriptions_sqlite},
      {.version = 4, .name = "control", .sqlite = control_sqlite},
      {.version = 5, .name = "waiting", .sqlite = waiting_sqlite},
      {.version = 6, .name = "secrets", .sqlite = secrets_sqlite},
      {.version = 7, .name = "child runs", .sqlite = child_runs_sqlite},
      {.version = 8, .name = "people", .sqlite = people_sqlite},
      {.version = 9, .name = "signed hooks", .sqlite = signed_hooks_sqlite},
      {.version = 10, .name = "kept hooks", .sqlite = kept_hooks_sqlite},
      {.version = 11, .name = "answers", .sqlite = answers_sqlite},
  }};
  return all;
}

}  // namespace fairlead::store
