#include "api/connection_gate.h"

#include <algorithm>
#include <deque>

#include "api/problem.h"
#include "base/text.h"
#include "workflow/yaml.h"

namespace fairlead::api {
namespace {

using access::Role;
using store::ConnectionRecord;

constexpr int forbidden = 403;
constexpr std::string_view expression_mark = "${";

Role minimum_of(ConnectionRecord const& record) {
  return access::role_from(record.settings["minimumRole"].as_string()).value_or(Role::viewer);
}

bool means(ConnectionRecord const& record, std::string const& name) {
  if (name.empty()) return record.is_default;
  auto const& aliases = record.settings["aliases"].items();
  return record.name == name ||
         std::ranges::any_of(aliases, [&](Json const& alias) { return alias.as_string() == name; });
}

void look(Json const& node, ConnectionUses& uses) {
  for (auto const& item : node.items())
    look(item, uses);
  for (auto const& [name, value] : node.members())
    look(value, uses);
  Json const& child = node["run"]["workflow"];
  if (child.is_object())
    uses.workflows.insert(child["namespace"].as_string() + "/" + child["name"].as_string() + "/" +
                          child["version"].as_string());
  // Not only "@gitlab": functions of a catalogue or of the document's own may lead there as well.
  if (!node["call"].is_string()) return;
  std::string const name = node["with"]["connection"].as_string();
  if (name.find(expression_mark) != std::string::npos)
    uses.named = ConnectionUses::Named::computed;
  else if (!name.empty() || node["call"].as_string().ends_with("@gitlab"))
    uses.names.insert(name);
}

// Asks for one call of a route; made once a request.
class Check {
 public:
  Check(ConnectionGateParts const& parts, Call const& call) : parts_(parts), call_(call) {}

  Result<void> named(std::string const& name) {
    FAIRLEAD_TRY(auto const* all, connections());
    for (auto const& record : *all)
      if (means(record, name)) FAIRLEAD_CHECK(one(record));
    return {};
  }

  Result<void> any() {
    FAIRLEAD_TRY(auto const* all, connections());
    for (auto const& record : *all)
      FAIRLEAD_CHECK(one(record));
    return {};
  }

  // Also what it runs as sub-workflows: else they would be a way around.
  Result<void> definition(Json const& whole) {
    std::set<std::string> seen;
    std::deque<std::string> open;
    FAIRLEAD_CHECK(uses(whole, seen, open));
    while (!open.empty()) {
      if (seen.size() > gate_workflows_max) return any();
      auto const parts = split(open.front(), '/');
      open.pop_front();
      if (parts.size() != 3) continue;
      auto const document = parts_.library.get(
          {.workflow_namespace = parts[0], .name = parts[1], .version = parts[2]});
      if (document.ok()) FAIRLEAD_CHECK(uses((*document)->definition, seen, open));
    }
    return {};
  }

  Result<void> source(std::string const& text) {
    auto const parsed = workflow::parse_yaml(text);
    if (!parsed.ok()) return {};  // the handler says what is wrong with it
    return definition(workflow::to_json(*parsed));
  }

  Result<void> workflow(run::WorkflowLibrary::Name const& name) {
    auto const document = parts_.library.get(name);
    return document.ok() ? definition((*document)->definition) : Result<void>();
  }

  [[nodiscard]] Call const& call() const { return call_; }
  [[nodiscard]] ConnectionGateParts const& parts() const { return parts_; }
  // Null if it is none.
  [[nodiscard]] Json body() const {
    auto parsed = Json::parse(call_.request.body);
    return parsed.ok() ? std::move(*parsed) : Json();
  }

 private:
  Result<std::vector<ConnectionRecord> const*> connections() {
    if (!all_) {
      FAIRLEAD_TRY(all_, parts_.connections.list());
    }
    return &*all_;
  }

  Result<void> one(ConnectionRecord const& record) {
    if (may_use(call_.caller.role, record)) return {};
    std::string const needed(access::to_string(minimum_of(record)));
    Error error = make_error(ErrorKind::denied,
                             "The connection \"" + record.name + "\" is for the role " + needed +
                                 " and above; \"" + call_.caller.name + "\" has the role " +
                                 std::string(access::to_string(call_.caller.role)) + ".");
    error.title = "Not your connection";
    error.remedy = "Use another connection, or ask an org admin.";
    return error;
  }

  Result<void> uses(Json const& whole, std::set<std::string>& seen, std::deque<std::string>& open) {
    ConnectionUses const found = connection_uses(whole);
    if (found.named == ConnectionUses::Named::computed) return any();
    for (auto const& name : found.names)
      FAIRLEAD_CHECK(named(name));
    for (auto const& child : found.workflows) {
      if (child.find(expression_mark) != std::string::npos) return any();
      if (seen.insert(child).second) open.push_back(child);
    }
    return {};
  }

  ConnectionGateParts const& parts_;
  Call const& call_;
  std::optional<std::vector<ConnectionRecord>> all_;
};

// ---- what each route uses ----

Result<void> by_path(Check& check) { return check.named(check.call().request.param("name")); }

Result<void> by_body(Check& check) { return check.named(check.body()["connection"].as_string()); }

Result<void> by_text(Check& check) { return check.source(check.call().request.body); }

// {source, connection?}
Result<void> by_source(Check& check) {
  Json const body = check.body();
  FAIRLEAD_CHECK(check.named(body["connection"].as_string()));
  return check.source(body["source"].as_string());
}

Result<void> by_files(Check& check) {
  Json const body = check.body();
  for (auto const& file : body["files"].items())
    FAIRLEAD_CHECK(check.source(file["source"].as_string()));
  return {};
}

// Publishing a draft or a former version again: any that may be meant.
Result<void> by_versions(Check& check) {
  auto const& request = check.call().request;
  std::string const version = check.body()["version"].as_string();
  FAIRLEAD_TRY(auto const versions,
               check.parts().workflows.versions(request.param("namespace"), request.param("name")));
  for (auto const& record : versions) {
    bool const meant = version.empty() ? record.status == "draft" : record.version == version;
    if (meant) FAIRLEAD_CHECK(check.source(record.source));
  }
  return {};
}

Result<void> by_workflow(Check& check) {
  auto const& request = check.call().request;
  return check.workflow({.workflow_namespace = request.param("namespace"),
                         .name = request.param("name"),
                         .version = check.body()["version"].as_string()});
}

Result<void> by_run(Check& check) {
  auto const run = check.parts().runs.get(RunId(check.call().request.param("id")));
  if (!run.ok()) return {};
  std::string const version = check.body()["version"].as_string();
  return check.workflow({.workflow_namespace = run->workflow_namespace,
                         .name = run->workflow_name,
                         .version = version.empty() ? run->workflow_version : version});
}

// Which runs it will be is not known yet.
Result<void> by_bulk(Check& check) {
  return check.body()["action"].as_string() == "replay" ? check.any() : Result<void>();
}

using Asks = Result<void> (*)(Check&);

struct Row {
  net::Method method;
  std::string_view path;
  Asks asks;
};
constexpr Row rows[] = {
    {net::Method::post, "/api/v1/actions/{id}/run", by_body},
    {net::Method::post, "/api/v1/workflows", by_text},
    {net::Method::post, "/api/v1/workflows/apply", by_files},
    {net::Method::post, "/api/v1/workflows/test-step", by_source},
    {net::Method::post, "/api/v1/workflows/dry-run", by_source},
    {net::Method::post, "/api/v1/workflows/check", by_source},
    {net::Method::post, "/api/v1/actions/{id}/command", by_body},
    {net::Method::post, "/api/v1/workflows/{namespace}/{name}/publish", by_versions},
    {net::Method::post, "/api/v1/workflows/{namespace}/{name}/rollback", by_versions},
    {net::Method::post, "/api/v1/workflows/{namespace}/{name}/run", by_workflow},
    {net::Method::post, "/api/v1/webhooks", by_body},
    {net::Method::post, "/api/v1/runs/{id}/replay", by_run},
    {net::Method::post, "/api/v1/bulk/runs", by_bulk},
};

Asks asks_of(Endpoint const& endpoint) {
  if (endpoint.path.starts_with("/api/v1/connections/{name}")) return by_path;
  for (auto const& row : rows)
    if (row.method == endpoint.method && row.path == endpoint.path) return row.asks;
  return nullptr;
}

}  // namespace

ConnectionUses connection_uses(Json const& definition) {
  ConnectionUses uses;
  look(definition, uses);
  return uses;
}

bool may_use(Role role, ConnectionRecord const& record) {
  return access::allows(role, minimum_of(record));
}

std::vector<Endpoint> gated(std::vector<Endpoint> endpoints, ConnectionGateParts const& parts) {
  for (auto& endpoint : endpoints) {
    Asks const asks = asks_of(endpoint);
    if (asks == nullptr) continue;
    endpoint.handler = [parts, asks, handler = std::move(endpoint.handler)](
                           Call const& call) -> Result<net::ServerResponse> {
      Check check(parts, call);
      auto allowed = asks(check);
      if (!allowed.ok() && allowed.error().kind == ErrorKind::denied)
        return problem(allowed.error(), forbidden);
      FAIRLEAD_CHECK(std::move(allowed));
      return handler(call);
    };
  }
  return endpoints;
}

}  // namespace fairlead::api
