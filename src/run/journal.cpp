#include "run/journal.h"

#include <utility>

namespace fairlead::run {
namespace {

using store::JournalEntry;

struct Encoded {
  std::string_view kind;
  Json payload;
};

using Await = workflow::RunWorkflowTask::Await;

Encoded encode_what(Started const& what) {
  Json payload = Json::object({{"journalVersion", journal_version},
                               {"namespace", what.workflow_namespace},
                               {"name", what.name},
                               {"version", what.version},
                               {"input", what.input},
                               {"cause", what.cause},
                               {"seed", what.seed}});
  if (what.event_seq != 0) payload.set("eventSeq", what.event_seq);
  if (!what.replay.is_null()) payload.set("replay", what.replay);
  if (!what.trace_parent.empty()) payload.set("traceparent", what.trace_parent);
  if (!what.parent.run.empty()) {
    payload.set("parent", Json::object({{"run", what.parent.run.text},
                                        {"task", what.parent.task},
                                        {"await", what.parent.await == Await::yes},
                                        {"depth", what.depth}}));
  }
  return {"run-started", std::move(payload)};
}
Encoded encode_what(Evaluated const& what) {
  Json payload =
      Json::object({{"frame", what.frame}, {"stage", std::string(to_string(what.stage))}});
  if (what.error) {
    payload.set("error", to_json(*what.error));
  } else {
    payload.set("values", Json(what.values));
  }
  return {"evaluated", std::move(payload)};
}
Encoded encode_what(CallReturned const& what) {
  Json payload = Json::object({{"frame", what.frame},
                               {"attempt", what.attempt},
                               {"effect", std::string(action::to_string(what.effect))}});
  if (what.error) {
    payload.set("error", to_json(*what.error));
  } else if (what.wait) {
    Json wait = Json::object({{"checkAfterMs", what.wait->check_after.count()},
                              {"waitingFor", what.wait->waiting_for},
                              {"state", what.wait->state}});
    if (!what.wait->wake_key.empty()) wait.set("wakeKey", what.wait->wake_key);
    payload.set("wait", std::move(wait));
  } else {
    payload.set("output", what.output);
    if (what.adopted) payload.set("adopted", true);
  }
  return {"call-returned", std::move(payload)};
}
Encoded encode_what(Emitted const& what) {
  Json payload = Json::object({{"frame", what.frame}});
  if (what.error) {
    payload.set("error", to_json(*what.error));
  } else {
    payload.set("seq", what.seq);
  }
  return {"emitted", std::move(payload)};
}
Json heard_json(HeardEvent const& heard) {
  return Json::object(
      {{"filter", heard.filter}, {"seq", heard.seq}, {"event", heard.event}, {"keys", heard.keys}});
}
Encoded encode_what(Scanned const& what) {
  Json payload = Json::object({{"frame", what.frame}});
  if (what.error) {
    payload.set("error", to_json(*what.error));
    return {"events-scanned", std::move(payload)};
  }
  Json events = Json::array();
  for (auto const& each : what.events)
    events.push_back(heard_json(each));
  payload.set("events", std::move(events));
  return {"events-scanned", std::move(payload)};
}
Encoded encode_what(Heard const& what) {
  Json payload = heard_json(what.event);
  payload.set("frame", what.frame);
  return {"event-heard", std::move(payload)};
}
Encoded encode_what(LimitReached const& what) {
  return {"limit-reached", Json::object({{"error", what.problem}})};
}
Encoded encode_what(ChildStarted const& what) {
  Json payload = Json::object({{"frame", what.frame}, {"run", what.run.text}});
  if (what.error) {
    payload.set("error", to_json(*what.error));
  } else {
    payload.set("version", what.version);
  }
  return {"child-started", std::move(payload)};
}
Encoded encode_what(ChildEnded const& what) {
  Json payload =
      Json::object({{"run", what.run.text}, {"status", std::string(to_string(what.status))}});
  if (what.status == RunStatus::completed) payload.set("output", what.output);
  if (what.status == RunStatus::faulted) payload.set("error", what.problem);
  return {"child-ended", std::move(payload)};
}
Encoded encode_what(TimerFired const& what) {
  return {"timer-fired", Json::object({{"key", what.key}})};
}
Encoded encode_what(CancelRequested const& what) {
  return {"cancel-requested", Json::object({{"by", what.by}})};
}
Encoded encode_what(UndoReturned const& what) {
  Json payload = Json::object({{"undo", what.undo}, {"attempt", what.attempt}});
  if (what.error) payload.set("error", to_json(*what.error));
  return {"undo-returned", std::move(payload)};
}
Encoded encode_what(ResumeRequested const& what) {
  Json payload = Json::object({{"reason", what.reason}});
  if (!what.connection.empty()) payload.set("connection", what.connection);
  if (!what.parent.empty()) payload.set("parent", what.parent.text);
  return {"resume-requested", std::move(payload)};
}
Encoded encode_what(Woken const& what) { return {"woken", Json::object({{"key", what.key}})}; }
Encoded encode_what(PauseRequested const& what) {
  Json payload = Json::object({{"by", what.by}, {"reason", what.reason}});
  if (!what.parent.empty()) payload.set("parent", what.parent.text);
  return {"pause-requested", std::move(payload)};
}
Encoded encode_what(EffectDecided const& what) {
  Json payload = Json::object({{"effect", what.effect},
                               {"decision", std::string(to_string(what.decision))},
                               {"by", what.by},
                               {"reason", what.reason}});
  if (what.decision == EffectDecided::Decision::happened) payload.set("output", what.output);
  return {"effect-decided", std::move(payload)};
}
Encoded encode_what(Recovered const&) { return {"recovered", Json::object()}; }

std::optional<Error> error_of(Json const& payload) {
  if (!payload.contains("error")) return std::nullopt;
  return error_from_json(payload["error"]);
}

Result<action::Effect> effect_from(std::string_view name) {
  for (auto each : {action::Effect::reads, action::Effect::creates, action::Effect::changes,
                    action::Effect::deletes}) {
    if (action::to_string(each) == name) return each;
  }
  return make_error(ErrorKind::corrupt, "unknown effect \"" + std::string(name) + "\"");
}

Started decode_started(Json const& payload) {
  Json const& parent = payload["parent"];
  return {.workflow_namespace = payload["namespace"].as_string(),
          .name = payload["name"].as_string(),
          .version = payload["version"].as_string(),
          .input = payload["input"],
          .cause = payload["cause"].as_string(),
          .seed = static_cast<std::uint64_t>(payload["seed"].as_integer()),
          .event_seq = payload["eventSeq"].as_integer(),
          .replay = payload["replay"],
          .parent = {.run = RunId(parent["run"].as_string()),
                     .task = parent["task"].as_string(),
                     .await = parent["await"].as_bool() ? Await::yes : Await::no},
          .depth = static_cast<int>(parent["depth"].as_integer()),
          .trace_parent = payload["traceparent"].as_string()};
}

ChildStarted decode_child_started(Json const& payload) {
  return {.frame = static_cast<int>(payload["frame"].as_integer()),
          .run = RunId(payload["run"].as_string()),
          .version = payload["version"].as_string(),
          .error = error_of(payload)};
}

Result<ChildEnded> decode_child_ended(Json const& payload) {
  auto const status = run_status_from(payload["status"].as_string());
  if (!status) return make_error(ErrorKind::corrupt, "unknown status of a child");
  return ChildEnded{.run = RunId(payload["run"].as_string()),
                    .status = *status,
                    .output = payload["output"],
                    .problem = payload["error"]};
}

Result<Evaluated> decode_evaluated(Json const& payload) {
  auto const stage = stage_from(payload["stage"].as_string());
  if (!stage) return make_error(ErrorKind::corrupt, "unknown stage in an evaluation");
  return Evaluated{.frame = static_cast<int>(payload["frame"].as_integer()),
                   .stage = *stage,
                   .values = payload["values"].items(),
                   .error = error_of(payload)};
}

Result<CallReturned> decode_returned(Json const& payload) {
  FAIRLEAD_TRY(auto effect, effect_from(payload["effect"].as_string()));
  CallReturned returned{.frame = static_cast<int>(payload["frame"].as_integer()),
                        .attempt = static_cast<int>(payload["attempt"].as_integer()),
                        .effect = effect,
                        .output = payload["output"],
                        .adopted = payload["adopted"].as_bool(),
                        .error = error_of(payload)};
  if (Json const& wait = payload["wait"]; wait.is_object()) {
    returned.wait = action::Wait{.check_after = Milliseconds(wait["checkAfterMs"].as_integer()),
                                 .waiting_for = wait["waitingFor"].as_string(),
                                 .state = wait["state"],
                                 .wake_key = wait["wakeKey"].as_string()};
  }
  return returned;
}

Emitted decode_emitted(Json const& payload) {
  return {.frame = static_cast<int>(payload["frame"].as_integer()),
          .seq = payload["seq"].as_integer(),
          .error = error_of(payload)};
}

HeardEvent decode_heard_event(Json const& json) {
  return {.filter = static_cast<int>(json["filter"].as_integer()),
          .seq = json["seq"].as_integer(),
          .event = json["event"],
          .keys = json["keys"]};
}

Scanned decode_scanned(Json const& payload) {
  Scanned scanned{.frame = static_cast<int>(payload["frame"].as_integer()),
                  .events = {},
                  .error = error_of(payload)};
  for (auto const& each : payload["events"].items())
    scanned.events.push_back(decode_heard_event(each));
  return scanned;
}

Result<EffectDecided> decode_decided(Json const& payload) {
  auto const decision = decision_from(payload["decision"].as_string());
  if (!decision) return make_error(ErrorKind::corrupt, "unknown decision about an effect");
  return EffectDecided{.effect = payload["effect"].as_string(),
                       .decision = *decision,
                       .output = payload["output"],
                       .by = payload["by"].as_string(),
                       .reason = payload["reason"].as_string()};
}

constexpr std::string_view note_kinds[] = {
    "effect-adopted", "run-paused",     "run-resumed",     "task-started",   "task-skipped",
    "call-intended",  "waiting",        "suspended",       "error-caught",   "retry-scheduled",
    "task-completed", "task-faulted",   "task-cancelled",  "run-completed",  "run-faulted",
    "run-cancelled",  "child-intended", "child-cancelled", "cancel-settled", "cancel-postponed",
    "cancel-parked"};

bool is_note(std::string_view kind) {
  for (auto each : note_kinds) {
    if (each == kind) return true;
  }
  return false;
}

using What = decltype(Event::what);

Result<What> decode_what(JournalEntry const& entry) {
  Json const& payload = entry.payload;
  if (entry.kind == "run-started") return What(decode_started(payload));
  if (entry.kind == "evaluated") {
    FAIRLEAD_TRY(auto evaluated, decode_evaluated(payload));
    return What(std::move(evaluated));
  }
  if (entry.kind == "call-returned") {
    FAIRLEAD_TRY(auto returned, decode_returned(payload));
    return What(std::move(returned));
  }
  if (entry.kind == "emitted") return What(decode_emitted(payload));
  if (entry.kind == "events-scanned") return What(decode_scanned(payload));
  if (entry.kind == "event-heard") {
    return What(Heard{.frame = static_cast<int>(payload["frame"].as_integer()),
                      .event = decode_heard_event(payload)});
  }
  if (entry.kind == "timer-fired") return What(TimerFired{payload["key"].as_string()});
  if (entry.kind == "woken") return What(Woken{payload["key"].as_string()});
  if (entry.kind == "cancel-requested") return What(CancelRequested{payload["by"].as_string()});
  if (entry.kind == "resume-requested") {
    return What(ResumeRequested{payload["reason"].as_string(), payload["connection"].as_string(),
                                RunId(payload["parent"].as_string())});
  }
  if (entry.kind == "pause-requested") {
    return What(PauseRequested{payload["by"].as_string(), payload["reason"].as_string(),
                               RunId(payload["parent"].as_string())});
  }
  if (entry.kind == "effect-decided") {
    FAIRLEAD_TRY(auto decided, decode_decided(payload));
    return What(std::move(decided));
  }
  if (entry.kind == "undo-returned") {
    return What(UndoReturned{.undo = static_cast<int>(payload["undo"].as_integer()),
                             .attempt = static_cast<int>(payload["attempt"].as_integer()),
                             .error = error_of(payload)});
  }
  if (entry.kind == "recovered") return What(Recovered{});
  if (entry.kind == "limit-reached") return What(LimitReached{payload["error"]});
  if (entry.kind == "child-started") return What(decode_child_started(payload));
  if (entry.kind == "child-ended") {
    FAIRLEAD_TRY(auto ended, decode_child_ended(payload));
    return What(std::move(ended));
  }
  return make_error(ErrorKind::corrupt, "unknown kind \"" + entry.kind + "\"");
}

constexpr std::pair<EffectDecided::Decision, std::string_view> decisions[] = {
    {EffectDecided::Decision::happened, "happened"},
    {EffectDecided::Decision::not_happened, "not-happened"},
    {EffectDecided::Decision::fail, "fail"}};

}  // namespace

std::string_view to_string(EffectDecided::Decision decision) {
  for (auto const& [each, name] : decisions) {
    if (each == decision) return name;
  }
  return "";
}

std::optional<EffectDecided::Decision> decision_from(std::string_view name) {
  for (auto const& [each, known] : decisions) {
    if (known == name) return each;
  }
  return std::nullopt;
}

JournalEntry encode(Event const& event, std::string task) {
  Encoded encoded = std::visit([](auto const& what) { return encode_what(what); }, event.what);
  return {.kind = std::string(encoded.kind),
          .task = std::move(task),
          .payload = std::move(encoded.payload),
          .at = event.at};
}

JournalEntry encode(Note note, Time at) {
  return {.kind = std::move(note.kind),
          .task = std::move(note.task),
          .payload = std::move(note.payload),
          .at = at};
}

Result<std::optional<Event>> decode(JournalEntry const& entry) {
  if (is_note(entry.kind)) return std::optional<Event>();
  auto what = decode_what(entry);
  if (!what.ok()) {
    Error error = std::move(what).error();
    error.message =
        "Journal entry " + std::to_string(entry.seq) + " cannot be read: " + error.message;
    error.remedy = "It may have been written by a newer version of Fairlead.";
    return error;
  }
  return std::optional<Event>(Event{.at = entry.at, .what = std::move(what).value()});
}

}  // namespace fairlead::run
