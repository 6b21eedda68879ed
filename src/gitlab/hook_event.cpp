#include "gitlab/hook_event.h"

#include <algorithm>
#include <array>
#include <utility>

#include "action/mask.h"
#include "base/text.h"
#include "base/trace_parent.h"
#include "vault/digest.h"

namespace fairlead::gitlab {
namespace {

constexpr std::string_view other_type = "com.gitlab.other";
constexpr std::size_t id_bytes_max = 200;

// GitLab's object_kind and our word for it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kinds{{
    {"push", "push"},
    {"tag_push", "tag-push"},
    {"issue", "issue"},
    {"work_item", "work-item"},
    {"note", "note"},
    {"merge_request", "merge-request"},
    {"pipeline", "pipeline"},
    {"build", "job"},
    {"wiki_page", "wiki-page"},
    {"deployment", "deployment"},
    {"feature_flag", "feature-flag"},
    {"release", "release"},
    {"milestone", "milestone"},
    {"emoji", "emoji"},
    {"access_token", "access-token"},
    {"member", "member"},
    {"subgroup", "subgroup"},
    {"project", "project"},
    {"vulnerability", "vulnerability"},
}};

std::string type_of(Json const& body) {
  std::string_view const kind = body["object_kind"].as_string();
  // Newer servers send an issue as a work item of that type.
  if (kind == "work_item" && body["object_attributes"]["type"].as_string() == "Issue")
    return "com.gitlab.issue";
  for (auto const& [theirs, ours] : kinds) {
    if (theirs == kind) return "com.gitlab." + std::string(ours);
  }
  return std::string(other_type);
}

std::string number_text(Json const& number) {
  return number.is_integer() ? std::to_string(number.as_integer()) : std::string();
}

// "ops/incidents#12", "ops/incidents!3", "ops/runbooks/pipelines/345", "ops/incidents"
std::string subject_of(Json const& body, std::string_view type) {
  std::string project = body["project"]["path_with_namespace"].as_string();
  if (project.empty()) project = body["project_name"].as_string();
  Json const& object = body["object_attributes"];
  std::string const iid = number_text(object["iid"]);
  std::string subject = project;
  if (type == "com.gitlab.pipeline") subject += "/pipelines/" + number_text(object["id"]);
  if (type == "com.gitlab.job") subject += "/jobs/" + number_text(body["build_id"]);
  if (type == "com.gitlab.issue" && !iid.empty()) subject += "#" + iid;
  if (type == "com.gitlab.merge-request" && !iid.empty()) subject += "!" + iid;
  if (subject.size() > hook_subject_bytes_max) subject.resize(hook_subject_bytes_max);
  return replace_invalid_utf8(subject);
}

// The same for a repeated delivery, and only for that. X-Gitlab-Event-UUID alone is shared by hooks
// that follow from each other.
std::string id_of(net::Headers const& headers, std::string_view raw) {
  for (auto const* name : {"idempotency-key", "webhook-id"}) {
    std::string_view const key = trim(headers.get(name));
    if (!key.empty() && key.size() <= id_bytes_max) return replace_invalid_utf8(key);
  }
  std::string const digest = vault::sha256_hex(raw);
  std::string_view const uuid = trim(headers.get("x-gitlab-event-uuid"));
  if (uuid.empty() || uuid.size() > id_bytes_max) return digest;
  return replace_invalid_utf8(uuid) + "." + digest;
}

// What identifies it, for a body that is too large to keep.
Json essence_of(Json const& body) {
  Json const& object = body["object_attributes"];
  Json attributes = Json::object();
  for (auto const* name : {"id", "iid", "status", "state", "action", "ref", "sha", "url"}) {
    if (Json const& value = object[name]; value.is_number() || value.as_string().size() < 1'000)
      attributes.set(name, value);
  }
  return Json::object(
      {{"object_kind", body["object_kind"]},
       {"project", Json::object({{"id", body["project"]["id"]},
                                 {"path_with_namespace", body["project"]["path_with_namespace"]},
                                 {"web_url", body["project"]["web_url"]}})},
       {"object_attributes", std::move(attributes)},
       {"fairlead_truncated", true}});
}

// Each name once.
std::vector<std::string> projects_of(Json const& body) {
  std::vector<std::string> names;
  for (auto name : {number_text(body["project"]["id"]), number_text(body["project_id"]),
                    body["project"]["path_with_namespace"].as_string()}) {
    bool const usable = !name.empty() && name.size() <= hook_subject_bytes_max &&
                        name.find(':') == std::string::npos;
    if (usable && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }
  return names;
}

std::vector<PipelineKey> wakes_of(Json const& body, std::string_view type) {
  std::int64_t pipeline = 0;
  if (type == "com.gitlab.pipeline") pipeline = body["object_attributes"]["id"].as_integer();
  if (type == "com.gitlab.job") pipeline = body["pipeline_id"].as_integer();
  if (pipeline <= 0) return {};
  std::vector<PipelineKey> wakes;
  for (auto& project : projects_of(body))
    wakes.push_back({.project = std::move(project), .pipeline = pipeline});
  return wakes;
}

// A pipeline or job that has not ended says when it began, which is not what the delivery is about.
// Source: https://docs.gitlab.com/user/project/integrations/webhook_events/ (read 2026-11).
std::optional<Time> happened_at(Json const& body, std::string_view type) {
  auto const& attributes = body["object_attributes"];
  if (type == "com.gitlab.pipeline") return parse_time(attributes["finished_at"].as_string());
  if (type == "com.gitlab.job") return parse_time(body["build_finished_at"].as_string());
  return parse_time(attributes["updated_at"].as_string());
}

}  // namespace

Result<HookEvent> hook_event(net::Headers const& headers, std::string_view raw,
                             HookOrigin const& origin) {
  auto parsed = Json::parse(raw);
  if (!parsed.ok() || !parsed->is_object()) {
    Error error = invalid_input("body", "The body of the webhook is no JSON object.");
    if (!parsed.ok()) error.cause = parsed.error().message;
    return error;
  }
  Json body = std::move(parsed).value();
  HookEvent out;
  std::string const type = type_of(body);
  std::string const subject = subject_of(body, type);
  out.projects = projects_of(body);
  out.wakes = wakes_of(body, type);
  if (type == "com.gitlab.pipeline") {
    out.status = body["object_attributes"]["status"].as_string();
    out.finished_at = parse_time(body["object_attributes"]["finished_at"].as_string());
  }
  out.happened_at = happened_at(body, type);
  action::mask_secrets(body);
  if (raw.size() > hook_data_bytes_max) body = essence_of(body);
  out.event = {.source = origin.base_url,
               .id = id_of(headers, raw),
               .type = type,
               .received_at = origin.now};
  Json envelope = Json::object({{"specversion", "1.0"},
                                {"id", out.event.id},
                                {"source", out.event.source},
                                {"type", type},
                                {"time", format_time(origin.now)},
                                {"datacontenttype", "application/json"}});
  // GitLab sends none by itself; a custom header or a proxy before us may.
  if (auto const parent = headers.get("traceparent"); parse_trace_parent(parent))
    envelope.set("traceparent", parent);
  if (!subject.empty()) envelope.set("subject", subject);
  std::string const theirs = shorten(replace_invalid_utf8(headers.get("x-gitlab-event")), 100);
  if (!theirs.empty()) envelope.set("gitlabevent", theirs);
  envelope.set("data", std::move(body));
  out.event.envelope = std::move(envelope);
  return out;
}

}  // namespace fairlead::gitlab
