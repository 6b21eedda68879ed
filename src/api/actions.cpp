#include "api/actions.h"

#include "api/problem.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

constexpr std::size_t stream_buffered_max = 256u << 10;
constexpr Milliseconds stream_patience{60'000};

struct RunRequest {
  action::Action const* action{nullptr};
  std::string connection;
  Json input;
  Json wait_state;  // of the answer before, while the action waits
  bool dry_run{false};
};

Json brief(action::ActionInfo const& info) {
  return Json::object({{"id", info.id()},
                       {"name", info.name},
                       {"catalog", info.catalog},
                       {"version", info.version},
                       {"title", info.title},
                       {"description", info.description},
                       {"effect", action::to_string(info.effect)},
                       {"scope", action::to_string(info.scope)},
                       {"role", action::to_string(info.role)},
                       {"listing", info.listing},
                       {"waits", info.waits},
                       {"docsUrl", info.docs_url}});
}

Json whole(action::ActionInfo const& info) {
  Json json = brief(info);
  json.set("inputSchema", info.input_schema);
  json.set("outputSchema", info.output_schema);
  return json;
}

Result<RunRequest> read_run_request(ActionRoutesParts const& parts,
                                    net::ServerRequest const& request) {
  RunRequest run;
  FAIRLEAD_TRY(run.action, parts.catalogue.find(request.param("id")));
  FAIRLEAD_TRY(auto body, json_body(request));
  FAIRLEAD_CHECK(only_members(body, {"input", "connection", "dryRun", "waitState"}));
  FAIRLEAD_TRY(run.connection, text_of(body, "connection"));
  FAIRLEAD_TRY(run.dry_run, flag_of(body, "dryRun"));
  run.input = body["input"].is_null() ? Json::object() : body["input"];
  run.wait_state = body["waitState"];
  if (!run.input.is_object()) return invalid_input("input", "\"input\" must be a JSON object.");
  return run;
}

action::Invocation invocation_of(RunRequest const& run) {
  action::Invocation invocation;
  invocation.catalog = run.action->info.catalog;
  invocation.name = run.action->info.name;
  invocation.version = run.action->info.version;
  invocation.connection = run.connection;
  invocation.input = run.input;
  invocation.wait_state = run.wait_state;
  return invocation;
}

Result<net::ServerResponse> dry(ActionRoutesParts const& parts, RunRequest const& run) {
  // Without a working connection the plan still stands; names are then not resolved.
  auto api = parts.apis.open(run.connection);
  if (!api.ok() && !run.connection.empty()) return std::move(api).error();
  action::Api* reader = api.ok() ? api->get() : nullptr;
  FAIRLEAD_TRY(auto plan, action::dry_run(*run.action, reader, run.input));
  Json requests = Json::array();
  for (auto const& request : plan.requests) {
    Json item = to_json(request);
    item.set("url",
             (reader != nullptr ? reader->base_url() : std::string("https://<your GitLab>")) +
                 action::target(request));
    requests.push_back(std::move(item));
  }
  return net::json_response(200,
                            Json::object({{"action", run.action->info.id()},
                                          {"effect", action::to_string(run.action->info.effect)},
                                          {"scope", action::to_string(plan.scope)},
                                          {"role", action::to_string(plan.role)},
                                          {"requests", std::move(requests)}}));
}

Json outcome_json(action::Outcome const& outcome) {
  Json json = Json::object({{"output", outcome.output}});
  if (outcome.wait)
    json.set("wait", Json::object({{"checkAfterMs", outcome.wait->check_after.count()},
                                   {"waitingFor", outcome.wait->waiting_for},
                                   {"state", outcome.wait->state}}));
  if (outcome.adopted) json.set("adopted", true);
  return json;
}

void stream(action::Invoker& invoker, action::Invocation invocation,
            std::shared_ptr<net::StreamWriter> writer) {
  invocation.sink = [&writer](Json item) -> Result<void> {
    if (writer->write(item.dump() + "\n") &&
        writer->wait_below(stream_buffered_max, stream_patience))
      return {};
    return make_error(ErrorKind::cancelled, "The reader of this listing went away.");
  };
  auto outcome = invoker.invoke(invocation);
  if (outcome.ok())
    writer->write(Json::object({{"summary", outcome->output}}).dump() + "\n");
  else
    writer->write(Json::object({{"problem", to_json(outcome.error())}}).dump() + "\n");
  writer->close();
}

Result<net::ServerResponse> run(ActionRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto wanted, read_run_request(parts, call.request));
  if (wanted.dry_run) return dry(parts, wanted);
  FAIRLEAD_CHECK(wanted.action->check(wanted.input));
  auto invocation = invocation_of(wanted);
  bool const lines =
      call.request.headers.get("accept").find("application/x-ndjson") != std::string_view::npos;
  if (lines && wanted.action->info.listing) {
    net::ServerResponse response = net::text_response(200, "", "application/x-ndjson");
    response.on_stream = [&invoker = parts.invoker,
                          invocation](std::shared_ptr<net::StreamWriter> writer) {
      stream(invoker, invocation, std::move(writer));
    };
    return response;
  }
  FAIRLEAD_TRY(auto outcome, parts.invoker.invoke(invocation));
  return net::json_response(200, outcome_json(outcome));
}

}  // namespace

std::vector<Endpoint> action_endpoints(ActionRoutesParts parts) {
  using access::Role;
  using net::Method;
  auto list = [parts](Call const&) -> Result<net::ServerResponse> {
    Json items = Json::array();
    for (auto const& action : parts.catalogue.actions())
      items.push_back(brief(action.info));
    return net::json_response(200, Json::object({{"items", std::move(items)}}));
  };
  auto show = [parts](Call const& call) -> Result<net::ServerResponse> {
    FAIRLEAD_TRY(auto const* action, parts.catalogue.find(call.request.param("id")));
    return net::json_response(200, whole(action->info));
  };
  return {
      {Method::get, "/api/v1/actions", Role::viewer, "List actions", list},
      {Method::get, "/api/v1/actions/{id}", Role::viewer, "Show an action with its schemas", show},
      {Method::post, "/api/v1/actions/{id}/run", Role::operator_, "Run an action, or dry-run it",
       [parts](Call const& call) { return run(parts, call); }}};
}

}  // namespace fairlead::api
