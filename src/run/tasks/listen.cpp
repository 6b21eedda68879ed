// listen: waits for events, with nothing in memory meanwhile but a line in the index.
//
// First a look at the events since the run began (Stage::scanning), then the listeners are
// committed together with what the look gave. What an event's filter let through is only a
// proposal: here it is decided, so that a run hears an event once and the events of one `all`
// agree.
#include <algorithm>

#include "run/problem.h"
#include "run/tasks/tasks.h"
#include "trigger/schedule_on.h"
#include "workflow/correlate.h"
#include "workflow/match.h"

namespace fairlead::run::tasks {
namespace {

using Mode = workflow::ListenTask::Mode;

// A store that cannot be read for the moment is asked again.
constexpr int looks_max = 300;
constexpr Milliseconds look_again_after = std::chrono::seconds(1);

workflow::ListenTask const& task_of(Frame const& frame) {
  return std::get<workflow::ListenTask>(frame.task->body);
}

// `any: []` is any event at all.
workflow::EventFilter filter_of(workflow::ListenTask const& task, std::size_t index) {
  if (index < task.filters.size()) return task.filters[index];
  return {.with = Json::object(), .correlate = {}};
}

std::string key_of(Frame const& frame, std::size_t filter) {
  return std::to_string(frame.id) + ":" + std::to_string(filter);
}

Json merged(Json values, Json const& more, workflow::EventFilter const& filter) {
  if (!values.is_object()) values = Json::object();
  for (auto const& [name, value] : more.members()) {
    if (filter.correlate.contains(name)) values.set(name, value);
  }
  return values;
}

store::ListenerRecord listener_of(RunState const& state, Frame const& frame, std::size_t index) {
  auto const& listen = std::get<ListenState>(frame.body);
  auto const filter = filter_of(task_of(frame), index);
  return {.run = state.id,
          .key = key_of(frame, index),
          .event_type = workflow::literal_type(filter),
          .filter = Json::object({{"with", filter.with}, {"correlate", filter.correlate}}),
          .expected = merged(listen.expected[index], listen.bound, filter),
          .variables = listen.variables[index],
          .after_seq = state.event_seq,
          .since = state.event_seq == 0 ? state.started_at : Time{}};
}

std::string words_for(Frame const& frame) {
  auto const& task = task_of(frame);
  auto const& listen = std::get<ListenState>(frame.body);
  std::string text;
  for (std::size_t i = 0; i < listen.heard.size(); ++i) {
    if (listen.heard[i]) continue;
    auto const filter = filter_of(task, i);
    std::string const type = filter.with["type"].string_or("of any type");
    text += text.empty() ? "event " : task.mode == Mode::all ? " and " : " or ";
    text += type;
    std::string keys;
    Json const expected = merged(listen.expected[i], listen.bound, filter);
    for (auto const& [name, value] : expected.members()) {
      keys += (keys.empty() ? "" : ", ") + name + " " + workflow::correlation_text(value);
    }
    if (!keys.empty()) text += " (" + keys + ")";
  }
  return text;
}

void look(Machine& m, Frame& frame) {
  auto const& listen = std::get<ListenState>(frame.body);
  Listen command{
      .frame = frame.id,
      .listeners = {},
      .heard = {m.state.heard.begin(), m.state.heard.end()},
      .bound = listen.bound,
      .wanted = task_of(frame).mode == Mode::all ? Listen::Wanted::all : Listen::Wanted::one};
  for (std::size_t i = 0; i < listen.heard.size(); ++i) {
    if (!listen.heard[i]) command.listeners.push_back(listener_of(m.state, frame, i));
  }
  frame.stage = Stage::scanning;
  m.commands.emplace_back(std::move(command));
}

bool is_done(Frame const& frame) {
  auto const& heard = std::get<ListenState>(frame.body).heard;
  auto const there = [](auto const& each) { return each.has_value(); };
  return task_of(frame).mode == Mode::all ? std::all_of(heard.begin(), heard.end(), there)
                                          : std::any_of(heard.begin(), heard.end(), there);
}

// Open, and of the same correlation as what was heard before.
bool fits(Frame const& frame, HeardEvent const& event) {
  auto const& listen = std::get<ListenState>(frame.body);
  auto const index = static_cast<std::size_t>(event.filter);
  if (index >= listen.heard.size() || listen.heard[index]) return false;
  if (!workflow::agrees(event.keys, listen.expected[index])) return false;
  return task_of(frame).mode != Mode::all || workflow::agrees(event.keys, listen.bound);
}

void take(Machine& m, Frame& frame, HeardEvent const& event) {
  auto& listen = std::get<ListenState>(frame.body);
  auto const index = static_cast<std::size_t>(event.filter);
  listen.heard[index] = trigger::read_event(event.event, task_of(frame).read);
  m.state.heard.insert(event.seq);
  for (auto const& [name, value] : event.keys.members())
    listen.bound.set(name, value);
  m.commands.emplace_back(ClearListener{key_of(frame, index)});
}

void finish(Machine& m, Frame& frame) {
  stop_listening(m, frame);
  Json output = Json::array();
  for (auto& each : std::get<ListenState>(frame.body).heard) {
    if (each) output.push_back(std::move(*each));
  }
  m.complete(frame, std::move(output));
}

void wait_on(Machine& m, Frame& frame) {
  auto& listen = std::get<ListenState>(frame.body);
  frame.stage = Stage::listening;
  for (std::size_t i = 0; i < listen.heard.size(); ++i) {
    if (!listen.heard[i]) m.commands.emplace_back(SetListener{listener_of(m.state, frame, i)});
  }
  std::string words = words_for(frame);
  if (words == listen.waiting_for) return;
  listen.waiting_for = words;
  Json payload = Json::object({{"waitingFor", std::move(words)}});
  if (auto const due = frame.timers.find("timeout"); due != frame.timers.end()) {
    payload.set("until", format_time(due->second));
  }
  m.note("waiting", frame.pointer(), std::move(payload));
}

}  // namespace

void listen_filters_known(Machine& m, Frame& frame, Input& in) {
  ListenState listen;
  std::size_t const count = std::max<std::size_t>(task_of(frame).filters.size(), 1);
  listen.expected = in.values.at(0).items();
  listen.variables.assign(in.values.begin() + 1, in.values.end());
  listen.expected.resize(count);
  listen.variables.resize(count);
  listen.heard.resize(count);
  listen.bound = Json::object();
  for (auto const& expected : listen.expected) {
    for (auto const& [name, value] : expected.members()) {
      if (!value.is_null()) continue;
      m.fault(frame, m.problem(frame, "expression", 400, "Nothing to correlate with",
                               "What correlation \"" + name +
                                   "\" expects is null: no event could ever agree with it."));
      return;
    }
    if (task_of(frame).mode != Mode::all) continue;
    for (auto const& [name, value] : expected.members())
      listen.bound.set(name, value);
  }
  frame.body = std::move(listen);
  look(m, frame);
}

void listen_scanned(Machine& m, Frame& frame, Input& in) {
  if (in.scanned->error && in.scanned->error->kind == ErrorKind::unavailable &&
      ++std::get<ListenState>(frame.body).failed_looks < looks_max) {
    m.arm(frame, "listen", m.now + look_again_after);
    return;
  }
  if (in.scanned->error) {
    m.fault(frame, problem_from(*in.scanned->error, frame.pointer()));
    return;
  }
  auto& listen = std::get<ListenState>(frame.body);
  auto events = in.scanned->events;
  events.insert(events.end(), listen.early.begin(), listen.early.end());
  listen.early.clear();
  std::stable_sort(events.begin(), events.end(),
                   [](auto const& a, auto const& b) { return a.seq < b.seq; });
  bool elsewhere = false;
  std::int64_t last = 0;
  for (auto const& each : events) {
    if (each.seq == last || is_done(frame)) continue;
    if (m.state.heard.contains(each.seq)) {
      elsewhere = true;
    } else if (fits(frame, each)) {
      take(m, frame, each);
      last = each.seq;
    }
  }
  if (is_done(frame)) return finish(m, frame);
  // Another branch took it meanwhile; the look may have left out what comes after.
  if (elsewhere) return look(m, frame);
  wait_on(m, frame);
}

void listen_heard_early(Machine&, Frame& frame, Input& in) {
  std::get<ListenState>(frame.body).early.push_back(*in.heard);
}

void listen_heard(Machine& m, Frame& frame, Input& in) {
  take(m, frame, *in.heard);
  if (is_done(frame)) return finish(m, frame);
  wait_on(m, frame);
}

void listen_again(Machine& m, Frame& frame, Input&) {
  m.clear(frame, "listen");
  look(m, frame);
}

bool wants(RunState const& state, Frame const& frame, HeardEvent const& heard) {
  auto const* listen = std::get_if<ListenState>(&frame.body);
  if (listen == nullptr || state.heard.contains(heard.seq)) return false;
  if (frame.stage == Stage::listening) return fits(frame, heard);
  return std::none_of(listen->early.begin(), listen->early.end(), [&](auto const& each) {
    return each.seq == heard.seq && each.filter == heard.filter;
  });
}

void stop_listening(Machine& m, Frame const& frame) {
  auto const* listen = std::get_if<ListenState>(&frame.body);
  if (listen == nullptr) return;
  for (std::size_t i = 0; i < listen->heard.size(); ++i) {
    if (!listen->heard[i]) m.commands.emplace_back(ClearListener{key_of(frame, i)});
  }
}

}  // namespace fairlead::run::tasks
