#include "cli/run_view.h"

#include "base/text.h"

namespace fairlead::cli {
namespace {

constexpr std::size_t words_max = 160;
constexpr Milliseconds reconnect_pause{1'000};
constexpr int reconnects_max = 10;  // in a row, without a new entry

struct Line {
  Tone tone{Tone::plain};
  std::string words;
};

// What is still cancelled outside, maybe after the end of the run.
std::optional<Line> undo_line_of(std::string const& kind, Json const& payload) {
  if (kind == "cancel-settled")
    return Line{Tone::dim, payload["call"].as_string() + " was told that nobody waits any more"};
  if (kind == "cancel-postponed")
    return Line{Tone::warn, "could not be cancelled outside, is tried again: " +
                                error_phrase(payload["error"])};
  if (kind == "cancel-parked")
    return Line{Tone::bad, "what it waited for may go on outside: " +
                               payload["reason"].as_string() + "; resume tries again"};
  return std::nullopt;
}

std::optional<Line> line_of(std::string const& kind, Json const& payload) {
  if (kind == "run-started")
    return Line{Tone::strong, "started by " + payload["cause"].string_or("a call")};
  if (kind == "task-skipped") return Line{Tone::dim, "skipped: its condition does not hold"};
  if (kind == "call-intended") {
    if (payload["mode"].as_string() == "cancel")
      return Line{Tone::dim, "cancels what " + payload["call"].as_string() +
                                 " waits for, if its input says so"};
    bool const again =
        payload["attempt"].as_integer() > 1 || payload["mode"].as_string() == "recover";
    return Line{Tone::dim,
                std::string(again ? "calls again " : "calls ") + payload["call"].as_string()};
  }
  if (auto undo = undo_line_of(kind, payload)) return undo;
  if (kind == "waiting")
    return Line{Tone::warn, "waiting " + waiting_words(payload["waitingFor"].as_string())};
  if (kind == "child-intended")
    return Line{Tone::dim, "starts run " + payload["run"].as_string() + " of " +
                               payload["namespace"].as_string() + "/" +
                               payload["name"].as_string()};
  if (kind == "child-cancelled")
    return Line{Tone::warn,
                "cancels run " + payload["run"].as_string() + ": " + payload["reason"].as_string()};
  if (kind == "suspended") return Line{Tone::bad, "suspended: " + payload["reason"].as_string()};
  if (kind == "error-caught") return Line{Tone::warn, "caught: " + error_phrase(payload["error"])};
  if (kind == "retry-scheduled")
    return Line{Tone::warn, "retry " + std::to_string(payload["retry"].as_integer()) + " in " +
                                format_duration(Milliseconds(payload["delayMs"].as_integer())) +
                                " after " + error_phrase(payload["error"])};
  if (kind == "task-completed") {
    std::string what = phrase(payload["output"]);
    std::string words =
        payload["adopted"].as_bool() ? "done (found from an earlier attempt)" : "done";
    return Line{Tone::good, what.empty() ? words : words + ": " + what};
  }
  if (kind == "task-faulted") return Line{Tone::bad, "failed: " + error_phrase(payload["error"])};
  if (kind == "task-cancelled")
    return Line{
        Tone::warn,
        "cancelled: " + payload["reason"].as_string() +
            (payload["inFlight"].as_bool() ? " (its call was under way and may take effect)" : "")};
  if (kind == "run-completed") return Line{Tone::good, "completed"};
  if (kind == "run-faulted") return Line{Tone::bad, "faulted: " + error_phrase(payload["error"])};
  if (kind == "run-cancelled")
    return Line{Tone::warn, "cancelled by " + payload["by"].string_or("request")};
  if (kind == "run-paused") {
    std::string const reason = payload["reason"].as_string();
    return Line{Tone::warn,
                "paused by " + payload["by"].as_string() + (reason.empty() ? "" : ": " + reason)};
  }
  if (kind == "run-resumed") return Line{Tone::plain, "goes on, " + payload["by"].as_string()};
  if (kind == "effect-adopted") {
    std::string const what = phrase(payload["output"]);
    return Line{Tone::good, "adopted from run " + payload["run"].as_string() +
                                (what.empty() ? "" : ": " + what) +
                                (payload["inputDiffers"].as_bool() ? " (the input differs)" : "")};
  }
  if (kind == "effect-decided") {
    std::string const by = payload["by"].as_string();
    std::string const decision = payload["decision"].as_string();
    return Line{Tone::warn, decision == "happened"       ? by + " says: it happened"
                            : decision == "not-happened" ? by + " says: it did not happen"
                                                         : by + " lets the task fail"};
  }
  if (kind == "recovered") return Line{Tone::dim, "goes on after a restart of the server"};
  return std::nullopt;
}

std::string task_name(std::string const& pointer) {
  auto const slash = pointer.rfind('/');
  return slash == std::string::npos ? "run" : pointer.substr(slash + 1);
}

// The data of server-sent events, one call an event.
class SseReader {
 public:
  // True when an event is complete: then event() and data() are its.
  bool feed(std::string_view line) {
    if (done_) {
      event_.clear();
      data_.clear();
      done_ = false;
    }
    if (line.starts_with("event:")) event_ = trim(line.substr(6));
    if (line.starts_with("data:")) {
      if (!data_.empty()) data_ += '\n';
      data_ += line.starts_with("data: ") ? line.substr(6) : line.substr(5);
    }
    done_ = line.empty() && !data_.empty();
    return done_;
  }
  [[nodiscard]] std::string const& event() const { return event_; }
  [[nodiscard]] std::string const& data() const { return data_; }

 private:
  std::string event_;
  std::string data_;
  bool done_{false};
};

// How far a run has been followed.
struct Following {
  std::int64_t last_seq{0};
  Json ended;  // the run, once it has ended
};

void show_entry(Session& session, Json const& entry) {
  if (session.terminal.output == Output::json)
    session.terminal.out << entry.dump() << std::endl;
  else if (auto text = journal_line(session.terminal, entry))
    session.terminal.out << *text << std::endl;
}

Result<void> follow_once(Session& session, std::string const& path, Following& following) {
  SseReader reader;
  Json problem;
  auto on_line = [&](std::string_view line) {
    if (!reader.feed(line)) return true;
    auto data = Json::parse(reader.data());
    if (!data.ok()) return true;
    if (reader.event() == "end") return following.ended = std::move(*data), false;
    if (reader.event() == "problem") return problem = std::move(*data), false;
    if ((*data)["seq"].as_integer() <= following.last_seq) return true;
    following.last_seq = (*data)["seq"].as_integer();
    show_entry(session, *data);
    return true;
  };
  ServerClient::Stream wanted;
  wanted.path = path;
  wanted.accept = "text/event-stream";
  if (following.last_seq > 0) wanted.last_event_id = std::to_string(following.last_seq);
  FAIRLEAD_CHECK(session.server.stream(wanted, on_line));
  if (!problem.is_null()) return error_from_json(problem);
  return {};
}

bool may_pass(Error const& error) {
  return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::uncertain;
}

}  // namespace

std::string phrase(Json const& value) {
  for (auto const* key : {"web_url", "webUrl"})
    if (value[key].is_string()) return value[key].as_string();
  if (value["note"].is_string() && value["note"].size() > 0) return value["note"].as_string();
  if (value.is_null() || (value.is_object() && value.empty())) return "";
  return shorten(value.is_string() ? value.as_string() : value.dump(), words_max);
}

std::string error_phrase(Json const& error) {
  std::string title = error["title"].as_string();
  std::string detail = error["detail"].as_string();
  if (detail.empty()) detail = error["message"].as_string();
  if (title.empty()) return shorten(detail, 400);
  return shorten(detail.empty() ? title : title + ": " + detail, 400);
}

std::string waiting_words(std::string const& what) {
  return what.empty() || what.starts_with("until ") ? what : "for " + what;
}

std::optional<std::string> journal_line(Terminal const& terminal, Json const& entry) {
  auto line = line_of(entry["kind"].as_string(), entry["payload"]);
  if (!line) return std::nullopt;
  std::string const at = entry["at"].as_string();
  std::string name = harmless(task_name(entry["task"].as_string()));
  if (code_points(name) < 16) name.append(16 - code_points(name), ' ');
  return toned(terminal, Tone::dim, harmless(at.size() >= 19 ? at.substr(11, 8) : at)) + "  " +
         name + "  " + toned(terminal, line->tone, harmless(line->words));
}

Result<Json> follow_run(Session& session, std::string const& id) {
  std::string const path = "/api/v1/runs/" + segment(id);
  Following following;
  for (int failures = 0; failures < reconnects_max;) {
    std::int64_t const before = following.last_seq;
    auto streamed = follow_once(session, path + "/follow", following);
    if (!following.ended.is_null()) return following.ended;
    if (!streamed.ok() && !may_pass(streamed.error())) return std::move(streamed).error();
    // Cut off, as by a restart of the server: the rest is read from where it broke off.
    failures = following.last_seq > before ? 0 : failures + 1;
    if (!session.pause.wait(reconnect_pause))
      return make_error(ErrorKind::cancelled, "Stopped following the run; it goes on.");
  }
  Error error = make_error(ErrorKind::unavailable,
                           "The server ended the stream of run " + id + " again and again.");
  error.remedy = "See later how it went: `fairlead run show " + id + "`.";
  return error;
}

std::string when(Json const& time) {
  std::string const text = time.string_or("");
  return text.size() > 19 ? text.substr(0, 10) + " " + text.substr(11, 8) : text;
}

std::string span_of(Session const& session, std::string const& begin, std::string const& end) {
  auto from = parse_time(begin);
  if (!from) return "";
  auto to = end.empty() ? std::optional(session.clock.now()) : parse_time(end);
  if (!to || *to < *from) return "";
  return format_duration(*to - *from);
}

}  // namespace fairlead::cli
