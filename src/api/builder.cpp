#include "api/builder.h"

#include "api/problem.h"
#include "base/text.h"
#include "workflow/yaml.h"

namespace fairlead::api {
namespace {

// ---- expressions ----

// What an expression may name; a sample need not have all of it.
Json variables_of(Json const& sample) {
  Json variables = sample["variables"].is_object() ? sample["variables"] : Json::object();
  variables.set("context", sample["context"].is_null() ? Json::object() : sample["context"]);
  variables.set("input", sample["input"]);
  variables.set("output", sample["output"]);
  variables.set("workflow", Json::object({{"input", sample["input"]}}));
  for (auto const* name : {"task", "runtime", "authorization"}) {
    if (!variables.contains(name)) variables.set(name, Json::object());
  }
  return variables;
}

Result<net::ServerResponse> evaluate(BuilderRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"expression", "sample"}));
  FAIRLEAD_TRY(auto const text, text_of(body, "expression"));
  auto const inner = expression::expression_in(text);
  auto const& sample = body["sample"];
  if (!sample.is_null() && !sample.is_object())
    return invalid_input("sample", "\"sample\" is an object: {input, context}.");
  FAIRLEAD_TRY(auto value, parts.evaluator.evaluate({.program = inner.value_or(text),
                                                     .input = sample["input"],
                                                     .variables = variables_of(sample)}));
  return net::json_response(200, Json::object({{"value", std::move(value)}}));
}

// ---- one step ----

struct Step {
  std::string pointer;
  Json body;  // what the task says
};

Result<Step> step_of(Json const& body) {
  FAIRLEAD_TRY(auto const source, text_of(body, "source"));
  FAIRLEAD_TRY(auto const pointer, text_of(body, "task"));
  FAIRLEAD_TRY(auto const root, workflow::parse_yaml(source));
  auto const document = workflow::to_json(root);
  auto const* task = pointer.empty() ? nullptr : document.pointer(pointer);
  if (task == nullptr || !task->is_object())
    return invalid_input("task", "The text has no task at \"" + shorten(pointer, 200) + "\".");
  return Step{pointer, *task};
}

// A failure of the step is the answer to the question, not a failure of the call.
net::ServerResponse failed(Error const& error) {
  return net::json_response(200, Json::object({{"problem", to_json(error)}}));
}

Result<Json> planned(BuilderRoutesParts const& parts, action::Action const& action,
                     std::string const& connection, Json const& input) {
  auto api = parts.actions.apis.open(connection);
  FAIRLEAD_TRY(auto const plan, action::dry_run(action, api.ok() ? api->get() : nullptr, input));
  Json requests = Json::array();
  for (auto const& request : plan.requests)
    requests.push_back(to_json(request));
  return Json::object({{"input", input}, {"requests", std::move(requests)}});
}

Result<net::ServerResponse> try_call(BuilderRoutesParts const& parts, Step const& step,
                                     Json const& sample, bool dry_run) {
  auto const found = parts.actions.catalogue.find(step.body["call"].as_string());
  if (!found.ok()) return failed(found.error());
  action::Action const& action = **found;
  Json const with = step.body["with"].is_null() ? Json::object() : step.body["with"];
  auto input =
      expression::evaluate_strings(parts.evaluator, with, sample["input"], variables_of(sample));
  if (!input.ok()) return failed(input.error());
  auto const connection = (*input)["connection"].string_or("");
  input->erase("connection");
  if (auto const checked = action.check(*input); !checked.ok()) return failed(checked.error());
  auto request = planned(parts, action, connection, *input);
  if (!request.ok()) return failed(request.error());
  Json answer = Json::object({{"request", std::move(*request)}});
  if (dry_run) return net::json_response(200, answer);
  action::Invocation invocation;
  invocation.catalog = action.info.catalog;
  invocation.name = action.info.name;
  invocation.version = action.info.version;
  invocation.connection = connection;
  invocation.input = std::move(*input);
  auto outcome = parts.actions.invoker.invoke(invocation);
  if (!outcome.ok()) {
    answer.set("problem", to_json(outcome.error()));
  } else {
    answer.set("output", outcome->output);
    if (outcome->wait) answer.set("waitingFor", outcome->wait->waiting_for);
  }
  return net::json_response(200, answer);
}

Result<net::ServerResponse> test_step(BuilderRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(
      only_members(body, {"source", "task", "input", "context", "output", "variables", "dryRun"}));
  FAIRLEAD_TRY(auto const step, step_of(body));
  FAIRLEAD_TRY(bool const dry_run, flag_of(body, "dryRun"));
  if (step.body.contains("set")) {
    auto value = expression::evaluate_strings(parts.evaluator, step.body["set"], body["input"],
                                              variables_of(body));
    if (!value.ok()) return failed(value.error());
    return net::json_response(200, Json::object({{"output", std::move(*value)}}));
  }
  if (step.body["call"].string_or("").find('@') != std::string::npos)
    return try_call(parts, step, body, dry_run);
  Error error = make_error(ErrorKind::invalid_input, "This kind of step cannot be tried alone.");
  error.remedy = "Actions and `set` can. Run the workflow by hand to try the rest.";
  return failed(error);
}

// ---- commands ----

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (char const c : text)
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

Result<net::ServerResponse> command(BuilderRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const* action, parts.actions.catalogue.find(call.request.param("id")));
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"input", "connection", "as"}));
  FAIRLEAD_TRY(auto const connection, text_of(body, "connection"));
  FAIRLEAD_TRY(auto const as, text_of(body, "as"));
  if (!as.empty() && as != "curl" && as != "glab")
    return invalid_input("as", "\"as\" is curl or glab.");
  Json const input = body["input"].is_null() ? Json::object() : body["input"];
  auto api = parts.actions.apis.open(connection);
  action::Api* const reader = api.ok() ? api->get() : nullptr;
  FAIRLEAD_TRY(auto const plan, action::dry_run(*action, reader, input));
  std::string const base = reader != nullptr ? reader->base_url() : "https://gitlab.example.com";
  std::string text;
  for (auto const& request : plan.requests) {
    text += text.empty() ? "" : "\n";
    text += command_of(request, base, as == "glab" ? CommandStyle::glab : CommandStyle::curl);
  }
  return net::json_response(200, Json::object({{"command", text}}));
}

}  // namespace

std::string command_of(action::Request const& request, std::string_view base_url,
                       CommandStyle style) {
  auto const method = std::string(net::to_string(request.method));
  auto const target = action::target(request);
  std::string text;
  if (style == CommandStyle::glab) {
    // `glab api` takes a path below /api/v4.
    constexpr std::string_view root = "/api/v4/";
    auto const path = target.starts_with(root) ? target.substr(root.size()) : target;
    text = "glab api --method " + method + " " + shell_quoted(path);
    if (!request.body.is_null())
      text += " --header 'Content-Type: application/json' --input - <<< " +
              shell_quoted(request.body.dump());
    return text;
  }
  text = "curl --fail-with-body --request " + method +
         " --header \"Authorization: Bearer $GITLAB_TOKEN\"";
  if (!request.body.is_null())
    text +=
        " --header 'Content-Type: application/json' --data " + shell_quoted(request.body.dump());
  return text + " " + shell_quoted(std::string(base_url) + target);
}

std::vector<Endpoint> builder_endpoints(BuilderRoutesParts parts) {
  using access::Role;
  using net::Method;
  return {{Method::post, "/api/v1/expressions/evaluate", Role::author,
           "What an expression gives on sample data",
           [parts](Call const& call) { return evaluate(parts, call); }},
          {Method::post, "/api/v1/workflows/test-step", Role::author,
           "Try one step of a text, dry or for real",
           [parts](Call const& call) { return test_step(parts, call); }},
          {Method::post, "/api/v1/actions/{id}/command", Role::operator_,
           "An action as a command for curl or glab",
           [parts](Call const& call) { return command(parts, call); }}};
}

}  // namespace fairlead::api
