// event send, list, show.
#include "base/random.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/run_view.h"

namespace fairlead::cli {
namespace {

constexpr Milliseconds poll_interval{200};
constexpr int polls_max = 50;

Result<Json> event_of(Session& session, EventSendOptions const& options) {
  if (!options.file.empty()) {
    FAIRLEAD_TRY(auto text, read_text(session, options.file));
    return Json::parse(text);
  }
  if (options.type.empty())
    return invalid_input("--type",
                         "An event needs a type, e.g. --type com.example.incident.opened.");
  SystemRandom random;
  Json event =
      Json::object({{"specversion", "1.0"},
                    {"id", options.id.empty() ? uuid7(random, session.clock.now()) : options.id},
                    {"source", options.source},
                    {"type", options.type},
                    {"time", format_time(session.clock.now())}});
  if (!options.subject.empty()) event.set("subject", options.subject);
  if (!options.data.empty()) {
    FAIRLEAD_TRY(auto data, read_json(session, options.data));
    event.set("datacontenttype", "application/json");
    event.set("data", std::move(data));
  }
  return event;
}

// The runs an event started, once it has been dispatched.
Result<Json> runs_of(Session& session, std::int64_t seq) {
  for (int i = 0; i < polls_max; ++i) {
    FAIRLEAD_TRY(auto event, session.server.get("/api/v1/events/" + std::to_string(seq)));
    if (event["dispatched"].as_bool()) return event["runs"];
    if (!session.pause.wait(poll_interval)) break;
  }
  return make_error(ErrorKind::timed_out, "The event is stored but was not dispatched yet.");
}

}  // namespace

Result<void> event_send(Session& session, EventSendOptions const& options) {
  FAIRLEAD_TRY(auto event, event_of(session, options));
  if (options.dry_run) return print_json(session.terminal, event), Result<void>();
  FAIRLEAD_TRY(auto answer,
               session.server.send_text(
                   net::Method::post, "/api/v1/events",
                   {.content_type = "application/cloudevents+json", .body = event.dump()}));
  Json const accepted = answer["accepted"].at(0);
  if (options.follow) {
    FAIRLEAD_TRY(auto runs, runs_of(session, accepted["seq"].as_integer()));
    if (runs.empty())
      session.terminal.err << "The event is stored; no published workflow starts on it.\n";
    for (auto const& run : runs.items())
      FAIRLEAD_CHECK(run_logs(session, {.id = run.as_string(), .follow = true}));
    return {};
  }
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, accepted), Result<void>();
  session.terminal.out << "Event " << accepted["id"].as_string()
                       << (accepted["duplicate"].as_bool()
                               ? " was here before; nothing was done again.\n"
                               : " stored.\n");
  return {};
}

Result<void> event_list(Session& session, EventListOptions const& options) {
  FAIRLEAD_TRY(auto const answer,
               session.server.get("/api/v1/events?limit=" + std::to_string(options.limit)));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{.heading = {"NUMBER", "RECEIVED", "TYPE", "SUBJECT", "SOURCE", "STATE"},
              .rows = {},
              .when_empty = "No event came in yet."};
  for (auto const& each : answer["items"].items())
    table.rows.push_back({std::to_string(each["seq"].as_integer()), when(each["receivedAt"]),
                          harmless(each["type"].as_string()),
                          harmless(each["subject"].string_or("")),
                          harmless(each["source"].as_string()),
                          each["dispatched"].as_bool() ? "handed on" : "in the inbox"});
  print(session.terminal, table);
  return {};
}

Result<void> event_show(Session& session, std::string const& seq) {
  FAIRLEAD_TRY(auto const event, session.server.get("/api/v1/events/" + segment(seq)));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, event), Result<void>();
  print_json(session.terminal, event["event"]);
  std::vector<std::string> runs;
  for (auto const& run : event["runs"].items())
    runs.push_back(run.as_string());
  std::string const none =
      event["dispatched"].as_bool() ? "none: no published workflow starts on it" : "not yet";
  print_pairs(session.terminal, {{"Received", when(event["receivedAt"])},
                                 {"Runs", runs.empty() ? none : join(runs, ", ")}});
  return {};
}

}  // namespace fairlead::cli
