#include "api/workflow_versions.h"

#include <algorithm>

#include "api/workflow_json.h"
#include "workflow/diff.h"
#include "workflow/publish_checks.h"
#include "workflow/rewrite.h"
#include "workflow/text_diff.h"
#include "workflow/version.h"
#include "workflow/yaml.h"

namespace fairlead::api {
namespace {

using Records = std::vector<store::WorkflowRecord>;

struct Named {
  std::string const& workflow_namespace;
  std::string const& name;
};

Named named(Call const& call) {
  return {call.request.param("namespace"), call.request.param("name")};
}

Result<Records> versions_of(WorkflowRoutesParts const& parts, Named const& which) {
  FAIRLEAD_TRY(auto versions, parts.store.versions(which.workflow_namespace, which.name));
  if (versions.empty()) return no_workflow(which.workflow_namespace, which.name);
  return versions;
}

Result<store::WorkflowRecord> version_in(Records const& versions, std::string_view version) {
  auto const found = std::find_if(versions.begin(), versions.end(),
                                  [&](auto const& record) { return record.version == version; });
  if (found != versions.end()) return *found;
  return no_workflow(versions.front().workflow_namespace, versions.front().name, version);
}

// A version no one has yet, newer than all.
std::string free_version(Records const& versions) {
  return workflow::next_patch_version(versions.front().version);
}

// ---- compare ----

// Without `from`: what was in force before `to`. Without `to`: the newest there is, a draft
// included.
Result<std::pair<store::WorkflowRecord, store::WorkflowRecord>> compared(Records const& versions,
                                                                         std::string_view from,
                                                                         std::string_view to) {
  auto newer = versions.front();
  if (!to.empty()) {
    FAIRLEAD_TRY(newer, version_in(versions, to));
  }
  if (!from.empty()) {
    FAIRLEAD_TRY(auto older, version_in(versions, from));
    return std::pair(std::move(older), std::move(newer));
  }
  auto const at = std::find_if(versions.begin(), versions.end(),
                               [&](auto const& record) { return record.version == newer.version; });
  auto const older = std::find_if(at + 1, versions.end(),
                                  [](auto const& record) { return record.status != "draft"; });
  if (older != versions.end()) return std::pair(*older, std::move(newer));
  Error error = make_error(ErrorKind::not_found,
                           "There is no version before " + newer.version + " to compare it with.");
  error.remedy = "`fairlead workflow show` with --output json lists the versions.";
  return error;
}

Result<net::ServerResponse> diff(WorkflowRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const versions, versions_of(parts, named(call)));
  FAIRLEAD_TRY(auto const pair, compared(versions, call.request.query_value("from"),
                                         call.request.query_value("to")));
  auto const& [before, after] = pair;
  FAIRLEAD_TRY(auto const found, workflow::differences(before.source, after.source));
  Json changes = Json::array();
  for (auto const& each : found)
    changes.push_back(workflow::to_json(each));
  return net::json_response(
      200, Json::object({{"from", before.version},
                         {"to", after.version},
                         {"changes", std::move(changes)},
                         {"text", workflow::unified_diff(before.source, after.source)}}));
}

// ---- publish ----

// Validates `source` and publishes it.
Result<Json> publish_text(WorkflowRoutesParts const& parts, std::string source,
                          workflow::Force force) {
  auto const validation =
      workflow::validate_to_publish(source, parts.actions, &parts.evaluator, force);
  if (!validation.ok()) return workflow::to_error(validation.problems);
  auto const record = record_of(*validation.document, std::move(source), parts.clock.now());
  auto put = parts.store.put(record);
  if (!put.ok() && put.error().kind == ErrorKind::conflict)
    return version_taken(std::move(put).error());
  FAIRLEAD_CHECK(std::move(put));
  parts.library.refresh();
  Json json = brief(record);
  json.set("problems", workflow::to_json(validation)["problems"]);
  return json;
}

Result<net::ServerResponse> rollback(WorkflowRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"version"}));
  FAIRLEAD_TRY(auto const wanted, text_of(body, "version"));
  FAIRLEAD_TRY(auto const versions, versions_of(parts, named(call)));
  FAIRLEAD_TRY(auto const old, version_in(versions, wanted));
  if (old.status == "draft") {
    return make_error(ErrorKind::conflict,
                      "Version " + wanted + " is a draft: there is nothing to go back to.");
  }
  FAIRLEAD_TRY(auto source, workflow::with_version(old.source, free_version(versions)));
  FAIRLEAD_TRY(auto json, publish_text(parts, std::move(source), workflow::Force::yes));
  call.note.target = old.workflow_namespace + "/" + old.name + ":" + json["version"].as_string();
  json.set("change", "published");
  json.set("contentOf", old.version);
  return net::json_response(201, json);
}

// ---- drafts ----

constexpr std::size_t name_bytes_max = 128;
constexpr std::string_view name_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.+";

// namespace, name and version of a text that may have any other fault.
Result<Json> header_of(std::string const& source) {
  FAIRLEAD_TRY(auto const root, workflow::parse_yaml(source));
  auto header = workflow::to_json(root)["document"];
  for (auto const* key : {"namespace", "name", "version"}) {
    auto const& text = header[key].as_string();
    bool const plain = !text.empty() && text.size() <= name_bytes_max &&
                       text.find_first_not_of(name_letters) == std::string::npos;
    if (plain) continue;
    return invalid_input("document", std::string("A draft needs document.") + key +
                                         " of letters, digits and hyphens.");
  }
  return header;
}

// Errors: invalid_input.
Result<std::string> check_draft(Json const& header, Named const& which) {
  if (header["namespace"].as_string() != which.workflow_namespace ||
      header["name"].as_string() != which.name) {
    return invalid_input("document", "The draft is of " + header["namespace"].as_string() + "/" +
                                         header["name"].as_string() + ", not of " +
                                         which.workflow_namespace + "/" + which.name + ".");
  }
  auto version = header["version"].as_string();
  if (workflow::is_version(version)) return version;
  return invalid_input("document.version",
                       "A draft needs a semantic version of three numbers, as in '1.0.0'.");
}

Result<net::ServerResponse> save_draft(WorkflowRoutesParts const& parts, Call const& call) {
  std::string source = call.request.body;
  FAIRLEAD_TRY(auto const header, header_of(source));
  bool const by_path = call.request.params.contains("name");
  Named const which =
      by_path ? named(call) : Named{header["namespace"].as_string(), header["name"].as_string()};
  call.note.target = which.workflow_namespace + "/" + which.name;
  FAIRLEAD_TRY(std::string version, check_draft(header, which));
  FAIRLEAD_TRY(auto const versions, parts.store.versions(which.workflow_namespace, which.name));
  auto const taken = std::any_of(versions.begin(), versions.end(), [&](auto const& record) {
    return record.version == version && record.status != "draft";
  });
  if (taken) {
    // Editing what is published makes a draft of the next patch version; a draft of that number is
    // the one being edited.
    auto const published = std::find_if(versions.begin(), versions.end(), [](auto const& record) {
      return record.status != "draft";
    });
    version = workflow::next_patch_version(published->version);
    FAIRLEAD_TRY(source, workflow::with_version(source, version));
  }
  auto const validation = workflow::validate(source, parts.actions, &parts.evaluator);
  workflow::Document labels;
  labels.workflow_namespace = which.workflow_namespace;
  labels.name = which.name;
  labels.version = version;
  auto record = record_of(labels, source, parts.clock.now());
  record.status = "draft";
  FAIRLEAD_CHECK(parts.store.put(record));
  Json json = brief(record);
  json.set("source", std::move(source));
  json.set("ok", validation.ok());
  json.set("problems", workflow::to_json(validation)["problems"]);
  return net::json_response(200, json);
}

Result<net::ServerResponse> publish_draft(WorkflowRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"version", "force"}));
  FAIRLEAD_TRY(auto const wanted, text_of(body, "version"));
  FAIRLEAD_TRY(bool const forced, flag_of(body, "force"));
  auto const force = forced ? workflow::Force::yes : workflow::Force::no;
  FAIRLEAD_TRY(auto const versions, versions_of(parts, named(call)));
  auto const draft = std::find_if(versions.begin(), versions.end(), [&](auto const& record) {
    return record.status == "draft" && (wanted.empty() || record.version == wanted);
  });
  if (draft == versions.end()) {
    Error error =
        make_error(ErrorKind::not_found,
                   "There is no draft" + (wanted.empty() ? "" : " " + wanted) + " of " +
                       versions.front().workflow_namespace + "/" + versions.front().name + ".");
    error.remedy = "Save one with `fairlead workflow draft FILE`.";
    return error;
  }
  call.note.target = draft->workflow_namespace + "/" + draft->name + ":" + draft->version;
  FAIRLEAD_TRY(auto json, publish_text(parts, draft->source, force));
  json.set("change", "published");
  return net::json_response(201, json);
}

Result<net::ServerResponse> discard(WorkflowRoutesParts const& parts, Call const& call) {
  auto const which = named(call);
  FAIRLEAD_CHECK(parts.store.remove_draft(which.workflow_namespace, which.name,
                                          call.request.param("version")));
  return net::ServerResponse{.status = 204, .headers = {}, .body = {}};
}

// ---- on and off ----

struct Switch {
  std::string from;
  std::string to;
};

Result<net::ServerResponse> set_all(WorkflowRoutesParts const& parts, Call const& call,
                                    Switch const& change) {
  auto const& [from, to] = change;
  FAIRLEAD_TRY(auto const versions, versions_of(parts, named(call)));
  store::WorkflowBatch batch;
  for (auto record : versions) {
    if (record.status != from) continue;
    record.status = to;
    batch.statuses.push_back(std::move(record));
  }
  bool const changed = !batch.statuses.empty();
  if (changed) {
    FAIRLEAD_CHECK(parts.store.apply(batch));
    parts.library.refresh();
  }
  return net::json_response(
      200,
      Json::object({{"change", changed ? (to == "disabled" ? "disabled" : "enabled") : "unchanged"},
                    {"namespace", versions.front().workflow_namespace},
                    {"name", versions.front().name}}));
}

}  // namespace

std::vector<Endpoint> workflow_version_endpoints(WorkflowRoutesParts parts) {
  using access::Role;
  using net::Method;
  std::string const one = "/api/v1/workflows/{namespace}/{name}";
  return {
      {Method::get, one + "/diff", Role::viewer, "Compare two versions, task by task and as text",
       [parts](Call const& call) { return diff(parts, call); }},
      {Method::post, one + "/rollback", Role::author,
       "Publish the content of an old version as the next patch version",
       [parts](Call const& call) { return rollback(parts, call); }},
      {Method::put, one + "/draft", Role::author, "Save a draft (body: YAML)",
       [parts](Call const& call) { return save_draft(parts, call); }},
      {Method::put, "/api/v1/workflows/draft", Role::author,
       "Save a draft of whatever workflow the body (YAML) says",
       [parts](Call const& call) { return save_draft(parts, call); }},
      {Method::post, one + "/publish", Role::author, "Publish a draft",
       [parts](Call const& call) { return publish_draft(parts, call); }},
      {Method::delete_, one + "/versions/{version}", Role::author, "Throw a draft away",
       [parts](Call const& call) { return discard(parts, call); }},
      {Method::post, one + "/disable", Role::author, "Start no runs of it any more",
       [parts](Call const& call) {
         return set_all(parts, call, {.from = "published", .to = "disabled"});
       }},
      {Method::post, one + "/enable", Role::author, "Undo disable",
       [parts](Call const& call) {
         return set_all(parts, call, {.from = "disabled", .to = "published"});
       }},
  };
}

}  // namespace fairlead::api
