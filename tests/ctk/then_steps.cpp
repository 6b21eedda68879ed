// Steps that look: at the run, its output and error, its journal, at what the outside saw.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "steps.h"

namespace fairlead::ctk {
namespace {

using Done = Result<void>;
using Entries = std::vector<store::JournalEntry>;

// ---- the run ----

std::string situation(store::RunRecord const& run) {
  std::string text = "The run is " + run.status;
  if (!run.waiting_for.empty()) text += ", waiting for " + run.waiting_for;
  if (!run.error.is_null()) text += "; its error: " + run.error.pretty();
  if (run.status == "completed") text += "; its output: " + run.output.pretty();
  return text;
}

Result<store::RunRecord> run_that_is(World& world, std::string_view status) {
  FAIRLEAD_TRY(auto run, world.run());
  if (run.status == status) return run;
  return invalid_input(
      "", "expected: a run that is " + std::string(status) + "\nactual:   " + situation(run));
}

Done equals(std::string what, Json const& expected, Json const& actual) {
  if (expected == actual) return {};
  return mismatch(std::move(what), expected, actual);
}

// The members that are listed; others may be there.
Done has_members(std::string const& what, Json const& expected, Json const& actual) {
  for (auto const& [name, value] : expected.members()) {
    if (actual[name] == value) continue;
    return mismatch("The member '" + name + "' of " + what + " differs.", value, actual);
  }
  return {};
}

Done completes(World& world, Arguments const&) {
  FAIRLEAD_CHECK(run_that_is(world, "completed"));
  return {};
}

Done completes_with(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  FAIRLEAD_TRY(auto run, run_that_is(world, "completed"));
  return equals("The output differs.", expected, run.output);
}

Done faults(World& world, Arguments const&) {
  FAIRLEAD_CHECK(run_that_is(world, "faulted"));
  return {};
}

Done faults_with(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  FAIRLEAD_TRY(auto run, run_that_is(world, "faulted"));
  return has_members("the error", expected, run.error);
}

Done cancels(World& world, Arguments const&) {
  FAIRLEAD_CHECK(run_that_is(world, "cancelled"));
  return {};
}

Done waits(World& world, Arguments const&) {
  FAIRLEAD_CHECK(run_that_is(world, "waiting"));
  return {};
}

Done suspends(World& world, Arguments const&) {
  FAIRLEAD_CHECK(run_that_is(world, "suspended"));
  return {};
}

Done contains(std::string const& what, std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return {};
  return mismatch(what, Json("... " + std::string(part) + " ..."), Json(std::string(text)));
}

Done waits_for(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto run, world.run());
  return contains("What the run waits for differs.", run.waiting_for, given[0]);
}

Done took_at_least(World& world, Milliseconds from, Milliseconds to) {
  FAIRLEAD_TRY(auto run, world.run());
  if (!run.ended_at) return invalid_input("", situation(run));
  auto const took = *run.ended_at - run.started_at;
  if (took >= from && took <= to) return {};
  return mismatch(
      "The run took another time.",
      from == to ? format_duration(from) : format_duration(from) + " to " + format_duration(to),
      format_duration(took) + " (" + std::to_string(took.count()) + " ms)");
}

Done took(World& world, Arguments const& given) {
  return took_at_least(world, given.duration(0), given.duration(0));
}

Done took_between(World& world, Arguments const& given) {
  return took_at_least(world, given.duration(0), given.duration(1));
}

// ---- output and error ----

// "a.b.0.c", or nothing if there is none.
Json const* at_path(Json const& value, std::string_view path) {
  if (path.empty()) return &value;
  std::string pointer;
  for (auto const& part : split(path, '.'))
    pointer += "/" + pointer_token(part);
  return value.pointer(pointer);
}

Result<Json> property(World& world, std::string const& path) {
  FAIRLEAD_TRY(auto run, run_that_is(world, "completed"));
  auto const* found = at_path(run.output, path);
  if (found != nullptr) return *found;
  return mismatch("The output has no property '" + path + "'.", Json(path), run.output);
}

Done output_has_all(World& world, Arguments const& given) {
  for (auto const& path : given.list(0))
    FAIRLEAD_CHECK(property(world, path));
  return {};
}

Done output_has_one(World& world, Arguments const& given) {
  FAIRLEAD_CHECK(property(world, given[0]));
  return {};
}

Done output_lacks(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto run, run_that_is(world, "completed"));
  for (auto const& path : given.list(0)) {
    if (at_path(run.output, path) == nullptr) continue;
    return mismatch("The output has a property '" + path + "'.", Json(), run.output);
  }
  return {};
}

Done output_property_is(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  FAIRLEAD_TRY(auto actual, property(world, given[0]));
  return equals("The property '" + given[0] + "' of the output differs.", expected, actual);
}

Done output_property_counts(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto actual, property(world, given[0]));
  auto const wanted = static_cast<std::size_t>(given.number(1));
  if (actual.is_array() && actual.size() == wanted) return {};
  return mismatch("The property '" + given[0] + "' of the output has another length.",
                  Json(std::to_string(wanted) + " items"), actual);
}

Done output_property_contains(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto actual, property(world, given[0]));
  auto const text = actual.is_string() ? actual.as_string() : actual.dump();
  return contains("The property '" + given[0] + "' of the output differs.", text, given[1]);
}

Done error_contains(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto run, run_that_is(world, "faulted"));
  return contains("The error's " + given[0] + " differs.", run.error[given[0]].as_string(),
                  given[1]);
}

Done error_has_all(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto run, run_that_is(world, "faulted"));
  for (auto const& path : given.list(0)) {
    if (at_path(run.error, path) != nullptr) continue;
    return mismatch("The error has no property '" + path + "'.", Json(path), run.error);
  }
  return {};
}

// ---- tasks ----

Result<Entries> entries_of(World& world) {
  FAIRLEAD_TRY(auto run, world.run());
  return world.journal(run.id);
}

Result<std::vector<std::string>> started_tasks(World& world) {
  FAIRLEAD_TRY(auto entries, entries_of(world));
  std::vector<std::string> names;
  for (auto const& entry : entries) {
    if (entry.kind == "task-started") names.push_back(entry.payload["name"].as_string());
  }
  return names;
}

Json names_json(std::vector<std::string> const& names) {
  Json list = Json::array();
  for (auto const& name : names)
    list.push_back(name);
  return list;
}

Error order_differs(std::string expected, std::vector<std::string> const& names) {
  return mismatch("The tasks ran in another order.", Json(std::move(expected)), names_json(names));
}

Done runs_first(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto names, started_tasks(world));
  if (!names.empty() && names.front() == given[0]) return {};
  return order_differs(given[0] + " first", names);
}

Done runs_last(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto names, started_tasks(world));
  if (!names.empty() && names.back() == given[0]) return {};
  return order_differs(given[0] + " last", names);
}

Done in_order(World& world, std::string const& before, std::string const& after) {
  FAIRLEAD_TRY(auto names, started_tasks(world));
  auto const first = std::find(names.begin(), names.end(), before);
  auto const second = std::find(names.begin(), names.end(), after);
  if (first != names.end() && second != names.end() && first < second) return {};
  return order_differs(before + " before " + after, names);
}

Done runs_after(World& world, Arguments const& given) {
  return in_order(world, given[1], given[0]);
}
Done runs_before(World& world, Arguments const& given) {
  return in_order(world, given[0], given[1]);
}

Done runs_times(World& world, std::string const& task, int times) {
  FAIRLEAD_TRY(auto names, started_tasks(world));
  if (std::count(names.begin(), names.end(), task) == times) return {};
  return order_differs(task + " " + std::to_string(times) + " times", names);
}

Done runs_count(World& world, Arguments const& given) {
  return runs_times(world, given[0], given.number(1));
}
Done runs_never(World& world, Arguments const& given) { return runs_times(world, given[0], 0); }

// The last note of that kind about a task of that name. Some notes name their task by its pointer
// only: the name is the pointer's last part.
Result<Json> last_note(World& world, std::string const& kind, std::string const& task) {
  FAIRLEAD_TRY(auto entries, entries_of(world));
  for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
    if (at->kind == kind && at->task.ends_with("/" + task)) return at->payload;
  }
  std::string story;
  for (auto const& entry : entries)
    story += "\n  " + entry.kind + " " + entry.task;
  return invalid_input(
      "", "expected: " + kind + " of " + task + "\nactual:   none in the journal:" + story);
}

Done task_completes(World& world, Arguments const& given) {
  FAIRLEAD_CHECK(last_note(world, "task-completed", given[0]));
  return {};
}
Done task_completes_with(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  FAIRLEAD_TRY(auto note, last_note(world, "task-completed", given[0]));
  return equals("The output of " + given[0] + " differs.", expected, note["output"]);
}
Done task_faults(World& world, Arguments const& given) {
  FAIRLEAD_CHECK(last_note(world, "task-faulted", given[0]));
  return {};
}
Done task_faults_with(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  FAIRLEAD_TRY(auto note, last_note(world, "task-faulted", given[0]));
  return has_members("the error of " + given[0], expected, note["error"]);
}
Done task_cancels(World& world, Arguments const& given) {
  FAIRLEAD_CHECK(last_note(world, "task-cancelled", given[0]));
  return {};
}
Done task_skipped(World& world, Arguments const& given) {
  FAIRLEAD_CHECK(last_note(world, "task-skipped", given[0]));
  return {};
}

// The delays of all retries, in order: "1000, 2000, 4000".
Done retry_delays(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  FAIRLEAD_TRY(auto entries, entries_of(world));
  Json delays = Json::array();
  for (auto const& entry : entries) {
    if (entry.kind == "retry-scheduled") delays.push_back(entry.payload["delayMs"]);
  }
  return equals("The delays of the retries differ (ms).", expected, delays);
}

Done retry_delays_between(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto entries, entries_of(world));
  int seen = 0;
  for (auto const& entry : entries) {
    if (entry.kind != "retry-scheduled") continue;
    ++seen;
    Milliseconds const delay(entry.payload["delayMs"].as_integer());
    if (delay >= given.duration(0) && delay <= given.duration(1)) continue;
    return mismatch("A retry waited for another time.", given[0] + " to " + given[1],
                    entry.payload["delayMs"]);
  }
  if (seen > 0) return {};
  return invalid_input("", "There was no retry.");
}

// ---- refused definitions ----

Done refused(World& world, Arguments const&) {
  if (!world.problems().empty()) return {};
  return invalid_input("", "expected: a definition that is refused\nactual:   it was accepted");
}

Done refused_saying(World& world, Arguments const& given) {
  FAIRLEAD_CHECK(refused(world, given));
  std::string all;
  for (auto const& problem : world.problems())
    all += workflow::describe(problem) + "\n";
  return contains("The definition is refused for another reason.", all, given[0]);
}

Done refused_at(World& world, Arguments const& given) {
  FAIRLEAD_CHECK(refused(world, given));
  for (auto const& problem : world.problems()) {
    if (problem.pointer == given[0] && problem.message.find(given[1]) != std::string::npos)
      return {};
  }
  Json all = Json::array();
  for (auto const& problem : world.problems())
    all.push_back(problem.pointer + ": " + problem.message);
  return mismatch("The definition is refused elsewhere.", Json(given[0] + ": " + given[1]), all);
}

// ---- other runs, events, the outside ----

Done run_count(World& world, std::string const& name, int wanted) {
  FAIRLEAD_TRY(auto runs, world.runs_of(name));
  if (runs.size() == static_cast<std::size_t>(wanted)) return {};
  Json list = Json::array();
  for (auto const& run : runs)
    list.push_back(format_time(run.started_at) + " " + run.status + " (" + run.cause + ")");
  return mismatch("There is another number of runs of '" + name + "'.", wanted, list);
}

Done subject_run_count(World& world, Arguments const& given) {
  return run_count(world, world.subject().name, given.number(0));
}
Done other_run_count(World& world, Arguments const& given) {
  return run_count(world, given[0], given.number(1));
}

Done other_run_is(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto runs, world.runs_of(given[0]));
  if (runs.empty()) return invalid_input("", "There is no run of '" + given[0] + "'.");
  return equals("The run of '" + given[0] + "' stands elsewhere.", Json(given[1]),
                Json(runs.front().status));
}

Done starts(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  FAIRLEAD_TRY(auto runs, world.runs_of(world.subject().name));
  std::vector<std::string> times;
  for (auto const& run : runs)
    times.push_back(format_time(run.started_at));
  std::sort(times.begin(), times.end());
  return equals("The runs started at other times.", expected, names_json(times));
}

Done event_count(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto events, world.events());
  auto const seen = std::count_if(events.begin(), events.end(),
                                  [&](auto const& event) { return event.type == given[1]; });
  if (seen == given.number(0)) return {};
  Json types = Json::array();
  for (auto const& event : events)
    types.push_back(event.type);
  return mismatch("There is another number of events of that type.", given.number(0), types);
}

Done event_has(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  FAIRLEAD_TRY(auto events, world.events());
  for (auto at = events.rbegin(); at != events.rend(); ++at) {
    if (at->type == given[0]) return has_members("the event", expected, at->envelope);
  }
  return invalid_input("", "No event of the type '" + given[0] + "' was emitted.");
}

Done request_count(World& world, Arguments const& given) {
  auto const received = world.stub().received();
  auto const seen =
      std::count_if(received.begin(), received.end(), [&](StubRequest const& request) {
        return request.method + " " + request.url == given[1] + " " + given[2];
      });
  if (seen == given.number(0)) return {};
  Json all = Json::array();
  for (auto const& request : received)
    all.push_back(request.method + " " + request.url);
  return mismatch("There was another number of such requests.", given.number(0), all);
}

Result<StubRequest> last_request(World& world) {
  auto const received = world.stub().received();
  if (!received.empty()) return received.back();
  return invalid_input("", "No request was sent.");
}

Done request_body(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  FAIRLEAD_TRY(auto request, last_request(world));
  auto const parsed = Json::parse(request.body);
  return equals("The body of the last request differs.", expected,
                parsed.ok() ? *parsed : Json(request.body));
}

Done request_header(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto request, last_request(world));
  return equals("The header '" + given[0] + "' of the last request differs.", Json(given[1]),
                Json(std::string(request.headers.get(given[0]))));
}

Done request_without_header(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto request, last_request(world));
  if (!request.headers.contains(given[0])) return {};
  return invalid_input("", "The last request has a header '" + given[0] + "'.");
}

Done call_count(World& world, Arguments const& given) {
  auto const& calls = world.actions().calls();
  auto const seen = std::count_if(calls.begin(), calls.end(),
                                  [&](Json const& call) { return call["name"] == given[0]; });
  if (seen == given.number(1)) return {};
  return mismatch("The action was called another number of times.", given.number(1),
                  Json(Json::Array(calls)));
}

Done call_input(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto expected, given.value());
  auto const& calls = world.actions().calls();
  for (auto at = calls.rbegin(); at != calls.rend(); ++at) {
    if ((*at)["name"] == Json(given[0]))
      return equals("The action's input differs.", expected, (*at)["input"]);
  }
  return invalid_input("", "The action '" + given[0] + "' was not called.");
}

Done nowhere(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto kept, world.all_that_is_kept());
  auto const at = kept.find(given[0]);
  if (at == std::string::npos) return {};
  auto const start = at < 100 ? 0 : at - 100;
  return mismatch("The text was kept.", Json("no '" + given[0] + "' anywhere"),
                  Json(kept.substr(start, 200 + given[0].size())));
}

constexpr std::array rows{
    StepRow{"the workflow should complete", completes},
    StepRow{"the workflow should complete with output", completes_with},
    StepRow{"the workflow should fault", faults},
    StepRow{"the workflow should fault with error", faults_with},
    StepRow{"the workflow should cancel", cancels},
    StepRow{"the workflow should be waiting", waits},
    StepRow{"the workflow should be suspended", suspends},
    StepRow{"the workflow should be waiting for {text}", waits_for},
    StepRow{"the workflow should have taken {duration}", took},
    StepRow{"the workflow should have taken between {duration} and {duration}", took_between},
    StepRow{"the workflow output should have properties {list}", output_has_all},
    StepRow{"the workflow output should have a {text} property", output_has_one},
    StepRow{"the workflow output should not have properties {list}", output_lacks},
    StepRow{"the workflow output should have a {text} property with value", output_property_is},
    StepRow{"the workflow output should have an {text} property with value", output_property_is},
    StepRow{"the workflow output should have a {text} property containing {number} items",
            output_property_counts},
    StepRow{"the workflow output should have a {text} property containing {number} item",
            output_property_counts},
    StepRow{"the workflow output should have a {text} property containing {text}",
            output_property_contains},
    StepRow{"the error's {word} should contain {text}", error_contains},
    StepRow{"the error should have properties {list}", error_has_all},
    StepRow{"{word} should run first", runs_first},
    StepRow{"{word} should run last", runs_last},
    StepRow{"{word} should run after {word}", runs_after},
    StepRow{"{word} should run before {word}", runs_before},
    StepRow{"{word} should run {number} times", runs_count},
    StepRow{"{word} should run {number} time", runs_count},
    StepRow{"{word} should not run", runs_never},
    StepRow{"{word} should complete", task_completes},
    StepRow{"{word} should complete with output", task_completes_with},
    StepRow{"{word} should fault", task_faults},
    StepRow{"{word} should fault with error", task_faults_with},
    StepRow{"{word} should cancel", task_cancels},
    StepRow{"{word} should be skipped", task_skipped},
    StepRow{"the retries should have waited for milliseconds", retry_delays},
    StepRow{"each retry should have waited between {duration} and {duration}",
            retry_delays_between},
    StepRow{"the workflow should be refused", refused},
    StepRow{"the workflow should be refused saying {text}", refused_saying},
    StepRow{"the workflow should be refused at {text} saying {text}", refused_at},
    StepRow{"the workflow should have run {number} times", subject_run_count},
    StepRow{"the workflow should have run {number} time", subject_run_count},
    StepRow{"the workflow {text} should have run {number} times", other_run_count},
    StepRow{"the workflow {text} should have run {number} time", other_run_count},
    StepRow{"the run of {text} should be {word}", other_run_is},
    StepRow{"the runs should have started at", starts},
    StepRow{"{number} events of type {text} should be in the inbox", event_count},
    StepRow{"{number} event of type {text} should be in the inbox", event_count},
    StepRow{"the last event of type {text} should have", event_has},
    StepRow{"{number} requests {word} {text} should have been sent", request_count},
    StepRow{"{number} request {word} {text} should have been sent", request_count},
    StepRow{"the last request should have the body", request_body},
    StepRow{"the last request should have the header {text} with value {text}", request_header},
    StepRow{"the last request should not have the header {text}", request_without_header},
    StepRow{"the action {text} should have been called {number} times", call_count},
    StepRow{"the action {text} should have been called {number} time", call_count},
    StepRow{"the action {text} should have been called with", call_input},
    StepRow{"{text} should be written nowhere", nowhere},
};

}  // namespace

std::span<StepRow const> then_steps() { return rows; }

}  // namespace fairlead::ctk
