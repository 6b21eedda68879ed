#include "gitlab/listed_events.h"

#include <optional>

namespace fairlead::gitlab {
namespace {

std::optional<Time> time_of(Json const& value) { return parse_time(value.as_string()); }

bool after(Json const& time, Time since) {
  auto const at = time_of(time);
  return at && *at >= since;
}

// "ops/incidents" of "ops/incidents#7" or "ops/web!3"; of a pipeline's page for want of that.
std::string path_of(Json const& row) {
  std::string const& full = row["references"]["full"].as_string();
  if (!full.empty()) return full.substr(0, full.find_first_of("#!"));
  std::string const& url = row["web_url"].as_string();
  std::size_t const end = url.find("/-/");
  std::size_t const host = url.find("://");
  if (end == std::string::npos || host == std::string::npos) return "";
  std::size_t const begin = url.find('/', host + 3);
  return begin < end ? url.substr(begin + 1, end - begin - 1) : "";
}

Json project_of(Json const& row) {
  std::string const& url = row["web_url"].as_string();
  std::size_t const end = url.find("/-/");
  return Json::object({{"id", row["project_id"]},
                       {"path_with_namespace", path_of(row)},
                       {"web_url", end == std::string::npos ? "" : url.substr(0, end)}});
}

std::string action_of(Json const& row, Time since) {
  if (after(row["merged_at"], since)) return "merge";
  if (after(row["closed_at"], since)) return "close";
  if (after(row["created_at"], since)) return "open";
  return "update";
}

std::string event_type_of(ListedKind const& kind, Json const& row) {
  return (row["confidential"].as_bool() ? "confidential_" : "") + std::string(kind.object_kind);
}

Json labels_of(Json const& row) {
  Json labels = Json::array();
  for (auto const& label : row["labels"].items())
    labels.push_back(Json::object({{"title", label}}));
  return labels;
}

// What both forms have under the same name; the webhook calls the page "url".
Json attributes_of(ListedKind const& kind, Json const& row, Time since) {
  Json attributes = Json::object();
  for (auto const* name :
       {"id",          "iid",        "project_id",   "title",         "description",
        "state",       "status",     "ref",          "sha",           "tag",
        "source",      "created_at", "updated_at",   "closed_at",     "merged_at",
        "finished_at", "due_date",   "confidential", "source_branch", "target_branch",
        "draft"}) {
    if (row.contains(name)) attributes.set(name, row[name]);
  }
  attributes.set("url", row["web_url"]);
  if (row["author"].is_object()) attributes.set("author_id", row["author"]["id"]);
  if (kind.object_kind == "pipeline") return attributes;
  attributes.set("action", action_of(row, since));
  attributes.set("labels", labels_of(row));
  return attributes;
}

}  // namespace

bool would_be_told(ListedKind const& kind, Json const& row, Json const& hook) {
  if (kind.object_kind != "issue") return true;
  if (row["confidential"].as_bool() && !hook["confidential_issues_events"].as_bool()) return false;
  std::string const type = row["issue_type"].string_or("issue");
  return type == "issue" || type == "incident";
}

Json listed_body(ListedKind const& kind, Json const& row, Time since) {
  Json body = Json::object({{"object_kind", std::string(kind.object_kind)},
                            {"event_type", event_type_of(kind, row)},
                            {"project", project_of(row)},
                            {"object_attributes", attributes_of(kind, row, since)},
                            {"changes", Json::object()},
                            {"fairlead_backfilled", true}});
  if (kind.object_kind != "pipeline") body.set("labels", labels_of(row));
  Json const& person = row["user"].is_object() ? row["user"] : row["author"];
  if (person.is_object()) body.set("user", person);
  if (row["assignees"].is_array()) body.set("assignees", row["assignees"]);
  return body;
}

std::string state_of(ListedKind const& kind, Json const& body) {
  Json const& object = body["object_attributes"];
  if (!object["id"].is_integer()) return "";
  std::string const id = std::to_string(object["id"].as_integer());
  if (kind.object_kind == "pipeline") return id + " " + object["status"].as_string();
  // Webhooks tell seconds, the API milliseconds.
  auto const at = time_of(object["updated_at"]);
  return at ? id + " " + std::to_string(to_epoch_ms(*at) / 1'000) : "";
}

}  // namespace fairlead::gitlab
