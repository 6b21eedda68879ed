#include <array>

#include "base/text.h"
#include "workflow/cron.h"
#include "workflow/read.h"

namespace fairlead::workflow {
namespace {

EventFilter read_event_filter(Reader& reader, Place const& place) {
  EventFilter filter;
  if (!reader.mapping(place, "an event filter", {"with", "correlate"})) return filter;
  auto const with = reader.require(place, "with", "An event filter");
  if (with && reader.is_mapping(*with, "'with'")) {
    if (with->node->members.empty()) {
      reader.error(*with, {"wrong-value",
                           "'with' is empty, so every event would match. Name at least "
                           "a 'type'."});
    }
    filter.with = reader.value(*with);
  }
  auto const correlate = Reader::get(place, "correlate");
  if (!correlate || !reader.is_mapping(*correlate, "'correlate'")) return filter;
  for (auto const& member : correlate->node->members) {
    auto const key = correlate->member(member);
    if (!reader.mapping(key, "a correlation", {"from", "expect"})) continue;
    if (auto const from = reader.require(key, "from", "A correlation")) {
      reader.expression(*from, "'from'");
    }
  }
  filter.correlate = to_json(*correlate->node);
  return filter;
}

struct Strategy {
  std::string kind;  // one, any, all; "" if it is wrong
  std::vector<EventFilter> filters;
};

Strategy read_strategy(Reader& reader, Place const& place, std::string_view what) {
  Strategy strategy;
  if (!reader.mapping(place, what, {"one", "any", "all", "until"})) return strategy;
  if (auto const until = Reader::get(place, "until")) {
    reader.error_at(place.node->find("until")->at, until->pointer,
                    {"not-yet",
                     "'until' is not run by this version. Instead: listen for 'one' event "
                     "inside a loop made with 'then', or wait with a 'timeout'.",
                     "until"});
  }
  for (std::string_view const kind : {"one", "any", "all"}) {
    auto const found = Reader::get(place, kind);
    if (!found) continue;
    if (!strategy.kind.empty()) {
      reader.error(place,
                   {"wrong-value", std::string(what) + " has both '" + strategy.kind + "' and '" +
                                       std::string(kind) + "'; write one of them."});
      return {};
    }
    strategy.kind = kind;
    if (kind == "one") {
      strategy.filters.push_back(read_event_filter(reader, *found));
    } else if (reader.sequence(*found, "'" + strategy.kind + "'")) {
      for (std::size_t i = 0; i < found->node->items.size(); ++i) {
        strategy.filters.push_back(read_event_filter(reader, found->item(i)));
      }
    }
  }
  if (strategy.kind.empty()) {
    reader.error(place,
                 {"missing-key", std::string(what) + " needs one of 'one', 'any' or 'all'."});
  } else if (strategy.filters.empty() && strategy.kind == "all") {
    reader.error(place, {"wrong-value", "'all' is empty: name at least one event."});
  }
  return strategy;
}

// document.metadata.schedule: {timezone, overlap}
void read_policy(Reader& reader, std::optional<Place> const& place, Schedule& schedule) {
  if (!place || !reader.mapping(*place, "'metadata.schedule'", {"timezone", "overlap"})) return;
  if (auto const zone = Reader::get(*place, "timezone")) {
    schedule.timezone = reader.text(*zone, "'timezone'");
  }
  if (auto const overlap = Reader::get(*place, "overlap")) {
    auto const word = reader.word(*overlap, "'overlap'", {"skip", "allow"});
    if (word == "skip") schedule.overlap = Schedule::Overlap::skip;
  }
}

// A run that follows the last at once would be a loop without a pause.
void refuse_short(Reader& reader, Place const& schedule, std::string_view key,
                  std::optional<Milliseconds> const& duration) {
  if (!duration || *duration >= std::chrono::seconds(1)) return;
  reader.error(*Reader::get(schedule, key),
               {"wrong-value", "'" + std::string(key) + "' must be one second at least."});
}

void read_on(Reader& reader, Place const& place, Schedule& schedule) {
  auto strategy = read_strategy(reader, place, "'schedule.on'");
  schedule.on = std::move(strategy.filters);
  schedule.on_mode = strategy.kind == "all" ? Schedule::On::all : Schedule::On::any;
  if (strategy.kind == "any" && schedule.on.empty()) {
    reader.error(place, {"wrong-value",
                         "'schedule.on.any' is empty, so every event of any source would "
                         "start a run. Name at least one event."});
  }
}

std::string read_read(Reader& reader, Place const& parent) {
  auto const place = Reader::get(parent, "read");
  if (!place) return "data";
  auto word = reader.word(*place, "'read'", {"data", "envelope", "raw"});
  return word.empty() ? "data" : word;
}

}  // namespace

Schedule read_schedule(Reader& reader, Place const& place, std::optional<Place> const& policy) {
  Schedule schedule;
  read_policy(reader, policy, schedule);
  if (!reader.mapping(place, "'schedule'", {"every", "cron", "after", "on", "read"}))
    return schedule;
  std::vector<std::string> kinds;
  for (std::string_view const kind : {"every", "cron", "after", "on"}) {
    auto const* member = place.node->find(kind);
    if (member == nullptr) continue;
    kinds.emplace_back(kind);
    if (kinds.size() != 2) continue;
    reader.error_at(member->at, place.pointer + "/" + std::string(kind),
                    {"wrong-value",
                     "'schedule' has both '" + kinds[0] + "' and '" + kinds[1] +
                         "'; a workflow starts in one way. Make a second workflow for the other, "
                         "which calls this one with 'run: workflow'.",
                     std::string(kind)});
  }
  if (kinds.empty()) {
    reader.error(place, {"missing-key", "'schedule' needs one of every, cron, after, on."});
  }
  schedule.read = read_read(reader, place);
  if (place.node->find("read") != nullptr && place.node->find("on") == nullptr) {
    reader.error_at(place.node->find("read")->at, place.pointer + "/read",
                    {"wrong-value", "'read' only goes with 'on'.", "read"});
  }
  if (auto const every = Reader::get(place, "every")) schedule.every = reader.duration(*every);
  if (auto const after = Reader::get(place, "after")) schedule.after = reader.duration(*after);
  refuse_short(reader, place, "every", schedule.every);
  refuse_short(reader, place, "after", schedule.after);
  if (auto const cron = Reader::get(place, "cron")) {
    schedule.cron = reader.text(*cron, "'cron'");
    auto checked = check_cron(*schedule.cron);
    if (!schedule.cron->empty() && !checked.ok()) {
      reader.error(*cron, {"wrong-value", checked.error().message});
    }
  }
  if (auto const on = Reader::get(place, "on")) read_on(reader, *on, schedule);
  if (!kinds.empty() && kinds[0] != "on") reader.kinds.push_back({"schedule " + kinds[0], place});
  return schedule;
}

TaskBody read_listen(Context context, Place const& task) {
  auto& reader = context.reader;
  ListenTask body;
  reader.kinds.push_back({"listen", task});
  if (auto const foreach = Reader::get(task, "foreach")) {
    reader.error_at(task.node->find("foreach")->at, foreach->pointer,
                    {"not-yet",
                     "'foreach' of 'listen' is not run by this version. Instead: start one run "
                     "an event with 'schedule.on'.",
                     "foreach"});
  }
  auto const place = *Reader::get(task, "listen");
  if (!reader.mapping(place, "'listen'", {"to", "read"})) return body;
  body.read = read_read(reader, place);
  auto const to = reader.require(place, "to", "'listen'");
  if (!to) return body;
  auto strategy = read_strategy(reader, *to, "'listen.to'");
  body.filters = std::move(strategy.filters);
  if (strategy.kind == "any") body.mode = ListenTask::Mode::any;
  if (strategy.kind == "all") body.mode = ListenTask::Mode::all;
  return body;
}

TaskBody read_emit(Context context, Place const& task) {
  auto& reader = context.reader;
  EmitTask body;
  reader.kinds.push_back({"emit", task});
  auto const place = *Reader::get(task, "emit");
  if (!reader.mapping(place, "'emit'", {"event"})) return body;
  auto const event = reader.require(place, "event", "'emit'");
  if (!event || !reader.mapping(*event, "'event'", {"with"})) return body;
  auto const with = reader.require(*event, "with", "'event'");
  if (!with || !reader.is_mapping(*with, "'event.with'")) return body;
  reader.require(*with, "type", "An event");
  body.event = reader.value(*with);
  return body;
}

}  // namespace fairlead::workflow
