#include "run/cases_test.h"

#include <chrono>

#include "base/clock.h"

namespace fairlead::run::testing_support {

Error failure(ErrorKind kind, int status, std::string message) {
  Error error = make_error(kind, std::move(message));
  error.status = status;
  return error;
}

namespace {

std::vector<Case> const data_flow_cases{
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

std::string const colors =
    "do:\n- pick: {switch: [{red: {when: '.color == \"red\"', then: setRed}},"
    " {blue: {when: '.color == \"blue\"', then: setBlue}}], then: end}\n"
    "- setRed: {set: {is: red}, then: end}\n- setBlue: {set: {is: blue}, then: end}\n";
std::vector<Case> const flow_cases{
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
};

std::string const raise =
    "raise: {error: {type: "
    "'https://open-workflow-specification.org/dsl/errors/types/communication', "
    "status: 503, title: Down}}";
std::vector<Case> const error_cases{
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

Error limited_for(Milliseconds wait) {
  Error limited = failure(ErrorKind::rate_limited, 429, "slow down");
  limited.retry_after = wait;
  return limited;
}
Error needs_sign_in() {
  Error sign_in = failure(ErrorKind::denied, 401, "refused");
  sign_in.title = "Token refresh failure";
  return sign_in;
}
std::vector<Case> const call_cases{
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
     {limited_for(std::chrono::seconds(250))}},
    {"needs_sign_in_parks_and_goes_on",
     "do:\n- a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n",
     "{}",
     "completed",
     R"({"title": "t", "iid": 1, "id": 100})",
     "started a\ncalled a\nwaiting a\ncalled a\ncalled a\ncompleted a\nrun-completed\n",
     {needs_sign_in(), needs_sign_in()}},
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

}  // namespace

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (auto const& group :
       {data_flow_cases, flow_cases, error_cases, call_cases, structure_cases()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace fairlead::run::testing_support
