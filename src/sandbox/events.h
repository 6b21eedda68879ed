// Webhook events: payloads of issues, notes, pipelines, jobs and pushes, queued for every hook of
// the project, and of the groups above it, that wants them.
//
// Sent by HookSender. Source: doc/user/project/integrations/webhook_events.md (19.5). Hold
// World::mutex.
#pragma once

#include <string>

#include "sandbox/world.h"

namespace fairlead::sandbox {

struct IssueEvent {
  std::string action;  // open, close, reopen, update
  Json changes;        // {field: {previous, current}}
};

void announce_issue(World& world, Project const& project, Issue const& issue, User const& by,
                    IssueEvent const& event);
void announce_note(World& world, Project const& project, Issue const& issue, Note const& note,
                   User const& by);
void announce_pipeline(World& world, Pipeline const& pipeline);
void announce_job(World& world, Job const& job);
struct PushEvent {
  std::string branch;
  std::string before;
  std::string after;
};
void announce_push(World& world, Project const& project, User const& by, PushEvent const& event);
// {field: {previous, current}} of two issue answers.
Json changes_between(Json const& before, Json const& after);
struct HookTest {
  Project const& project;
  Hook const& hook;
  Number group_id{0};  // of a group's hook
};
// Sends a sample event of that trigger ("pipeline_events", ...) to one hook; false if nothing there
// can be sampled.
bool announce_test(World& world, HookTest const& test, User const& by, std::string_view trigger);
// Sends what stands in the hook's log once more, under the same key.
void announce_again(World& world, HookTest const& place, HookLog const& entry);

}  // namespace fairlead::sandbox
