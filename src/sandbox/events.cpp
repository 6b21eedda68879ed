#include "sandbox/events.h"

#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

// Hooks write times this way.
std::string hook_time(Time time) {
  std::string text = format_time(time);  // 2026-11-22T17:03:04.250Z
  return text.substr(0, 10) + " " + text.substr(11, 8) + " UTC";
}

Json hook_time_or_null(std::optional<Time> const& time) {
  return time ? Json(hook_time(*time)) : Json();
}

Json person_json(World& world, User const* user) {
  if (user == nullptr) return {};
  return Json::object({{"id", user->id},
                       {"name", user->name},
                       {"username", user->username},
                       {"avatar_url", world.web_url("uploads/-/system/user/avatar/" +
                                                    std::to_string(user->id) + "/avatar.png")},
                       {"email", user->public_email.empty() ? "[REDACTED]" : user->public_email}});
}

Json hook_project_json(World& world, Project const& project) {
  std::string const web = world.web_url(project.full_path);
  int const visibility = project.visibility == "public"     ? 20
                         : project.visibility == "internal" ? 10
                                                            : 0;
  return Json::object({{"id", project.id},
                       {"name", project.name},
                       {"description", project.description ? Json(*project.description) : Json()},
                       {"web_url", web},
                       {"avatar_url", Json()},
                       {"git_ssh_url", "git@sandbox.invalid:" + project.full_path + ".git"},
                       {"git_http_url", web + ".git"},
                       {"namespace", world.namespace_name(project.namespace_id)},
                       {"visibility_level", visibility},
                       {"path_with_namespace", project.full_path},
                       {"default_branch", text_or_null(project.default_branch)},
                       {"ci_config_path", text_or_null(project.ci_config_path)}});
}

Json repository_json(World& world, Project const& project) {
  return Json::object({{"name", project.name},
                       {"url", "git@sandbox.invalid:" + project.full_path + ".git"},
                       {"description", project.description.value_or("")},
                       {"homepage", world.web_url(project.full_path)}});
}

// A hook of the project, or of the group if there is one.
struct HookOf {
  Project const& project;
  Hook const& hook;
  Number group_id{0};
};

void queue(World& world, HookOf const& place, std::string_view event, Json const& body) {
  Hook const& hook = place.hook;
  if (hook.disabled_until && *hook.disabled_until > world.now()) return;
  if (world.deliveries.size() >= World::deliveries_max) {
    ++world.deliveries_dropped;
    return;
  }
  Delivery delivery;
  delivery.project_id = place.project.id;
  delivery.group_id = place.group_id;
  delivery.hook_id = hook.id;
  delivery.url = hook.url;
  delivery.event = event;
  delivery.event_uuid = uuid7(world.random, world.now());
  delivery.key = uuid7(world.random, world.now());
  delivery.webhook_uuid = hook.uuid;
  delivery.token = hook.token;
  delivery.signing_token = hook.signing_token;
  delivery.body = body.dump();
  world.deliveries.push_back(std::move(delivery));
  world.changed.notify_all();
}

struct Kind {
  std::string_view flag;   // "issues_events"
  std::string_view event;  // "Issue Hook"
};

bool wants(Hook const& hook, std::string_view flag) {
  auto const it = hook.events.find(flag);
  return it != hook.events.end() && it->second;
}

// The project's own, and those of the groups above it.
std::vector<HookOf> hooks_that_want(World& world, Project const& project, std::string_view flag) {
  std::vector<HookOf> wanting;
  for (Hook const& hook : project.hooks) {
    if (wants(hook, flag)) wanting.push_back({.project = project, .hook = hook});
  }
  for (Group const* group : group_chain(world, project.namespace_id)) {
    for (Hook const& hook : group->hooks) {
      if (wants(hook, flag))
        wanting.push_back({.project = project, .hook = hook, .group_id = group->id});
    }
  }
  return wanting;
}

bool any_wants(World& world, Project const& project, std::string_view flag) {
  return !hooks_that_want(world, project, flag).empty();
}

void queue_for_all(World& world, Project const& project, Kind const& kind, Json const& body) {
  for (HookOf const& place : hooks_that_want(world, project, kind.flag))
    queue(world, place, kind.event, body);
}

Json labels_json(Project const& project, Issue const& issue) {
  Json labels = Json::array();
  for (Number const id : issue.label_ids) {
    Label const* label = find_label(project, id);
    if (label == nullptr) continue;
    labels.push_back(Json::object({{"id", label->id},
                                   {"title", label->name},
                                   {"color", label->color},
                                   {"project_id", project.id},
                                   {"template", false},
                                   {"description", text_or_null(label->description)},
                                   {"type", "ProjectLabel"},
                                   {"group_id", Json()}}));
  }
  return labels;
}

Json issue_attributes(World& world, Project const& project, Issue const& issue) {
  Json assignees = Json::array();
  for (Number const id : issue.assignee_ids)
    assignees.push_back(id);
  Json json = Json::object(
      {{"author_id", issue.author_id},
       {"closed_at", hook_time_or_null(issue.closed_at)},
       {"confidential", issue.confidential},
       {"created_at", hook_time(issue.created_at)},
       {"description", issue.description ? Json(*issue.description) : Json()},
       {"discussion_locked", issue.discussion_locked ? Json(*issue.discussion_locked) : Json()},
       {"due_date", text_or_null(issue.due_date)},
       {"id", issue.id},
       {"iid", issue.iid},
       {"milestone_id", issue.milestone_id == 0 ? Json() : Json(issue.milestone_id)},
       {"project_id", project.id},
       {"title", issue.title},
       {"updated_at", hook_time(issue.updated_at)}});
  json.set("url", world.web_url(project.full_path + "/-/issues/" + std::to_string(issue.iid)));
  json.set("assignee_ids", assignees);
  json.set("assignee_id", assignees.at(0));
  json.set("labels", labels_json(project, issue));
  json.set("state", issue.closed_at ? "closed" : "opened");
  json.set("severity", issue.severity);
  json.set("type", issue.type == "incident" ? "Incident" : "Issue");
  return json;
}

Json issue_body(World& world, Project const& project, Issue const& issue, User const& by,
                IssueEvent const& event) {
  Json attributes = issue_attributes(world, project, issue);
  attributes.set("action", event.action);
  Json assignees = Json::array();
  for (Number const id : issue.assignee_ids)
    assignees.push_back(person_json(world, world.user(id)));
  return Json::object({{"object_kind", "issue"},
                       {"event_type", issue.confidential ? "confidential_issue" : "issue"},
                       {"user", person_json(world, &by)},
                       {"project", hook_project_json(world, project)},
                       {"object_attributes", std::move(attributes)},
                       {"labels", labels_json(project, issue)},
                       {"changes", event.changes},
                       {"repository", repository_json(world, project)},
                       {"assignees", std::move(assignees)}});
}

Kind issue_kind(Issue const& issue) {
  if (issue.confidential) return {"confidential_issues_events", "Confidential Issue Hook"};
  return {"issues_events", "Issue Hook"};
}

Json note_body(World& world, Project const& project, Issue const& issue, Note const& note,
               User const& by) {
  bool const internal = note.internal || issue.confidential;
  return Json::object({{"object_kind", "note"},
                       {"event_type", internal ? "confidential_note" : "note"},
                       {"user", person_json(world, &by)},
                       {"project_id", project.id},
                       {"project", hook_project_json(world, project)},
                       {"object_attributes",
                        Json::object({{"id", note.id},
                                      {"note", note.body},
                                      {"noteable_type", "Issue"},
                                      {"author_id", note.author_id},
                                      {"created_at", hook_time(note.created_at)},
                                      {"updated_at", hook_time(note.updated_at)},
                                      {"project_id", project.id},
                                      {"noteable_id", issue.id},
                                      {"system", note.system},
                                      {"internal", note.internal},
                                      {"action", "create"},
                                      {"url", world.web_url(project.full_path + "/-/issues/" +
                                                            std::to_string(issue.iid) + "#note_" +
                                                            std::to_string(note.id))}})},
                       {"repository", repository_json(world, project)},
                       {"issue", issue_attributes(world, project, issue)}});
}

Json duration_json(std::optional<Time> const& from, std::optional<Time> const& to) {
  return from && to ? Json(static_cast<double>((*to - *from).count()) / 1000.0) : Json();
}

Json builds_json(World& world, Pipeline const& pipeline) {
  Json builds = Json::array();
  for (Number const id : pipeline.job_ids) {
    Job const& job = world.state.jobs.at(id);
    if (job.retried) continue;
    builds.push_back(
        Json::object({{"id", job.id},
                      {"stage", job.stage},
                      {"name", job.name},
                      {"status", job.status},
                      {"created_at", hook_time(job.created_at)},
                      {"started_at", hook_time_or_null(job.started_at)},
                      {"finished_at", hook_time_or_null(job.finished_at)},
                      {"duration", duration_json(job.started_at, job.finished_at)},
                      {"queued_duration", duration_json(job.queued_at, job.started_at)},
                      {"failure_reason", text_or_null(job.failure_reason)},
                      {"when", job.outcome == "manual" ? "manual" : "on_success"},
                      {"manual", job.status == "manual"},
                      {"allow_failure", job.allow_failure},
                      {"user", person_json(world, world.user(pipeline.user_id))},
                      {"runner", Json()},
                      {"artifacts_file", Json::object({{"filename", Json()}, {"size", Json()}})},
                      {"environment", Json()}}));
  }
  return builds;
}

Json pipeline_body(World& world, Project const& project, Pipeline const& pipeline) {
  Json variables = Json::array();
  for (PipelineVariable const& variable : pipeline.variables) {
    variables.push_back(Json::object({{"key", variable.key}, {"value", variable.value}}));
  }
  Json const detail = pipeline_detail_json(world, pipeline);
  auto const branch = project.branches.find(pipeline.ref);
  Json attributes = Json::object(
      {{"id", pipeline.id},
       {"iid", pipeline.iid},
       {"name", text_or_null(pipeline.name)},
       {"ref", pipeline.ref},
       {"tag", pipeline.tag},
       {"sha", pipeline.sha},
       {"before_sha", detail["before_sha"]},
       {"source", pipeline.source},
       {"status", pipeline.status},
       {"detailed_status", to_lower_ascii(detail["detailed_status"]["text"].as_string())},
       {"stages", Json::array({Json("build"), Json("test"), Json("deploy")})},
       {"created_at", hook_time(pipeline.created_at)},
       {"finished_at", hook_time_or_null(pipeline.finished_at)},
       {"duration", detail["duration"]},
       {"queued_duration", detail["queued_duration"]},
       {"variables", std::move(variables)},
       {"url", detail["web_url"]}});
  return Json::object({{"object_kind", "pipeline"},
                       {"object_attributes", std::move(attributes)},
                       {"merge_request", Json()},
                       {"user", person_json(world, world.user(pipeline.user_id))},
                       {"project", hook_project_json(world, project)},
                       {"commit", branch == project.branches.end()
                                      ? Json()
                                      : commit_json(world, project, branch->second.commit)},
                       {"builds", builds_json(world, pipeline)}});
}

Json job_body(World& world, Project const& project, Pipeline const& pipeline, Job const& job) {
  return Json::object(
      {{"object_kind", "build"},
       {"ref", pipeline.ref},
       {"tag", pipeline.tag},
       {"before_sha", "0000000000000000000000000000000000000000"},
       {"sha", pipeline.sha},
       {"build_id", job.id},
       {"build_name", job.name},
       {"build_stage", job.stage},
       {"build_status", job.status},
       {"build_created_at", hook_time(job.created_at)},
       {"build_started_at", hook_time_or_null(job.started_at)},
       {"build_finished_at", hook_time_or_null(job.finished_at)},
       {"build_duration", duration_json(job.started_at, job.finished_at)},
       {"build_queued_duration", duration_json(job.queued_at, job.started_at)},
       {"build_allow_failure", job.allow_failure},
       {"build_failure_reason",
        job.failure_reason.empty() ? "unknown_failure" : job.failure_reason},
       {"retries_count", 0},
       {"pipeline_id", pipeline.id},
       {"project_id", project.id},
       {"project_name", world.namespace_name(project.namespace_id) + " / " + project.name},
       {"user", person_json(world, world.user(pipeline.user_id))},
       {"commit",
        Json::object({{"id", pipeline.id}, {"sha", pipeline.sha}, {"status", pipeline.status}})},
       {"repository", repository_json(world, project)},
       {"project", hook_project_json(world, project)},
       {"runner", Json()},
       {"environment", Json()}});
}

Json push_body(World& world, Project const& project, User const& by, PushEvent const& event) {
  return Json::object({{"object_kind", "push"},
                       {"event_name", "push"},
                       {"before", event.before},
                       {"after", event.after},
                       {"ref", "refs/heads/" + event.branch},
                       {"ref_protected", event.branch == project.default_branch},
                       {"checkout_sha", event.after},
                       {"user_id", by.id},
                       {"user_name", by.name},
                       {"user_username", by.username},
                       {"user_email", ""},
                       {"project_id", project.id},
                       {"project", hook_project_json(world, project)},
                       {"repository", repository_json(world, project)},
                       {"commits", Json::array()},
                       {"total_commits_count", 0}});
}

}  // namespace

void announce_issue(World& world, Project const& project, Issue const& issue, User const& by,
                    IssueEvent const& event) {
  Kind const kind = issue_kind(issue);
  if (any_wants(world, project, kind.flag))
    queue_for_all(world, project, kind, issue_body(world, project, issue, by, event));
}

void announce_note(World& world, Project const& project, Issue const& issue, Note const& note,
                   User const& by) {
  bool const internal = note.internal || issue.confidential;
  Kind const kind = internal ? Kind{"confidential_note_events", "Confidential Note Hook"}
                             : Kind{"note_events", "Note Hook"};
  if (any_wants(world, project, kind.flag))
    queue_for_all(world, project, kind, note_body(world, project, issue, note, by));
}

void announce_pipeline(World& world, Pipeline const& pipeline) {
  Project const* project = world.project(pipeline.project_id);
  if (project == nullptr || !any_wants(world, *project, "pipeline_events")) return;
  queue_for_all(world, *project, {"pipeline_events", "Pipeline Hook"},
                pipeline_body(world, *project, pipeline));
}

void announce_job(World& world, Job const& job) {
  Project const* project = world.project(job.project_id);
  if (project == nullptr || !any_wants(world, *project, "job_events")) return;
  Pipeline const& pipeline = world.state.pipelines.at(job.pipeline_id);
  queue_for_all(world, *project, {"job_events", "Job Hook"},
                job_body(world, *project, pipeline, job));
}

void announce_push(World& world, Project const& project, User const& by, PushEvent const& event) {
  if (!any_wants(world, project, "push_events")) return;
  queue_for_all(world, project, {"push_events", "Push Hook"}, push_body(world, project, by, event));
}

Json changes_between(Json const& before, Json const& after) {
  static std::vector<std::string> const fields{
      "title",    "description",  "labels", "assignees",         "milestone",
      "due_date", "confidential", "weight", "discussion_locked", "issue_type",
      "severity", "closed_at",    "state"};
  Json changes = Json::object();
  for (std::string const& field : fields) {
    if (before[field] == after[field]) continue;
    std::string const name = field == "state" ? "state_id" : field;
    auto const value = [&](Json const& side) -> Json {
      if (field == "state") return side[field].as_string() == "closed" ? 2 : 1;
      return side[field];
    };
    changes.set(name, Json::object({{"previous", value(before)}, {"current", value(after)}}));
  }
  return changes;
}

bool announce_test(World& world, HookTest const& test, User const& by, std::string_view trigger) {
  Project const& project = test.project;
  HookOf const place{.project = project, .hook = test.hook, .group_id = test.group_id};
  if (trigger == "issues_events") {
    if (project.issues.empty()) return false;
    Json const body = issue_body(world, project, project.issues.back(), by,
                                 {.action = "open", .changes = Json::object()});
    return queue(world, place, "Issue Hook", body), true;
  }
  if (trigger == "pipeline_events" || trigger == "job_events") {
    if (project.pipeline_ids.empty()) return false;
    Pipeline const& pipeline = world.state.pipelines.at(project.pipeline_ids.back());
    if (trigger == "pipeline_events") {
      return queue(world, place, "Pipeline Hook", pipeline_body(world, project, pipeline)), true;
    }
    Job const& job = world.state.jobs.at(pipeline.job_ids.front());
    return queue(world, place, "Job Hook", job_body(world, project, pipeline, job)), true;
  }
  if (trigger != "push_events" || project.branches.empty()) return false;
  Branch const& branch = project.branches.begin()->second;
  Json const body = push_body(
      world, project, by,
      {.branch = branch.name, .before = std::string(40, '0'), .after = branch.commit.sha});
  return queue(world, place, "Push Hook", body), true;
}

void announce_again(World& world, HookTest const& place, HookLog const& entry) {
  if (world.deliveries.size() >= World::deliveries_max) {
    ++world.deliveries_dropped;
    return;
  }
  Delivery delivery;
  delivery.project_id = place.project.id;
  delivery.group_id = place.group_id;
  delivery.hook_id = place.hook.id;
  delivery.url = place.hook.url;
  delivery.event = entry.event;
  delivery.event_uuid = entry.event_uuid;
  delivery.key = entry.key;
  delivery.webhook_uuid = place.hook.uuid;
  delivery.token = place.hook.token;
  delivery.signing_token = place.hook.signing_token;
  delivery.body = entry.body;
  world.deliveries.push_back(std::move(delivery));
  world.changed.notify_all();
}

}  // namespace fairlead::sandbox
