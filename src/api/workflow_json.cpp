#include "api/workflow_json.h"

#include <algorithm>

#include "vault/digest.h"

namespace fairlead::api {

std::string starts_on(workflow::Document const& document) {
  if (!document.schedule) return "by hand";
  auto const& schedule = *document.schedule;
  if (schedule.cron) return "cron " + *schedule.cron;
  if (schedule.every) return "every " + format_duration(*schedule.every);
  if (schedule.after) return format_duration(*schedule.after) + " after its end";
  std::string types;
  for (auto const& filter : schedule.on) {
    if (!types.empty()) types += ", ";
    types += filter.with["type"].string_or("any event");
  }
  return types;
}

Json brief(store::WorkflowRecord const& record) {
  Json json = Json::object({{"namespace", record.workflow_namespace},
                            {"name", record.name},
                            {"version", record.version},
                            {"status", record.status},
                            {"contentHash", record.content_hash},
                            {"createdAt", format_time(record.created_at)}});
  if (auto document = workflow::parse(record.source); document.ok()) {
    json.set("title", (*document)->title);
    json.set("summary", (*document)->summary);
    json.set("startsOn", starts_on(**document));
  }
  return json;
}

void set_trace(Json& row, store::WorkflowTrace const& trace) {
  if (trace.written_at) row.set("updatedAt", format_time(*trace.written_at));
  if (!trace.last_end) return;
  row.set("lastOutcome", Json::object({{"run", trace.last_end->run.text},
                                       {"status", trace.last_end->status},
                                       {"startedAt", format_time(trace.last_end->started_at)},
                                       {"endedAt", format_time(trace.last_end->ended_at)}}));
}

Json to_json(store::ScheduleRecord const& schedule) {
  Json json = Json::object({{"plan", schedule.plan}});
  if (schedule.next_at) json.set("nextStart", format_time(*schedule.next_at));
  if (schedule.last_at) json.set("lastStart", format_time(*schedule.last_at));
  if (!schedule.last_run.text.empty()) json.set("lastRun", schedule.last_run.text);
  json.set("skipped", schedule.skipped);
  if (schedule.skipped_at) json.set("skippedAt", format_time(*schedule.skipped_at));
  if (!schedule.skipped_why.empty()) json.set("skippedWhy", schedule.skipped_why);
  return json;
}

store::WorkflowRecord record_of(workflow::Document const& document, std::string source, Time now) {
  store::WorkflowRecord record;
  record.workflow_namespace = document.workflow_namespace;
  record.name = document.name;
  record.version = document.version;
  record.status = "published";
  record.content_hash = vault::sha256_hex(source);
  record.source = std::move(source);
  record.created_at = now;
  return record;
}

Error no_workflow(std::string_view workflow_namespace, std::string_view name,
                  std::string_view version) {
  Error error = make_error(
      ErrorKind::not_found,
      "There is no workflow " + std::string(workflow_namespace) + "/" + std::string(name) +
          (version.empty() ? "" : " in version " + std::string(version)) + ".");
  error.remedy = "See `fairlead workflow list`.";
  return error;
}

store::WorkflowRecord const* shown_version(std::vector<store::WorkflowRecord> const& versions) {
  auto const found = std::find_if(versions.begin(), versions.end(),
                                  [](auto const& record) { return record.status == "published"; });
  if (found != versions.end()) return &*found;
  return versions.empty() ? nullptr : &versions.front();
}

Error version_taken(Error error) {
  error.title = "Version already published";
  error.remedy = "A published version never changes: raise document.version and publish again.";
  return error;
}

}  // namespace fairlead::api
