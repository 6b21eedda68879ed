// The core as tables: a workflow, an input, what comes out, and what the journal tells.
#include "run/advance.h"

#include <gtest/gtest.h>

#include "run/fakes_test.h"
#include "run/transitions.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

struct Case {
  std::string name;
  std::string body;   // below `document`
  std::string input;  // JSON
  std::string status;
  std::string result;           // JSON: the output, or members of the error
  std::string story;            // notes, one a line; empty: not compared
  std::vector<Error> failures;  // of the action `flaky`
};

Error failure(ErrorKind kind, int status, std::string message = "it broke") {
  Error error = make_error(kind, std::move(message));
  error.status = status;
  return error;
}

std::vector<Case> data_flow_cases() {
  return {
      {"set_replaces_and_evaluates",
       "do:\n- a: {set: {color: red, size: '${ .n }'}}\n- b: {set: {was: '${ .size }'}}\n",
       R"({"n": 3, "old": 1})",
       "completed",
       R"({"was": 3})",
       "started a\ncompleted a\nstarted b\ncompleted b\nrun-completed\n",
       {}},
      {"null_input_is_kept",
       "do:\n- a: {set: {seen: '${ . }'}}\n",
       "null",
       "completed",
       R"({"seen": null})",
       "",
       {}},
      {"workflow_input_from_and_output_as",
       "input: {from: '.order'}\noutput: {as: '.result'}\n"
       "do:\n- a: {set: {result: '${ .n }', raw: '${ $workflow.input.order.n }'}}\n",
       R"({"order": {"n": 5}})",
       "completed",
       "5",
       "",
       {}},
      {"task_input_output_and_export",
       "do:\n"
       "- a: {input: {from: .user}, set: {name: '${ .name }'}, output: {as: .name},"
       " export: {as: '$context + { kept: . }'}}\n"
       "- b: {set: {name: '${ $context.kept }', before: '${ . }'}}\n",
       R"({"user": {"name": "ada"}})",
       "completed",
       R"({"name": "ada", "before": "ada"})",
       "",
       {}},
      {"variables_of_task_and_runtime",
       "do:\n- a: {set: {task: '${ $task.name }', at: '${ $task.reference }', by: '${ "
       "$runtime.name }',"
       " input: '${ $input.n }', run: '${ $workflow.id }'}}\n",
       R"({"n": 1})",
       "completed",
       R"({"task": "a", "at": "/do/0/a", "by": "fairlead", "input": 1, "run": "run-1"})",
       "",
       {}},
      {"if_false_skips_and_passes_the_input_on",
       "do:\n- a: {if: .n > 2, set: {n: 9}, then: end}\n- b: {set: {got: '${ .n }'}}\n",
       R"({"n": 1})",
       "completed",
       R"({"got": 1})",
       "skipped a\nstarted b\ncompleted b\nrun-completed\n",
       {}},
      {"if_true_runs",
       "do:\n- a: {if: .n > 2, set: {n: 9}}\n",
       R"({"n": 3})",
       "completed",
       R"({"n": 9})",
       "",
       {}},
      {"data_that_looks_like_an_expression_is_data",
       "do:\n- a: {set: {copy: '${ .text }'}}\n",
       R"({"text": "${ .secret }"})",
       "completed",
       R"({"copy": "${ .secret }"})",
       "",
       {}},
      {"an_expression_that_fails_is_an_expression_error",
       "do:\n- a: {set: {x: '${ bad( }'}}\n",
       "{}",
       "faulted",
       R"({"type": "https://open-workflow-specification.org/spec/1.0.0/errors/expression",
           "status": 400, "instance": "/do/0/a"})",
       "started a\nfaulted a\nrun-faulted\n",
       {}},
  };
}

std::vector<Case> flow_cases() {
  std::string const colors =
      "do:\n- pick: {switch: [{red: {when: '.color == \"red\"', then: setRed}},"
      " {blue: {when: '.color == \"blue\"', then: setBlue}}], then: end}\n"
      "- setRed: {set: {is: red}, then: end}\n- setBlue: {set: {is: blue}, then: end}\n";
  return {
      {"switch_takes_the_first_case",
       colors,
       R"({"color": "red"})",
       "completed",
       R"({"is": "red"})",
       "started pick\ncompleted pick\nstarted setRed\ncompleted setRed\nrun-completed\n",
       {}},
      {"switch_takes_a_later_case",
       colors,
       R"({"color": "blue"})",
       "completed",
       R"({"is": "blue"})",
       "",
       {}},
      {"switch_without_match_goes_where_its_own_then_says",
       colors,
       R"({"color": "grey"})",
       "completed",
       R"({"color": "grey"})",
       "",
       {}},
      {"switch_default",
       "do:\n- pick: {switch: [{red: {when: '.color == \"red\"', then: end}}, {other: {then: "
       "last}}]}\n"
       "- never: {set: {x: 1}}\n- last: {set: {is: other}}\n",
       R"({"color": "grey"})",
       "completed",
       R"({"is": "other"})",
       "",
       {}},
      {"do_nests_and_exit_leaves_the_list",
       "do:\n- outer: {do: [{a: {set: {x: 1}, then: exit}}, {b: {set: {x: 2}}}]}\n"
       "- after: {set: {got: '${ .x }'}}\n",
       "{}",
       "completed",
       R"({"got": 1})",
       "started outer\nstarted a\ncompleted a\ncompleted outer\nstarted after\ncompleted after\n"
       "run-completed\n",
       {}},
      {"end_ends_the_run_from_inside",
       "do:\n- outer: {do: [{a: {set: {x: 1}, then: end}}, {b: {set: {x: 2}}}]}\n- after: {set: "
       "{x: 3}}\n",
       "{}",
       "completed",
       R"({"x": 1})",
       "started outer\nstarted a\ncompleted a\ncancelled outer\nrun-completed\n",
       {}},
      {"for_chains_rounds",
       "do:\n- sum: {for: {each: item, in: .items}, do: [{add: {set: {n: '${ .n + $item }'}}}]}\n",
       R"({"n": 0, "items": [1, 2, 3]})",
       "completed",
       R"({"n": 6})",
       "",
       {}},
      {"for_stops_when_while_fails",
       "do:\n- sum: {for: {each: item, in: .items}, while: $index < 2, do: [{add: {set: {n: '${ .n "
       "+ $item "
       "}'}}}]}\n",
       R"({"n": 0, "items": [1, 2, 3]})",
       "completed",
       R"({"n": 3})",
       "",
       {}},
      {"for_over_nothing_passes_its_input_on",
       "do:\n- sum: {for: {each: item, in: .items}, do: [{add: {set: {n: 1}}}]}\n",
       R"({"items": []})",
       "completed",
       R"({"items": []})",
       "",
       {}},
      {"for_over_no_list_fails",
       "do:\n- sum: {for: {each: item, in: .n}, do: [{add: {set: {n: 1}}}]}\n",
       R"({"n": 1})",
       "faulted",
       R"({"title": "Not a list", "instance": "/do/0/sum"})",
       "",
       {}},
      {"fork_gives_outputs_in_written_order",
       "do:\n- both: {fork: {branches: [{a: {wait: PT5S}}, {b: {set: {x: 2}}}]}}\n",
       R"({"n": 1})",
       "completed",
       R"([{"n": 1}, {"x": 2}])",
       "",
       {}},
      {"fork_compete_takes_the_first_and_cancels_the_rest",
       "do:\n- both: {fork: {compete: true, branches: [{a: {wait: PT5S}}, {b: {set: {x: 2}}}]}}\n",
       R"({"n": 1})",
       "completed",
       R"({"x": 2})",
       "started both\nstarted a\nstarted b\nwaiting a\ncompleted b\ncancelled a\ncompleted both\n"
       "run-completed\n",
       {}},
      {"fork_branch_that_fails_fails_the_fork",
       "do:\n- both: {fork: {branches: [{a: {wait: PT5S}}, {b: {raise: {error: {type: "
       "'https://x/y', status: "
       "418, title: T}}}}]}}\n",
       "{}",
       "faulted",
       R"({"status": 418, "instance": "/do/0/both/fork/branches/1/b"})",
       "",
       {}},
      {"wait_sleeps_and_passes_its_input_on",
       "do:\n- nap: {wait: {seconds: 90}}\n",
       R"({"n": 1})",
       "completed",
       R"({"n": 1})",
       "started nap\nwaiting nap\ncompleted nap\nrun-completed\n",
       {}},
      {"emit_gives_the_event",
       "do:\n- say: {emit: {event: {with: {source: 'https://x', type: t.v1, data: {n: '${ .n "
       "}'}}}}}\n"
       "  \n- keep: {set: {type: '${ .type }', n: '${ .data.n }'}}\n",
       R"({"n": 4})",
       "completed",
       R"({"type": "t.v1", "n": 4})",
       "",
       {}},
      {"loops_end_with_the_step_budget",
       "do:\n- a: {set: {x: 1}}\n- b: {set: {x: 2}, then: a}\n",
       "{}",
       "faulted",
       R"({"status": 500, "title": "Step budget used up"})",
       "",
       {}},
  };
}

std::vector<Case> error_cases() {
  std::string const raise =
      "raise: {error: {type: "
      "'https://open-workflow-specification.org/dsl/errors/types/communication', "
      "status: 503, title: Down}}";
  return {
      {"raise_names_its_place",
       "do:\n- a: {" + raise + "}\n",
       "{}",
       "faulted",
       R"({"status": 503, "title": "Down", "instance": "/do/0/a"})",
       "",
       {}},
      {"catch_handles_with_the_error_in_a_variable",
       "do:\n- t: {try: [{a: {" + raise +
           "}}], catch: {errors: {with: {type: "
           "'https://open-workflow-specification.org/spec/1.0.0/errors/communication', status: "
           "503}}, as: err, "
           "do: [{h: {set: {status: '${ $err.status }', at: '${ $err.instance }'}}}]}}\n",
       "{}",
       "completed",
       R"({"status": 503, "at": "/do/0/t/try/0/a"})",
       "started t\nstarted a\nfaulted a\nerror-caught t\nstarted h\ncompleted h\ncompleted t\n"
       "run-completed\n",
       {}},
      {"catch_without_do_swallows_and_gives_the_input",
       "do:\n- t: {try: [{a: {" + raise + "}}], catch: {errors: {with: {status: 503}}}}\n",
       R"({"n": 1})",
       "completed",
       R"({"n": 1})",
       "",
       {}},
      {"an_error_that_does_not_match_goes_on",
       "do:\n- t: {try: [{a: {" + raise +
           "}}], catch: {errors: {with: {status: 404}}, do: [{h: {set: {x: "
           "1}}}]}}\n",
       "{}",
       "faulted",
       R"({"status": 503})",
       "started t\nstarted a\nfaulted a\nfaulted t\nrun-faulted\n",
       {}},
      {"catch_when_decides",
       "do:\n- t: {try: [{a: {" + raise +
           "}}], catch: {when: '$error.status == 503', do: [{h: {set: {x: 1}}}]}}\n",
       "{}",
       "completed",
       R"({"x": 1})",
       "",
       {}},
      {"catch_except_when_decides",
       "do:\n- t: {try: [{a: {" + raise +
           "}}], catch: {exceptWhen: '$error.status == 503', do: [{h: {set: {x: 1}}}]}}\n",
       "{}",
       "faulted",
       R"({"status": 503})",
       "",
       {}},
      {"catch_then_goes_elsewhere",
       "do:\n- t: {try: [{a: {" + raise +
           "}}], catch: {do: [{h: {set: {x: 1}}}], then: end}}\n- b: {set: {x: 2}}\n",
       "{}",
       "completed",
       R"({"x": 1})",
       "",
       {}},
      {"retry_until_it_works",
       "do:\n- t: {try: [{a: {call: 'flaky:1.0.0@gitlab', with: {title: x}}}], catch: {errors: "
       "{with: {status: "
       "500}}, retry: {delay: PT1S, backoff: {exponential: {}}, jitter: {from: PT0.1S, to: "
       "PT0.2S}, limit: "
       "{attempt: {count: 3}}}}}\n",
       "{}",
       "completed",
       R"({"title": "x", "iid": 1, "id": 100})",
       "started t\nstarted a\ncalled a\nfaulted a\nerror-caught t\nretry-scheduled t\nstarted "
       "a\ncalled a\n"
       "faulted a\nerror-caught t\nretry-scheduled t\nstarted a\ncalled a\ncompleted a\ncompleted "
       "t\n"
       "run-completed\n",
       {failure(ErrorKind::corrupt, 500), failure(ErrorKind::corrupt, 500)}},
      {"retries_used_up_without_do_fault",
       "do:\n- t: {try: [{a: {call: 'flaky:1.0.0@gitlab'}}], catch: {retry: {delay: PT1S, backoff: "
       "{linear: "
       "{}}, limit: {attempt: {count: 1}}}}}\n",
       "{}",
       "faulted",
       R"({"status": 500, "instance": "/do/0/t/try/0/a"})",
       "",
       {failure(ErrorKind::corrupt, 500), failure(ErrorKind::corrupt, 500)}},
      {"retries_used_up_with_do_are_handled",
       "do:\n- t: {try: [{a: {call: 'flaky:1.0.0@gitlab'}}], catch: {retry: {delay: PT10S, limit: "
       "{duration: "
       "PT15S}}, do: [{h: {set: {gave: up}}}]}}\n",
       "{}",
       "completed",
       R"({"gave": "up"})",
       "",
       {failure(ErrorKind::corrupt, 500), failure(ErrorKind::corrupt, 500),
        failure(ErrorKind::corrupt, 500)}},
      {"retry_when_decides",
       "do:\n- t: {try: [{a: {call: 'flaky:1.0.0@gitlab'}}], catch: {retry: {when: '$error.status "
       "== 503', "
       "delay: PT1S}, do: [{h: {set: {no: retry}}}]}}\n",
       "{}",
       "completed",
       R"({"no": "retry"})",
       "",
       {failure(ErrorKind::corrupt, 500)}},
      {"attempt_duration_ends_an_attempt",
       "do:\n- t: {try: [{a: {wait: PT1H}}], catch: {errors: {with: {status: 408}}, retry: {delay: "
       "PT1S, "
       "limit: {attempt: {count: 1, duration: PT10S}}}, do: [{h: {set: {slow: true}}}]}}\n",
       "{}",
       "completed",
       R"({"slow": true})",
       "",
       {}},
      {"task_timeout_is_catchable",
       "do:\n- t: {try: [{a: {wait: PT1H, timeout: {after: PT1M}}}], catch: {errors: {with: {type: "
       "'https://serverlessworkflow.io/spec/1.0.0/errors/timeout', status: 408}}, do: [{h: {set: "
       "{late: "
       "true}}}]}}\n",
       "{}",
       "completed",
       R"({"late": true})",
       "",
       {}},
      {"workflow_timeout_faults",
       "timeout: {after: PT1M}\ndo:\n- a: {wait: PT1H}\n",
       "{}",
       "faulted",
       R"({"status": 408, "instance": ""})",
       "started a\nwaiting a\ncancelled a\nrun-faulted\n",
       {}},
      {"details_of_an_action_name_the_type",
       "do:\n- t: {try: [{a: {call: 'flaky:1.0.0@gitlab'}}], catch: {errors: {with: {type: "
       "'https://x/errors/gitlab/pipeline-failed', status: 424}}, as: e, do: [{h: {set: {jobs: '${ "
       "$e.details.jobs }'}}}]}}\n",
       "{}",
       "completed",
       R"({"jobs": ["build"]})",
       "",
       {[] {
         Error error = failure(ErrorKind::conflict, 0, "the pipeline failed");
         error.details = Json::object({{"type", "https://x/errors/gitlab/pipeline-failed"},
                                       {"status", 424},
                                       {"jobs", Json::array({"build"})}});
         return error;
       }()}},
      {"an_unknown_action_is_told",
       "do:\n- a: {call: 'nothing:1.0.0@gitlab'}\n",
       "{}",
       "faulted",
       R"({"status": 404, "instance": "/do/0/a"})",
       "",
       {}},
  };
}

std::vector<Case> call_cases() {
  Error limited = failure(ErrorKind::rate_limited, 429, "slow down");
  limited.retry_after = std::chrono::seconds(250);
  Error sign_in = failure(ErrorKind::denied, 401, "refused");
  sign_in.title = "Token refresh failure";
  return {
      {"call_gives_the_output_and_pipes_it_on",
       "do:\n- issue: {call: 'create-issue:1.0.0@gitlab', with: {title: '${ .title }'}, export: "
       "{as: '{ issue: . "
       "}'}}\n- shape: {set: {iid: '${ $context.issue.iid }'}}\n",
       R"({"title": "disk full"})",
       "completed",
       R"({"iid": 1})",
       "started issue\ncalled issue\ncompleted issue\nstarted shape\ncompleted "
       "shape\nrun-completed\n",
       {}},
      {"a_wait_costs_a_timer",
       "do:\n- p: {call: 'wait-for-pipeline:1.0.0@gitlab', with: {pipeline: 8123}}\n",
       "{}",
       "completed",
       R"({"id": 8123, "status": "success"})",
       "started p\ncalled p\nwaiting p\ncompleted p\nrun-completed\n",
       {}},
      {"rate_limited_parks_and_goes_on",
       "do:\n- a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n",
       "{}",
       "completed",
       R"({"title": "t", "iid": 1, "id": 100})",
       "started a\ncalled a\nwaiting a\ncalled a\ncompleted a\nrun-completed\n",
       {limited}},
      {"needs_sign_in_parks_and_goes_on",
       "do:\n- a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n",
       "{}",
       "completed",
       R"({"title": "t", "iid": 1, "id": 100})",
       "started a\ncalled a\nwaiting a\ncalled a\ncalled a\ncompleted a\nrun-completed\n",
       {sign_in, sign_in}},
      {"an_uncertain_effect_is_looked_up",
       "do:\n- a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n",
       "{}",
       "completed",
       R"({"title": "t", "iid": 1, "id": 100})",
       "started a\ncalled a\nwaiting a\nlooked-up a\ncompleted a\nrun-completed\n",
       {failure(ErrorKind::uncertain, 502)}},
      {"an_uncertain_read_fails_like_any_other",
       "do:\n- a: {call: 'flaky-read:1.0.0@gitlab'}\n",
       "{}",
       "faulted",
       R"({"status": 502})",
       "",
       {failure(ErrorKind::uncertain, 502)}},
      {"an_effect_cut_off_by_a_timeout_is_looked_up_by_the_retry",
       "do:\n- t: {try: [{a: {call: 'flaky:1.0.0@gitlab', with: {title: t}, timeout: {after: "
       "PT2S}}}], catch: "
       "{errors: {with: {status: 408}}, retry: {delay: PT1S}}}\n",
       "{}",
       "completed",
       R"({"title": "t", "iid": 1, "id": 100})",
       "started t\nstarted a\ncalled a\nwaiting a\nfaulted a\nerror-caught t\nretry-scheduled "
       "t\nstarted a\n"
       "looked-up a\ncompleted a\ncompleted t\nrun-completed\n",
       {failure(ErrorKind::uncertain, 502)}},
  };
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (auto const& group : {data_flow_cases(), flow_cases(), error_cases(), call_cases()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

std::set<int> play(Case const& each) {
  ScriptedEvaluator evaluator;
  FakeActions actions;
  actions.failures.assign(each.failures.begin(), each.failures.end());
  auto document = document_of(each.body);
  if (document == nullptr) return {};
  CoreBench bench(document, evaluator, actions);
  bench.start(json(each.input));
  bench.run();
  RunState const& state = bench.state();
  EXPECT_EQ(to_string(state.status), each.status) << state.problem.dump() << state.waiting_for;
  Json const expected = json(each.result);
  if (each.status == "faulted") {
    for (auto const& [name, value] : expected.members()) {
      EXPECT_EQ(state.problem[name], value) << name << " of " << state.problem.dump();
    }
  } else {
    EXPECT_EQ(state.output, expected) << state.output.dump();
  }
  if (!each.story.empty()) {
    EXPECT_EQ(bench.story(), each.story);
  }
  EXPECT_TRUE(state.frames.empty());
  EXPECT_TRUE(bench.timers().empty()) << "timers left: " << bench.timers().begin()->first;
  for (auto const& [marker, times] : actions.effects)
    EXPECT_EQ(times, 1) << marker;
  bench.expect_replay();
  return bench.taken();
}

class Programs : public ::testing::TestWithParam<Case> {};

TEST_P(Programs, give_the_expected_result_and_journal) { play(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Core, Programs, ::testing::ValuesIn(all_cases()),
                         [](auto const& tested) { return tested.param.name; });

// Everything a bench of one workflow needs.
struct Bench {
  explicit Bench(std::string_view body) : core(document_of(body), evaluator, actions) {}
  ScriptedEvaluator evaluator;
  FakeActions actions;
  CoreBench core;
};

constexpr std::string_view one_create =
    "do:\n- a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n- b: {set: {done: '${ .iid }'}}\n";

TEST(Recovery, looks_an_effect_up_that_was_under_way) {
  Bench bench(one_create);
  bench.core.start(json("{}"));
  // The call is made, its answer is lost with the process.
  auto const call = std::get<Call>(bench.core.commands().front());
  EXPECT_EQ(call.invocation.mode, action::Invocation::Mode::first);
  ASSERT_TRUE(bench.actions.invoke(call.invocation).ok());
  CoreBench& core = bench.core;
  core.feed(Recovered{});
  auto const again = std::get<Call>(core.commands().back());
  EXPECT_EQ(again.invocation.mode, action::Invocation::Mode::recover);
  EXPECT_EQ(again.invocation.marker.id, call.invocation.marker.id);
  EXPECT_EQ(again.invocation.marker.first_attempt_at, call.invocation.marker.first_attempt_at);
  // An answer to the first attempt counts no more.
  core.feed(CallReturned{.frame = call.frame, .attempt = call.attempt, .output = json("{}")});
  EXPECT_EQ(core.state().status, RunStatus::running);
}

TEST(Recovery, asks_evaluations_again_in_every_stage) {
  std::string const body =
      "input: {from: .a}\noutput: {as: .z}\n"
      "do:\n- l: {if: '.n > 0', input: {from: .}, for: {in: .items}, while: $index < 2, do: [{t: "
      "{try: [{r: "
      "{raise: {error: {status: 503, type: x, title: '${ .title }'}}}}], catch: {when: "
      "'$error.status == 503', "
      "retry: {when: '$error.status == 503', limit: {attempt: {count: 1}}}, do: [{h: {emit: "
      "{event: {with: "
      "{type: e}}}, export: {as: '{ issue: . }'}}}]}}}], output: {as: .}}\n";
  ScriptedEvaluator evaluator;
  FakeActions actions;
  Bench straight(body);
  Bench shaken(body);
  Json const input = json(R"({"a": {"n": 1, "items": [1], "title": "T"}})");
  straight.core.start(input);
  straight.core.run();
  shaken.core.start(input);
  // Before every answer the process dies: the commands are lost and asked for again.
  for (int i = 0; i < 500 && !has_ended(shaken.core.state().status); ++i) {
    if (shaken.core.commands().empty()) {
      shaken.core.fire_next();
      continue;
    }
    shaken.core.lose_commands();
    shaken.core.feed(Recovered{});
    shaken.core.perform_one();
  }
  EXPECT_EQ(shaken.core.state().status, RunStatus::completed) << shaken.core.state().problem.dump();
  EXPECT_EQ(shaken.core.state().status, straight.core.state().status);
  EXPECT_EQ(shaken.core.state().output["id"], straight.core.state().output["id"]);
  shaken.core.expect_replay();
}

TEST(Calls, are_parked_for_a_person_when_nobody_can_say) {
  Bench bench(one_create);
  for (int i = 0; i < 20; ++i)
    bench.actions.failures.push_back(failure(ErrorKind::uncertain, 502));
  bench.core.start(json("{}"));
  bench.core.run();
  EXPECT_EQ(bench.core.state().status, RunStatus::suspended);
  EXPECT_NE(bench.core.state().waiting_for.find("whether flaky took effect"), std::string::npos);
  bench.actions.failures.clear();
  bench.core.feed(ResumeRequested{.reason = "looked at it", .connection = {}});
  bench.core.run();
  EXPECT_EQ(bench.core.state().status, RunStatus::completed);
  EXPECT_EQ(bench.actions.log.back(), "flaky recover");
  bench.core.expect_replay();
}

TEST(Calls, go_on_at_once_when_the_connection_is_repaired) {
  Bench bench(one_create);
  Error sign_in = failure(ErrorKind::denied, 401);
  sign_in.title = "Token refresh failure";
  bench.actions.failures.push_back(sign_in);
  bench.core.start(json("{}"));
  bench.core.settle();
  EXPECT_EQ(bench.core.state().status, RunStatus::waiting);
  EXPECT_EQ(bench.core.state().waiting_for, "connection needs sign-in");
  Time const before = bench.core.now;
  bench.core.feed(ResumeRequested{.reason = "signed in", .connection = "default"});
  bench.core.settle();
  EXPECT_EQ(bench.core.state().status, RunStatus::completed);
  EXPECT_EQ(bench.core.now, before);
}

TEST(Calls, use_another_marker_for_every_effect) {
  Bench bench(
      "do:\n- l: {for: {in: .items}, do: [{a: {call: 'create-issue:1.0.0@gitlab', with: {title: "
      "t}}}]}\n"
      "- again: {switch: [{c: {when: .n > 0, then: end}}]}\n");
  bench.core.start(json(R"({"items": [1, 2, 3], "n": 0})"));
  bench.core.run();
  EXPECT_EQ(bench.actions.effects.size(), 3U);
}

TEST(Cancelling, ends_a_run_and_names_what_was_under_way) {
  Bench bench(one_create);
  bench.core.start(json("{}"));
  bench.core.feed(CancelRequested{.by = "alice"});
  EXPECT_EQ(bench.core.state().status, RunStatus::cancelled);
  EXPECT_EQ(bench.core.journal().back().payload["inFlight"].at(0), Json("/do/0/a"));
  auto const entries = bench.core.journal().size();
  bench.core.settle();  // the answer comes too late
  bench.core.feed(CancelRequested{.by = "bob"});
  EXPECT_EQ(bench.core.journal().size(), entries);
  bench.core.expect_replay();
}

TEST(Timers, count_only_when_armed_and_due) {
  Bench bench("do:\n- nap: {wait: PT1M}\n");
  bench.core.start(json("{}"));
  auto const key = bench.core.timers().begin()->first;
  auto const entries = bench.core.journal().size();
  bench.core.feed(TimerFired{key});        // early
  bench.core.feed(TimerFired{"wait:99"});  // of nobody
  bench.core.feed(TimerFired{"nonsense"});
  EXPECT_EQ(bench.core.journal().size(), entries);
  EXPECT_EQ(bench.core.state().waiting_for, "until 12:01:00 UTC");
  bench.core.fire_next();
  EXPECT_EQ(bench.core.state().status, RunStatus::completed);
}

TEST(Retries, wait_as_the_policy_says) {
  struct Row {
    std::string policy;
    std::vector<std::int64_t> delays;
  };
  for (auto const& row : std::vector<Row>{
           {"delay: PT2S, limit: {attempt: {count: 3}}", {2000, 2000, 2000}},
           {"delay: PT2S, backoff: {linear: {}}, limit: {attempt: {count: 3}}", {2000, 4000, 6000}},
           {"delay: PT2S, backoff: {exponential: {}}, limit: {attempt: {count: 3}}",
            {2000, 4000, 8000}},
           {"delay: PT40M, backoff: {exponential: {}}, limit: {attempt: {count: 3}}",
            {2'400'000, 3'600'000, 3'600'000}}}) {
    Bench bench(
        "do:\n- t: {try: [{r: {raise: {error: {status: 1, type: x, title: T}}}}], catch: {retry: "
        "{" +
        row.policy + "}}}\n");
    bench.core.start(json("{}"));
    bench.core.run();
    std::vector<std::int64_t> delays;
    for (auto const& entry : bench.core.journal()) {
      if (entry.kind == "retry-scheduled") delays.push_back(entry.payload["delayMs"].as_integer());
    }
    EXPECT_EQ(delays, row.delays) << row.policy;
  }
}

TEST(Journal, survives_its_text_form) {
  for (auto const& each : all_cases()) {
    if (each.name.starts_with("loops_")) continue;
    ScriptedEvaluator evaluator;
    FakeActions actions;
    actions.failures.assign(each.failures.begin(), each.failures.end());
    auto document = document_of(each.body);
    CoreBench bench(document, evaluator, actions);
    bench.start(json(each.input));
    bench.run();
    auto journal = bench.journal();
    for (auto& entry : journal)
      entry.payload = json(entry.payload.dump());
    auto folded = replay(new_run(RunId("run-1"), document), journal);
    ASSERT_TRUE(folded.ok()) << each.name << describe(folded.error());
    EXPECT_EQ(to_json(*folded).dump(), to_json(bench.state()).dump()) << each.name;
  }
}

TEST(Journal, of_another_kind_is_corrupt) {
  store::JournalEntry const entry{.seq = 1, .kind = "from-the-future", .task = "", .payload = {}};
  auto folded = replay(new_run(RunId("r"), document_of("do:\n- a: {set: {x: 1}}\n")), {&entry, 1});
  ASSERT_FALSE(folded.ok());
  EXPECT_EQ(folded.error().kind, ErrorKind::corrupt);
}

// Rows that only the tests below the table reach.
TEST(Transitions, are_all_taken_by_the_tests) {
  std::set<int> taken;
  for (auto const& each : all_cases())
    taken.merge(play(each));
  std::set<std::string> missing;
  for (std::size_t i = 0; i < transitions().size(); ++i) {
    if (taken.contains(static_cast<int>(i))) continue;
    auto const& row = transitions()[i];
    // Recovery and a person's part have tests of their own above.
    if (row.trigger == Trigger::recovered || row.trigger == Trigger::resumed) continue;
    missing.insert(std::string(to_string(row.kind)) + " " + std::string(to_string(row.trigger)) +
                   ": " + std::string(row.says));
  }
  std::set<std::string> const without_a_way = {"listen begin: fault: configuration",
                                               "run begin: fault: configuration"};
  EXPECT_EQ(missing, without_a_way);
}

}  // namespace
}  // namespace fairlead::run
