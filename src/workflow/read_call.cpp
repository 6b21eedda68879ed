#include <array>

#include <algorithm>

#include "base/text.h"
#include "expression/evaluator.h"
#include "net/uri_template.h"
#include "workflow/read.h"
#include "workflow/version.h"

namespace fairlead::workflow {
namespace {

struct Refusal {
  std::string_view name;
  std::string_view alternative;
};
constexpr std::array refused_calls{
    Refusal{"grpc",
            "call the service's HTTP interface with 'call: http', or from a GitLab pipeline "
            "started with 'call: trigger-pipeline:1.0.0@gitlab'"},
    Refusal{"asyncapi",
            "publish with 'emit' or 'call: http', and receive with 'schedule.on' or "
            "'listen'"},
    Refusal{"a2a", "call the agent's HTTP interface with 'call: http'"},
    Refusal{"mcp",
            "call the tool's HTTP interface with 'call: http'; this is planned for a later "
            "version"},
};
constexpr std::array refused_runs{Refusal{"container", ""}, Refusal{"script", ""},
                                  Refusal{"shell", ""}};

void refuse(Reader& reader, Place const& place, std::string const& what,
            std::string_view alternative) {
  reader.error(place, {"refused",
                       what + " is not run by Fairlead. Instead: " + std::string(alternative) + ".",
                       place.node->is_string() ? place.node->scalar.as_string() : std::string()});
}

// "create-issue:1.0.0@gitlab" into its parts.
void split_reference(CallTask& call) {
  std::string_view rest = call.function;
  if (auto const at = rest.rfind('@'); at != std::string_view::npos) {
    call.catalog = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  if (auto const colon = rest.find(':'); colon != std::string_view::npos) {
    call.version = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
  }
  call.name = rest;
}

// An endpoint's URI template: braces that are closed and name something.
void check_template(Reader& reader, Place const& endpoint) {
  auto const uri = endpoint.node->kind == YamlNode::Kind::mapping ? Reader::get(endpoint, "uri")
                                                                  : std::optional(endpoint);
  if (!uri || !uri->node->is_string()) return;
  auto const& text = uri->node->scalar.as_string();
  if (expression::expression_in(text)) return;
  auto names = net::uri_template_variables(text);
  if (names.ok()) return;
  reader.error(*uri, {"wrong-value", names.error().message +
                                         " Write {name} for a member of the task's input, or "
                                         "make the whole text one '${ ... }'."});
}

constexpr std::array<std::string_view, 7> http_methods{"get",   "head",   "post",   "put",
                                                       "patch", "delete", "options"};

// A word of HTTP in any case, or an expression.
void check_method(Reader& reader, Place const& method) {
  if (!method.node->is_string()) return;
  std::string const& text = method.node->scalar.as_string();
  std::string const word = to_lower_ascii(trim(text));
  auto const known = std::find(http_methods.begin(), http_methods.end(), word);
  if (known == http_methods.end() && !expression::expression_in(text))
    reader.word(method, "'method'", Words(http_methods.begin(), http_methods.end()));
}

void check_http(Context context, Place const& with) {
  auto& reader = context.reader;
  reader.mapping(with, "the arguments of 'call: http'",
                 {"method", "endpoint", "headers", "body", "query", "output", "redirect"});
  if (auto const method = reader.require(with, "method", "'call: http'"))
    check_method(reader, *method);
  if (auto const endpoint = reader.require(with, "endpoint", "'call: http'");
      endpoint && endpoint->node->kind == YamlNode::Kind::mapping) {
    reader.mapping(*endpoint, "an endpoint", {"uri", "authentication"});
    reader.require(*endpoint, "uri", "an endpoint");
    if (auto const policy = Reader::get(*endpoint, "authentication")) {
      read_authentication(context, *policy);
    }
  }
  if (auto const endpoint = Reader::get(with, "endpoint")) check_template(reader, *endpoint);
  if (auto const output = Reader::get(with, "output")) {
    reader.word(*output, "'output'", {"raw", "content", "response"});
  }
  if (auto const redirect = Reader::get(with, "redirect")) reader.boolean(*redirect, "'redirect'");
}

void check_openapi(Context context, Place const& with) {
  auto& reader = context.reader;
  reader.mapping(with, "the arguments of 'call: openapi'",
                 {"document", "operationId", "parameters", "authentication", "output", "redirect"});
  if (auto const document = reader.require(with, "document", "'call: openapi'")) {
    if (reader.mapping(*document, "'document'", {"name", "endpoint"})) {
      if (auto const endpoint = reader.require(*document, "endpoint", "'document'"))
        check_template(reader, *endpoint);
    }
  }
  reader.require(with, "operationId", "'call: openapi'");
  if (auto const policy = Reader::get(with, "authentication"))
    read_authentication(context, *policy);
  if (auto const output = Reader::get(with, "output")) {
    reader.word(*output, "'output'", {"raw", "content", "response"});
  }
}

bool contains(std::vector<std::string> const& names, std::string const& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Sets kind and parts; false and a problem if it cannot be called.
bool resolve(Context context, CallTask& call, Place const& place) {
  auto& reader = context.reader;
  for (auto const& refused : refused_calls) {
    if (call.function != refused.name) continue;
    refuse(reader, place, "'call: " + call.function + "'", refused.alternative);
    return false;
  }
  if (call.function == "http" || call.function == "openapi") {
    call.kind = call.function == "http" ? CallTask::Kind::http : CallTask::Kind::openapi;
    call.name = call.function;
    return true;
  }
  if (contains(context.shared.functions, call.function)) {
    call.kind = CallTask::Kind::function;
    call.name = call.function;
    return true;
  }
  if (call.function.find("://") != std::string::npos) {
    refuse(reader, place,
           "A function read from another server ('" + shorten(call.function, 80) + "')",
           "copy it into 'use.functions', or call the service with 'call: http'");
    return false;
  }
  split_reference(call);
  if (call.catalog.empty()) {
    auto const near = nearest_name(call.function, context.shared.functions);
    reader.error(place,
                 {"unknown-name",
                  "There is no function '" + shorten(call.function, 60) + "' in 'use.functions'." +
                      (near ? " Did you mean '" + *near + "'?"
                            : " A GitLab action is written '" + call.name + ":1.0.0@gitlab'."),
                  call.function, near.value_or("")});
    return false;
  }
  if (!call.version.empty() && !is_version(call.version)) {
    reader.error(place, {"wrong-value",
                         "'" + call.version + "' is no version. Write three numbers, as in '" +
                             call.name + ":1.0.0@" + call.catalog + "'.",
                         call.version});
    return false;
  }
  if (call.version.empty()) {
    reader.warning(place, {"style",
                           "No version is named, so a newer one may change what this does. "
                           "Write '" +
                               call.name + ":1.0.0@" + call.catalog + "'."});
  }
  return true;
}

}  // namespace

TaskBody read_call(Context context, Place const& task) {
  auto& reader = context.reader;
  CallTask call;
  auto const place = *Reader::get(task, "call");
  call.function = reader.text(place, "'call'");
  call.with = Json::object();
  if (call.function.empty() || !resolve(context, call, place)) return call;
  auto const with = Reader::get(task, "with");
  if (with && reader.is_mapping(*with, "'with'")) {
    call.with = reader.value(*with);
    if (call.kind == CallTask::Kind::http) check_http(context, *with);
    if (call.kind == CallTask::Kind::openapi) check_openapi(context, *with);
  } else if (!with && (call.kind == CallTask::Kind::http || call.kind == CallTask::Kind::openapi)) {
    reader.error(task, {"missing-key", "'call: " + call.function + "' needs 'with'.", "with"});
  }
  if (call.kind == CallTask::Kind::action) {
    if (auto const* connection = call.with.find("connection")) {
      call.connection = connection->as_string();
      call.with.erase("connection");
    }
    reader.calls.push_back({call, place, task, with});
  }
  static constexpr std::array<std::string_view, 4> kinds{"call action", "call function",
                                                         "call http", "call openapi"};
  reader.kinds.push_back({std::string(kinds.at(static_cast<std::size_t>(call.kind))), task});
  return call;
}

TaskBody read_run(Context context, Place const& task) {
  auto& reader = context.reader;
  RunWorkflowTask body;
  auto const run = *Reader::get(task, "run");
  if (!reader.is_mapping(run, "'run'")) return body;
  for (auto const& refused : refused_runs) {
    auto const found = Reader::get(run, refused.name);
    if (!found) continue;
    auto at = run.node->find(refused.name)->at;
    reader.error_at(
        at, found->pointer,
        {"refused",
         "'run: " + std::string(refused.name) +
             "' is not run by Fairlead: it starts no processes on its server. Instead: put "
             "it into a GitLab pipeline and start that with "
             "'call: trigger-pipeline:1.0.0@gitlab'.",
         std::string(refused.name)});
    return body;
  }
  reader.mapping(run, "'run'", {"workflow", "await", "return"});
  reader.kinds.push_back({"run workflow", task});
  if (auto const await = Reader::get(run, "await")) {
    body.await = reader.boolean(*await, "'await'").value_or(true) ? RunWorkflowTask::Await::yes
                                                                  : RunWorkflowTask::Await::no;
  }
  auto const workflow = reader.require(run, "workflow", "'run'");
  if (!workflow ||
      !reader.mapping(*workflow, "'run.workflow'", {"namespace", "name", "version", "input"})) {
    return body;
  }
  if (auto const place = reader.require(*workflow, "namespace", "'run.workflow'")) {
    body.workflow_namespace = reader.text(*place, "'namespace'");
  }
  if (auto const place = reader.require(*workflow, "name", "'run.workflow'")) {
    body.name = reader.text(*place, "'name'");
  }
  if (auto const place = Reader::get(*workflow, "version")) {
    body.version = reader.text(*place, "'version'");
    if (!body.version.empty() && body.version != "latest" && !is_version(body.version)) {
      reader.error(*place,
                   {"wrong-value", "'version' must be like 1.0.0, or latest.", body.version});
    }
  }
  if (auto const place = Reader::get(*workflow, "input")) body.input = reader.value(*place);
  return body;
}

void read_authentication(Context context, Place const& place) {
  auto& reader = context.reader;
  static Words const kinds{"use", "basic", "bearer", "digest", "oauth2", "oidc"};
  if (!reader.mapping(place, "an authentication policy", kinds)) return;
  if (place.node->members.size() != 1) {
    reader.error(place, {"wrong-value",
                         "An authentication policy is exactly one of use, basic, bearer, "
                         "digest, oauth2, oidc."});
    return;
  }
  auto const& member = place.node->members[0];
  auto const inner = place.member(member);
  if (member.key == "use") {
    auto const name = reader.text(inner, "'use'");
    if (name.empty() || contains(context.shared.authentications, name)) return;
    auto const near = nearest_name(name, context.shared.authentications);
    reader.error(inner, {"unknown-name",
                         "There is no '" + shorten(name, 60) + "' in 'use.authentications'." +
                             (near ? " Did you mean '" + *near + "'?" : std::string()),
                         name, near.value_or("")});
    return;
  }
  if (!reader.is_mapping(inner, "'" + member.key + "'")) return;
  if (auto const use = Reader::get(inner, "use")) {
    auto const name = reader.text(*use, "'use'");
    if (name.empty() || contains(context.shared.secrets, name)) return;
    auto const near = nearest_name(name, context.shared.secrets);
    reader.error(*use, {"unknown-name", "There is no '" + shorten(name, 60) + "' in 'use.secrets'.",
                        name, near.value_or("")});
    return;
  }
  auto const what = "'" + member.key + "'";
  if (member.key == "basic" || member.key == "digest") {
    reader.mapping(inner, what, {"username", "password", "use"});
    reader.require(inner, "username", what);
    reader.require(inner, "password", what);
  } else if (member.key == "bearer") {
    reader.mapping(inner, what, {"token", "use"});
    reader.require(inner, "token", what);
  } else if (member.key == "oauth2" || member.key == "oidc") {
    reader.mapping(inner, what,
                   {"authority", "grant", "client", "endpoints", "request", "issuers", "scopes",
                    "audiences", "username", "password", "subject", "actor", "use"});
    reader.require(inner, "authority", what);
    reader.require(inner, "grant", what);
  }
}

}  // namespace fairlead::workflow
