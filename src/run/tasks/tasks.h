// Handlers of the transition table, by kind of task: each kind has one file in run/tasks/.
//
// A handler may change its own frame and queue inputs for others; it never touches another frame's
// body. Internal to run/.
#pragma once

#include "run/machine.h"

namespace fairlead::run::tasks {

// flow.cpp: what every task goes through, and the workflow itself
// Checks the raw input, then asks for what `input.from` makes of it.
void take_input(Machine&, Frame&);
void condition_known(Machine&, Frame&, Input&);
void input_known(Machine&, Frame&, Input&);
void output_known(Machine&, Frame&, Input&);
void export_known(Machine&, Frame&, Input&);
void expression_failed(Machine&, Frame&, Input&);
void evaluate_anew(Machine&, Frame&, Input&);
void timed_out(Machine&, Frame&, Input&);
void pass_on_failure(Machine&, Frame&, Input&);
void next_in_list(Machine&, Frame&, Input&);
void need_arguments(Machine&, Frame&, Input&);
void complete_with_list(Machine&, Frame&, Input&);
void workflow_begin(Machine&, Frame&, Input&);
void workflow_output_known(Machine&, Frame&, Input&);

void call_arguments_known(Machine&, Frame&, Input&);
void call_returned(Machine&, Frame&, Input&);
void call_again(Machine&, Frame&, Input&);
void call_recovered(Machine&, Frame&, Input&);
// The run is being cancelled: what this call waits for is cancelled, too, if the action can.
void call_cancelled(Machine&, Frame const&);
// The frame goes and its outcome is open: kept until a retry looks it up or is given up itself.
void call_unheard(Machine&, Frame const&);
// Calls within that frame that are over and to be tried again: as call_cancelled().
void retries_cancelled(Machine&, Frame const&);

// control.cpp
void pause_run(Machine&, Frame&, Input&);
void unpause_run(Machine&, Frame&, Input&);
void effect_decided(Machine&, Frame&, Input&);
// The effect surely did not take place: calls, under the same marker.
void call_send(Machine&, Frame&);

void do_begin(Machine&, Frame&, Input&);
void set_value_known(Machine&, Frame&, Input&);
void switch_cases_known(Machine&, Frame&, Input&);
void wait_duration_known(Machine&, Frame&, Input&);
void wait_over(Machine&, Frame&, Input&);
void raise_error_known(Machine&, Frame&, Input&);

void for_items_known(Machine&, Frame&, Input&);
void for_while_known(Machine&, Frame&, Input&);
void for_round_done(Machine&, Frame&, Input&);

void try_begin(Machine&, Frame&, Input&);
void try_failed(Machine&, Frame&, Input&);
void try_attempt_over(Machine&, Frame&, Input&);
void try_catch_known(Machine&, Frame&, Input&);
void try_retry_known(Machine&, Frame&, Input&);
void try_again(Machine&, Frame&, Input&);
void try_handled(Machine&, Frame&, Input&);

void fork_begin(Machine&, Frame&, Input&);
void fork_branch_done(Machine&, Frame&, Input&);

void emit_event_known(Machine&, Frame&, Input&);
void emit_done(Machine&, Frame&, Input&);
void emit_again(Machine&, Frame&, Input&);

void listen_filters_known(Machine&, Frame&, Input&);
void listen_scanned(Machine&, Frame&, Input&);
void listen_heard_early(Machine&, Frame&, Input&);
void listen_heard(Machine&, Frame&, Input&);
void listen_again(Machine&, Frame&, Input&);
// The frame waits for such an event and the run has not heard it: else it is stale.
[[nodiscard]] bool wants(RunState const& state, Frame const& frame, HeardEvent const& heard);
// The frame is over: if it listens, its listeners are cleared.
void stop_listening(Machine&, Frame const&);
void function_arguments_known(Machine&, Frame&, Input&);
void function_done(Machine&, Frame&, Input&);

void run_input_known(Machine&, Frame&, Input&);
void run_begun(Machine&, Frame&, Input&);
void run_begin_again(Machine&, Frame&, Input&);
void run_over(Machine&, Frame&, Input&);
// The task starts, or has started, a run whose end it waits for.
[[nodiscard]] bool waits_for_child(Frame const&);
// Children that are waited for are paused with the run, and go on with it.
void hold_children(Machine&, HoldRun::What);
// The task ends before its child does: the child is cancelled.
void child_abandoned(Machine&, Frame const&, std::string_view reason);

void not_available(Machine&, Frame&, Input&);

}  // namespace fairlead::run::tasks
