#include "tests/sim/workload.h"

#include <array>

#include "base/assert.h"
#include "workflow/templates.h"

namespace fairlead::sim {
namespace {

constexpr int depth_max = 3;
constexpr int trees_max = 3;

// One document under construction.
struct Garden {
  Dice& dice;
  int names{0};
  int calls_left{6};

  std::string name(std::string_view kind) { return std::string(kind) + std::to_string(++names); }
};

Json task(Garden& garden, int depth);

Json named(Garden& garden, std::string_view kind, Json body) {
  return Json::object({{garden.name(kind), std::move(body)}});
}

Json list(Garden& garden, int depth, int length) {
  Json tasks = Json::array();
  for (int i = 0; i < length; ++i)
    tasks.push_back(task(garden, depth));
  return tasks;
}

Json seconds(int count) { return Json::object({{"seconds", count}}); }

Json call(std::string_view action, Json with) {
  return Json::object({{"call", std::string(action) + ":1.0.0@gitlab"}, {"with", std::move(with)}});
}

Json create_issue(Garden& garden) {
  return call("create-issue",
              Json::object({{"project", "ops/incidents"}, {"title", garden.name("issue ")}}));
}

Json trigger(Garden& garden) {
  std::string const result = garden.dice.once_in(4) ? "failed" : "success";
  return call("trigger-pipeline",
              Json::object({{"project", "ops/runbooks"},
                            {"ref", "main"},
                            {"variables", Json::object({{"SANDBOX_RESULT", result}})}}));
}

Json set_task(Garden& garden, int) {
  return named(garden, "set",
               Json::object({{"set", Json::object({{"n", garden.dice.between(0, 4)}})}}));
}

Json issue_task(Garden& garden, int) { return named(garden, "create", create_issue(garden)); }

// An issue and a word on it.
Json talk_task(Garden& garden, int) {
  Json tasks = Json::array();
  tasks.push_back(named(garden, "create", create_issue(garden)));
  tasks.push_back(named(garden, "comment",
                        call("comment-issue", Json::object({{"project", "ops/incidents"},
                                                            {"iid", "${ .iid }"},
                                                            {"body", "a word from the run"}}))));
  return named(garden, "talk", Json::object({{"do", std::move(tasks)}}));
}

// A pipeline that is waited for by the step that starts it, and cancelled with the run.
Json watched_task(Garden& garden, int) {
  Json body = trigger(garden);
  Json with = body["with"];
  with.set("wait", "until_finished");
  with.set("on_cancel", garden.dice.once_in(4) ? "keep" : "cancel");
  body.set("with", std::move(with));
  Json inner = Json::array();
  inner.push_back(named(garden, "watched", std::move(body)));
  Json caught = Json::array();
  caught.push_back(set_task(garden, 0));
  return named(garden, "try",
               Json::object({{"try", std::move(inner)},
                             {"catch", Json::object({{"do", std::move(caught)}})}}));
}

// A pipeline and its end; a failed one is caught.
Json pipeline_task(Garden& garden, int) {
  Json tasks = Json::array();
  tasks.push_back(named(garden, "start", trigger(garden)));
  tasks.push_back(named(garden, "await",
                        call("wait-for-pipeline", Json::object({{"project", "ops/runbooks"},
                                                                {"pipeline", "${ .id }"}}))));
  Json caught = Json::array();
  caught.push_back(set_task(garden, 0));
  return named(garden, "repair",
               Json::object({{"try", std::move(tasks)},
                             {"catch", Json::object({{"do", std::move(caught)}})}}));
}

Json wait_task(Garden& garden, int) {
  return named(garden, "wait", Json::object({{"wait", seconds(garden.dice.between(1, 240))}}));
}

Json for_task(Garden& garden, int depth) {
  int const rounds = garden.dice.between(1, 3);
  Json items = Json::array();
  for (int i = 0; i < rounds; ++i)
    items.push_back(i);
  return named(
      garden, "each",
      Json::object({{"for", Json::object({{"each", "item"}, {"in", "${ " + items.dump() + " }"}})},
                    {"do", list(garden, depth + 1, 1)}}));
}

Json fork_task(Garden& garden, int depth) {
  Json branches = Json::array();
  int const count = garden.dice.between(2, 3);
  for (int i = 0; i < count; ++i)
    branches.push_back(task(garden, depth + 1));
  return named(garden, "fork",
               Json::object({{"fork", Json::object({{"compete", garden.dice.once_in(2)},
                                                    {"branches", std::move(branches)}})}}));
}

Json retry_of(Garden& garden) {
  return Json::object(
      {{"delay", seconds(garden.dice.between(1, 20))},
       {"limit",
        Json::object({{"attempt", Json::object({{"count", garden.dice.between(1, 3)}})}})}});
}

Json try_task(Garden& garden, int depth) {
  Json handler = Json::object({{"retry", retry_of(garden)}});
  if (garden.dice.once_in(2)) handler.set("do", list(garden, depth + 1, 1));
  return named(garden, "try",
               Json::object({{"try", list(garden, depth + 1, garden.dice.between(1, 2))},
                             {"catch", std::move(handler)}}));
}

// A call that has little time: given up, and tried again with its outcome open.
Json hurried_task(Garden& garden, int) {
  Json body = create_issue(garden);
  body.set("timeout", Json::object({{"after", seconds(garden.dice.between(2, 30))}}));
  Json inner = Json::array();
  inner.push_back(named(garden, "hurried", std::move(body)));
  return named(garden, "try",
               Json::object({{"try", std::move(inner)},
                             {"catch", Json::object({{"retry", retry_of(garden)}})}}));
}

Json switch_task(Garden& garden, int) {
  Json cases = Json::array();
  cases.push_back(
      Json::object({{"first", Json::object({{"when", "${ .n == 1 }"}, {"then", "continue"}})}}));
  cases.push_back(Json::object({{"otherwise", Json::object({{"then", "continue"}})}}));
  return named(garden, "switch", Json::object({{"switch", std::move(cases)}}));
}

Json emit_task(Garden& garden, int) {
  Json const with = Json::object({{"source", "https://sim.example"},
                                  {"type", std::string(sink_type)},
                                  {"data", Json::object({{"from", garden.name("emit")}})}});
  return named(garden, "tell",
               Json::object({{"emit", Json::object({{"event", Json::object({{"with", with}})}})}}));
}

// Hears one of the script's events, or gives up. The filter asks for the run's context, natively.
Json listen_task(Garden& garden, int) {
  Json const filter =
      Json::object({{"with", Json::object({{"type", std::string(wake_type)},
                                           {"data", "${ .n >= 0 and . != $context }"}})}});
  Json const listen = Json::object({{"to", Json::object({{"one", filter}})}});
  Json inner = Json::array();
  inner.push_back(
      named(garden, "hear",
            Json::object(
                {{"listen", listen},
                 {"timeout", Json::object({{"after", seconds(garden.dice.between(20, 300))}})}})));
  Json caught = Json::array();
  caught.push_back(set_task(garden, 0));
  return named(garden, "try",
               Json::object({{"try", std::move(inner)},
                             {"catch", Json::object({{"do", std::move(caught)}})}}));
}

Json raise_task(Garden& garden, int depth) {
  Json const error =
      Json::object({{"type", "https://serverlessworkflow.io/spec/1.0.0/errors/communication"},
                    {"title", "As planned"},
                    {"status", 500}});
  Json inner = Json::array();
  inner.push_back(
      named(garden, "raise", Json::object({{"raise", Json::object({{"error", error}})}})));
  return named(garden, "try",
               Json::object({{"try", std::move(inner)},
                             {"catch", Json::object({{"do", list(garden, depth + 1, 1)}})}}));
}

// Another workflow as a step; now and then nobody waits for it.
Json child_task(Garden& garden, int) {
  Json run = Json::object(
      {{"workflow", Json::object({{"namespace", "sim"},
                                  {"name", std::string(leaf_name)},
                                  {"version", "1.0.0"},
                                  {"input", Json::object({{"n", garden.dice.between(0, 2)}})}})}});
  if (garden.dice.once_in(4)) run.set("await", false);
  Json inner = Json::array();
  inner.push_back(named(garden, "child", Json::object({{"run", std::move(run)}})));
  Json caught = Json::array();
  caught.push_back(set_task(garden, 0));
  return named(garden, "try",
               Json::object({{"try", std::move(inner)},
                             {"catch", Json::object({{"do", std::move(caught)}})}}));
}

// People are asked; nobody in time, or a withdrawn question, is caught.
Json approval_task(Garden& garden, int) {
  Json with = Json::object(
      {{"question", garden.name("may it go on? ")}, {"required", garden.dice.between(1, 2)}});
  if (garden.dice.once_in(2))
    with.set("expires_after", "PT" + std::to_string(garden.dice.between(30, 400)) + "S");
  Json ask = Json::object({{"call", "request-approval:1.0.0@default"}, {"with", std::move(with)}});
  if (garden.dice.once_in(4))
    ask.set("timeout", Json::object({{"after", seconds(garden.dice.between(20, 200))}}));
  Json inner = Json::array();
  inner.push_back(named(garden, "ask", std::move(ask)));
  Json caught = Json::array();
  caught.push_back(set_task(garden, 0));
  return named(garden, "try",
               Json::object({{"try", std::move(inner)},
                             {"catch", Json::object({{"do", std::move(caught)}})}}));
}

struct Generator {
  int weight;
  enum class Kind { plain, effect, nested } kind;
  Json (*make)(Garden&, int depth);
};

constexpr std::array generators{
    Generator{2, Generator::Kind::plain, set_task},
    Generator{4, Generator::Kind::plain, wait_task},
    Generator{2, Generator::Kind::plain, switch_task},
    Generator{3, Generator::Kind::plain, listen_task},
    Generator{3, Generator::Kind::effect, emit_task},
    Generator{3, Generator::Kind::effect, child_task},
    Generator{3, Generator::Kind::plain, approval_task},
    Generator{6, Generator::Kind::effect, issue_task},
    Generator{3, Generator::Kind::effect, talk_task},
    Generator{4, Generator::Kind::effect, pipeline_task},
    Generator{5, Generator::Kind::effect, watched_task},
    Generator{3, Generator::Kind::effect, hurried_task},
    Generator{3, Generator::Kind::nested, for_task},
    Generator{4, Generator::Kind::nested, fork_task},
    Generator{4, Generator::Kind::nested, try_task},
    Generator{2, Generator::Kind::nested, raise_task},
};

bool fits(Garden const& garden, Generator const& generator, int depth) {
  if (generator.kind == Generator::Kind::nested) return depth < depth_max;
  return generator.kind != Generator::Kind::effect || garden.calls_left > 0;
}

Json task(Garden& garden, int depth) {
  int total = 0;
  for (auto const& each : generators)
    total += fits(garden, each, depth) ? each.weight : 0;
  int pick = garden.dice.between(1, total);
  for (auto const& each : generators) {
    if (!fits(garden, each, depth)) continue;
    pick -= each.weight;
    if (pick > 0) continue;
    if (each.kind == Generator::Kind::effect) --garden.calls_left;
    return each.make(garden, depth);
  }
  return set_task(garden, depth);
}

// `schedule` null: only other workflows start it.
Workflow document(std::string name, Json schedule, Json tasks) {
  Json document = Json::object(
      {{"document",
        Json::object(
            {{"dsl", "1.0.3"}, {"namespace", "sim"}, {"name", name}, {"version", "1.0.0"}})},
       {"do", std::move(tasks)}});
  if (!schedule.is_null()) document.set("schedule", std::move(schedule));
  return {.name = std::move(name), .starts_on = "", .source = document.dump()};
}

Workflow started_by(std::string type, std::string name, Json tasks) {
  Json const filter = Json::object({{"with", Json::object({{"type", type}})}});
  Workflow made = document(std::move(name), Json::object({{"on", Json::object({{"one", filter}})}}),
                           std::move(tasks));
  made.starts_on = std::move(type);
  return made;
}

// What others run, what time starts, what GitLab's webhooks start.
void add_special(std::vector<Workflow>& all, Dice& dice) {
  Garden leaf{.dice = dice, .calls_left = 1};
  Json tasks = Json::array();
  tasks.push_back(wait_task(leaf, 0));
  tasks.push_back(issue_task(leaf, 0));
  all.push_back(document(std::string(leaf_name), Json(), std::move(tasks)));
  if (dice.once_in(2)) {
    Garden clock{.dice = dice, .calls_left = 1};
    Json ticks = Json::array();
    ticks.push_back(dice.once_in(2) ? issue_task(clock, 0) : wait_task(clock, 0));
    int const length = dice.between(40, 150);
    all.push_back(document(std::string(clock_name), Json::object({{"every", seconds(length)}}),
                           std::move(ticks)));
  }
  if (dice.once_in(3)) {
    Garden hook{.dice = dice, .calls_left = 1};
    Json heard = Json::array();
    heard.push_back(set_task(hook, 0));
    all.push_back(started_by(std::string(pipeline_type), "hooked", std::move(heard)));
  }
}

}  // namespace

std::vector<Workflow> make_workflows(Dice& dice) {
  std::vector<Workflow> all;
  auto incident = workflow::fill_template("incident-to-issue", Json::object());
  FAIRLEAD_ASSERT(incident.ok(), "the template is there");
  all.push_back({.name = "incident-to-issue",
                 .starts_on = std::string(incident_type),
                 .source = std::move(incident).value()});
  int const trees = dice.between(1, trees_max);
  for (int i = 1; i <= trees; ++i) {
    Garden garden{.dice = dice};
    Json tasks = list(garden, 0, dice.between(1, 4));
    // Some events start two workflows.
    std::string const type =
        dice.once_in(4) ? incident_type.data() : "sim.tree" + std::to_string(i);
    all.push_back(started_by(type, "tree" + std::to_string(i), std::move(tasks)));
  }
  Garden garden{.dice = dice};
  Json heard = Json::array();
  heard.push_back(issue_task(garden, 0));
  all.push_back(started_by(std::string(sink_type), "sink", std::move(heard)));
  add_special(all, dice);
  return all;
}

Json make_event_data(Dice& dice) {
  return Json::object({{"title", "Seen by the simulation"},
                       {"severity", dice.between(1, 3)},
                       {"service", "api"},
                       {"n", dice.between(0, 2)}});
}

}  // namespace fairlead::sim
