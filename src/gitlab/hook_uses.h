// Whether GitLab's events start workflows: then webhooks that deliver are in use, though no run
// waits for what they tell.
//
// Asked before webhooks are removed as unused (gitlab/keeper.h). Which place a filter means is not
// guessed: any published workflow that may start on an event of GitLab, and whose filter names no
// place, counts for all of them.
// Reads and parses the published workflows; any thread.
#pragma once

#include "store/store.h"

namespace fairlead::gitlab {

Result<bool> gitlab_starts_workflows(store::WorkflowStore& workflows);

}  // namespace fairlead::gitlab
