// try: attempts at a list of tasks; an error that passes the filter is caught, then retried or
// handled.
//
// Order for a failed attempt: errors.with, when / exceptWhen, then the retry policy, and when that
// is used up `catch.do`. Without `catch.do` an error whose retries are used up goes on to the
// outside; without any of them it is swallowed.
#include <algorithm>

#include "run/problem.h"
#include "run/tasks/tasks.h"

namespace fairlead::run::tasks {
namespace {

using Backoff = workflow::RetryPolicy::Backoff;

// Exponential back-off doubles; no delay grows beyond this.
constexpr Milliseconds backoff_max = std::chrono::hours(1);
constexpr int doublings_max = 30;

workflow::TryTask const& task_of(Frame const& frame) {
  return std::get<workflow::TryTask>(frame.task->body);
}

void attempt(Machine& m, Frame& frame) {
  auto const& task = task_of(frame);
  frame.stage = Stage::children;
  frame.bindings.clear();
  if (task.retry && task.retry->attempt_duration_max) {
    m.arm(frame, "attempt", m.now + *task.retry->attempt_duration_max);
  }
  m.begin_list(frame, task.tasks.get(), frame.input);
}

Milliseconds delay_before(Machine& m, workflow::RetryPolicy const& policy, int retry) {
  Milliseconds delay = policy.delay;
  if (policy.backoff == Backoff::linear) delay *= retry;
  if (policy.backoff == Backoff::exponential) {
    delay *= std::int64_t{1} << std::min(retry - 1, doublings_max);
  }
  if (policy.backoff != Backoff::constant) {
    delay = std::min(delay, std::max(backoff_max, policy.delay));
  }
  if (policy.jitter_to) {
    auto const from = policy.jitter_from.value_or(Milliseconds(0));
    auto const span = static_cast<double>((*policy.jitter_to - from).count());
    delay += from + Milliseconds(static_cast<std::int64_t>(m.draw() * std::max(span, 0.0)));
  }
  return delay;
}

bool may_retry(Machine const& m, TryState const& tries, workflow::RetryPolicy const& policy,
               Milliseconds delay) {
  if (policy.attempts_max && tries.retries >= *policy.attempts_max) return false;
  return !policy.duration_max || m.now + delay - tries.began_at <= *policy.duration_max;
}

void handle(Machine& m, Frame& frame) {
  auto const& task = task_of(frame);
  if (!task.handler && task.retry) {
    m.fault(frame, std::move(std::get<TryState>(frame.body).problem));
    return;
  }
  frame.stage = Stage::handling;
  m.begin_list(frame, task.handler.get(), frame.input);
}

void failed_with(Machine& m, Frame& frame, Json problem) {
  m.clear(frame, "attempt");
  m.erase_children(frame, "the attempt is over");
  if (!matches(task_of(frame).errors, problem)) {
    m.fault(frame, std::move(problem));
    return;
  }
  frame.bindings[task_of(frame).as] = problem;
  std::get<TryState>(frame.body).problem = std::move(problem);
  m.evaluate(frame, Stage::deciding);
}

}  // namespace

void try_begin(Machine& m, Frame& frame, Input&) {
  frame.body = TryState{.began_at = m.now};
  attempt(m, frame);
}

void try_failed(Machine& m, Frame& frame, Input& in) {
  failed_with(m, frame, std::move(in.problem));
}

void try_attempt_over(Machine& m, Frame& frame, Input&) {
  failed_with(m, frame,
              m.problem(frame, "timeout", 408, "Timed out",
                        "An attempt at \"" + frame.task->name + "\" took longer than " +
                            format_duration(*task_of(frame).retry->attempt_duration_max) + "."));
}

void try_catch_known(Machine& m, Frame& frame, Input& in) {
  if (!holds(in.values.at(0)) || holds(in.values.at(1))) {
    m.fault(frame, std::move(std::get<TryState>(frame.body).problem));
    return;
  }
  m.note("error-caught", frame.pointer(),
         Json::object({{"error", std::get<TryState>(frame.body).problem}}));
  if (task_of(frame).retry) {
    m.evaluate(frame, Stage::retrying);
  } else {
    handle(m, frame);
  }
}

void try_retry_known(Machine& m, Frame& frame, Input& in) {
  auto const& policy = *task_of(frame).retry;
  auto& tries = std::get<TryState>(frame.body);
  bool const wanted = holds(in.values.at(0)) && !holds(in.values.at(1));
  Milliseconds const delay = wanted ? delay_before(m, policy, tries.retries + 1) : Milliseconds(0);
  if (!wanted || !may_retry(m, tries, policy, delay)) {
    handle(m, frame);
    return;
  }
  ++tries.retries;
  tries.retry_at = m.now + delay;
  frame.stage = Stage::backing_off;
  m.arm(frame, "retry", tries.retry_at);
  m.note("retry-scheduled", frame.pointer(),
         Json::object({{"retry", tries.retries},
                       {"delayMs", delay.count()},
                       {"at", format_time(tries.retry_at)},
                       {"error", tries.problem}}));
}

void try_again(Machine& m, Frame& frame, Input&) {
  m.clear(frame, "retry");
  attempt(m, frame);
}

void try_handled(Machine& m, Frame& frame, Input& in) {
  std::string then = task_of(frame).then;
  if (then.empty()) then = frame.then;
  m.complete(frame, std::move(in.output), std::move(then));
}

}  // namespace fairlead::run::tasks
