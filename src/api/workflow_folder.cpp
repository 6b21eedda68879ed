#include "api/workflow_folder.h"

#include <algorithm>
#include <map>
#include <set>

#include "api/workflow_json.h"
#include "gitlab/hook_wishes.h"
#include "store/rules.h"
#include "vault/digest.h"
#include "workflow/diff.h"
#include "workflow/text_diff.h"
#include "workflow/version.h"

namespace fairlead::api {
namespace {

using Record = store::WorkflowRecord;
using Key = std::pair<std::string, std::string>;

struct FolderFile {
  std::string path;
  std::string source;
};

struct Folder {
  std::vector<FolderFile> files;
  enum class Prune { no, yes } prune{Prune::no};
  std::string digest;  // of the plan to apply; "" for any
};

// What is on the server, without drafts, newest first.
struct Present {
  std::vector<Record> all;
  std::map<Key, std::vector<Record>> workflows;
  std::string state;
};

struct Planned {
  std::string path;
  // create, update, enable, disable, unchanged; unmanaged: not in the folder; invalid, conflict:
  // stop the whole.
  std::string change;
  Record record;  // as it would be
  std::string from_version;
  Json changes = Json::array();
  std::string text;
  Json problems = Json::array();
  std::string message;  // of a conflict
};

struct Plan {
  std::vector<Planned> items;
  std::string digest;
};

Result<Folder> folder_of(Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"files", "prune", "digest"}));
  Folder folder;
  FAIRLEAD_TRY(bool const prune, flag_of(body, "prune"));
  if (prune) folder.prune = Folder::Prune::yes;
  FAIRLEAD_TRY(folder.digest, text_of(body, "digest"));
  if (!body["files"].is_array())
    return invalid_input("files", "\"files\" must be a list of {path, source}.");
  if (body["files"].size() > folder_files_max)
    return invalid_input(
        "files", "A folder may have " + std::to_string(folder_files_max) + " files at most.");
  for (auto const& file : body["files"].items()) {
    FAIRLEAD_TRY(auto path, text_of(file, "path"));
    FAIRLEAD_TRY(auto source, text_of(file, "source"));
    folder.files.push_back({.path = std::move(path), .source = std::move(source)});
  }
  std::sort(folder.files.begin(), folder.files.end(),
            [](auto const& a, auto const& b) { return a.path < b.path; });
  return folder;
}

Result<Present> present(WorkflowRoutesParts const& parts) {
  Present present;
  FAIRLEAD_TRY(present.all, parts.store.versions("", ""));
  present.state = store::workflows_state(present.all);
  for (auto const& record : present.all) {
    if (record.status != "draft")
      present.workflows[{record.workflow_namespace, record.name}].push_back(record);
  }
  return present;
}

void add_difference(Planned& item, Record const& before) {
  item.from_version = before.version;
  item.text = workflow::unified_diff(before.source, item.record.source);
  auto const found = workflow::differences(before.source, item.record.source);
  if (!found.ok()) return;
  for (auto const& each : *found)
    item.changes.push_back(workflow::to_json(each));
}

Planned in_conflict(Planned item, std::string message) {
  item.change = "conflict";
  item.message = std::move(message);
  return item;
}

// A file against the versions of its workflow, newest first.
Planned compare(Planned item, std::vector<Record> const& versions) {
  if (versions.empty()) {
    item.change = "create";
    return item;
  }
  auto const& newest = versions.front();
  auto const same = std::find_if(versions.begin(), versions.end(), [&](Record const& record) {
    return record.version == item.record.version;
  });
  auto const order = workflow::compare_versions(item.record.version, newest.version);
  if (same == versions.end() && order > 0) {
    item.change = "update";
    add_difference(item, *shown_version(versions));
    return item;
  }
  bool const other_content =
      same != versions.end() && same->content_hash != item.record.content_hash;
  if (other_content) {
    add_difference(item, *same);
    return in_conflict(std::move(item),
                       "Version " + item.record.version +
                           " is published with other content: raise document.version to " +
                           workflow::next_patch_version(newest.version) + ".");
  }
  if (order < 0) {
    return in_conflict(std::move(item), "The server has the newer version " + newest.version +
                                            ": take it over with `fairlead workflow export`, or "
                                            "go back with `fairlead workflow rollback`.");
  }
  item.change = same->status == "published" ? "unchanged" : "enable";
  return item;
}

Planned plan_file(WorkflowRoutesParts const& parts, Present const& present, FolderFile const& file,
                  std::set<Key>& seen) {
  Planned item;
  item.path = file.path;
  auto validation = workflow::validate(file.source, parts.actions, &parts.evaluator);
  gitlab::add_hook_problems(validation, file.source);
  item.problems = workflow::to_json(validation)["problems"];
  if (!validation.ok()) {
    item.change = "invalid";
    return item;
  }
  item.record = record_of(*validation.document, file.source, parts.clock.now());
  Key const key(item.record.workflow_namespace, item.record.name);
  if (!seen.insert(key).second)
    return in_conflict(std::move(item), "Another file of the folder holds " + key.first + "/" +
                                            key.second + ", too.");
  auto const found = present.workflows.find(key);
  static std::vector<Record> const none;
  return compare(std::move(item), found == present.workflows.end() ? none : found->second);
}

// What no file holds and is in force.
void plan_rest(Present const& present, Folder const& folder, std::set<Key> const& seen,
               std::vector<Planned>& items) {
  for (auto const& [key, versions] : present.workflows) {
    auto const* shown = shown_version(versions);
    if (seen.contains(key) || shown->status != "published") continue;
    Planned item;
    item.change = folder.prune == Folder::Prune::yes ? "disable" : "unmanaged";
    item.record = *shown;
    item.from_version = shown->version;
    items.push_back(std::move(item));
  }
}

Plan plan_of(WorkflowRoutesParts const& parts, Present const& present, Folder const& folder) {
  Plan plan;
  std::set<Key> seen;
  std::string text = present.state + (folder.prune == Folder::Prune::yes ? "\nprune\n" : "\n");
  for (auto const& file : folder.files) {
    plan.items.push_back(plan_file(parts, present, file, seen));
    text += file.path + "\n" + vault::sha256_hex(file.source) + "\n";
  }
  plan_rest(present, folder, seen, plan.items);
  plan.digest = "sha256:" + vault::sha256_hex(text);
  return plan;
}

Json to_json(Planned const& item) {
  Json json = Json::object({{"change", item.change}});
  if (!item.path.empty()) json.set("path", item.path);
  if (!item.record.name.empty()) {
    json.set("namespace", item.record.workflow_namespace);
    json.set("name", item.record.name);
    json.set("version", item.record.version);
  }
  if (!item.from_version.empty()) json.set("fromVersion", item.from_version);
  if (!item.changes.empty()) json.set("changes", item.changes);
  if (!item.text.empty()) json.set("text", item.text);
  if (!item.message.empty()) json.set("message", item.message);
  if (!item.problems.empty()) json.set("problems", item.problems);
  return json;
}

bool stops(Planned const& item) { return item.change == "invalid" || item.change == "conflict"; }

Json to_json(Plan const& plan) {
  Json items = Json::array();
  std::map<std::string, int> counts;
  bool ok = true;
  int changes = 0;
  for (auto const& item : plan.items) {
    items.push_back(to_json(item));
    ++counts[item.change];
    ok = ok && !stops(item);
    if (item.change != "unchanged" && item.change != "unmanaged" && !stops(item)) ++changes;
  }
  Json summary = Json::object();
  for (auto const& [change, count] : counts)
    summary.set(change, count);
  return Json::object({{"ok", ok},
                       {"changes", changes},
                       {"digest", plan.digest},
                       {"summary", std::move(summary)},
                       {"items", std::move(items)}});
}

Result<net::ServerResponse> make_plan(WorkflowRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const folder, folder_of(call));
  FAIRLEAD_TRY(auto const now, present(parts));
  return net::json_response(200, to_json(plan_of(parts, now, folder)));
}

store::WorkflowBatch batch_of(Plan const& plan, Present const& present) {
  store::WorkflowBatch batch;
  batch.expected_state = present.state;
  for (auto const& item : plan.items) {
    if (item.change == "create" || item.change == "update") batch.puts.push_back(item.record);
    if (item.change == "enable") batch.statuses.push_back(item.record);
    if (item.change != "disable") continue;
    for (auto record : present.workflows.at({item.record.workflow_namespace, item.record.name})) {
      if (record.status != "published") continue;
      record.status = "disabled";
      batch.statuses.push_back(std::move(record));
    }
  }
  return batch;
}

Result<net::ServerResponse> apply(WorkflowRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const folder, folder_of(call));
  FAIRLEAD_TRY(auto const now, present(parts));
  auto const plan = plan_of(parts, now, folder);
  if (!folder.digest.empty() && folder.digest != plan.digest) return store::workflows_changed();
  auto json = to_json(plan);
  if (!json["ok"].as_bool()) {
    Error error = make_error(ErrorKind::conflict, "The folder cannot be applied as it is.");
    error.remedy = "`fairlead workflow plan` says what is wrong with which file.";
    error.details = std::move(json);
    return error;
  }
  if (json["changes"].as_integer() > 0) {
    FAIRLEAD_CHECK(parts.store.apply(batch_of(plan, now)));
    parts.library.refresh();
  }
  return net::json_response(200, json);
}

// One file a workflow, the newest published text byte for byte.
Result<net::ServerResponse> export_all(WorkflowRoutesParts const& parts) {
  FAIRLEAD_TRY(auto const latest, parts.store.latest());
  Json files = Json::array();
  for (auto const& record : latest) {
    bool const json = record.source.starts_with('{');
    files.push_back(Json::object(
        {{"path", record.workflow_namespace + "/" + record.name + (json ? ".json" : ".yaml")},
         {"namespace", record.workflow_namespace},
         {"name", record.name},
         {"version", record.version},
         {"source", record.source}}));
  }
  return net::json_response(200, Json::object({{"files", std::move(files)}}));
}

}  // namespace

std::vector<Endpoint> workflow_folder_endpoints(WorkflowRoutesParts parts) {
  using access::Role;
  using net::Method;
  return {
      {Method::post, "/api/v1/workflows/plan", Role::viewer,
       "What applying a folder of workflows would change",
       [parts](Call const& call) { return make_plan(parts, call); }},
      {Method::post, "/api/v1/workflows/apply", Role::author,
       "Publish a folder of workflows, all or nothing",
       [parts](Call const& call) { return apply(parts, call); }},
      {Method::get, "/api/v1/workflows/export", Role::viewer, "All published workflows as files",
       [parts](Call const&) { return export_all(parts); }},
  };
}

}  // namespace fairlead::api
