#include "run/workers.h"

#include <utility>

#include "base/assert.h"
#include "run/machine.h"
#include "run/problem.h"
#include "trigger/cloud_event.h"

namespace fairlead::run {
namespace {

Result<Json> value_of(expression::Evaluator& evaluator, Item const& item) {
  switch (item.mode) {
    case Item::Mode::literal:
      break;
    case Item::Mode::program:
      return evaluator.evaluate(
          {.program = item.source.as_string(), .input = item.input, .variables = item.variables});
    case Item::Mode::text:
      return expression::evaluate_strings(evaluator, item.source, item.input, item.variables);
  }
  return item.source;
}

// A call of something that does not exist is a mistake in the workflow, not of the other side.
Error unknown_action(Error error) {
  error.details =
      Json::object({{"type", std::string(error_base) + "configuration"}, {"status", 400}});
  if (error.title.empty()) error.title = "No such action";
  return error;
}

}  // namespace

Workers::Workers(Parts parts, WorkerOptions options) : parts_(std::move(parts)), options_(options) {
  if (options_.action_threads == 0) return;
  evaluations_ = std::make_unique<WorkerPool>(
      WorkerPoolOptions{.threads = options_.evaluation_threads, .queue_max = options_.queue_max});
  actions_ = std::make_unique<WorkerPool>(
      WorkerPoolOptions{.threads = options_.action_threads, .queue_max = options_.queue_max});
}

std::vector<LaneFigures> Workers::figures() const {
  if (!actions_) return {};
  return {{.name = "expressions",
           .threads = options_.evaluation_threads,
           .busy = evaluations_->busy(),
           .waiting = evaluations_->queued()},
          {.name = "actions",
           .threads = options_.action_threads,
           .busy = actions_->busy(),
           .waiting = actions_->queued()}};
}

std::string Workers::effect_in(Work const& work) const {
  auto const* call = std::get_if<Call>(&work);
  if (call == nullptr) return {};
  auto const& asked = call->invocation;
  // What it waits for is known: no need to hear the look at it that is under way.
  if (asked.mode == action::Invocation::Mode::cancel && !asked.wait_state.is_null()) return {};
  auto const info = parts_.invoker.info(asked.catalog, asked.name, asked.version);
  bool const reads = info.ok() && (*info)->effect == action::Effect::reads;
  return reads ? std::string() : asked.marker.id;
}

// Asked on the engine's thread, so only in the rare case that another call is still under way.
bool Workers::may_overtake(Work const& work) const {
  auto const effect = parts_.invoker.effect_of(std::get<Call>(work).invocation);
  return effect.ok() && *effect == action::Effect::reads;
}

Result<void> Workers::submit(Work const& work, Answer answer) {
  std::string const effect = effect_in(work);
  if (!effect.empty() && hold(effect, work, answer)) return {};
  auto queued = enqueue(work, [this, work, answer] { perform(work, answer); });
  if (!queued.ok() && !effect.empty()) {
    std::lock_guard const lock(mutex_);
    effects_.erase(effect);
  }
  return queued;
}

// True if it has to wait for another call for the same effect; else that effect is under way now.
bool Workers::hold(std::string const& effect, Work const& work, Answer const& answer) {
  {
    std::lock_guard const lock(mutex_);
    if (effects_.try_emplace(effect).second) return false;
  }
  if (may_overtake(work)) return false;
  std::lock_guard const lock(mutex_);
  auto const [under_way, fresh] = effects_.try_emplace(effect);
  if (!fresh) under_way->second.push_back({work, answer});
  return !fresh;
}

Result<void> Workers::enqueue(Work const& work, std::function<void()> job) {
  if (options_.action_threads == 0) {
    std::lock_guard const lock(mutex_);
    if (waiting_.size() >= options_.queue_max) {
      return make_error(ErrorKind::unavailable, "The queue of the workers is full.");
    }
    waiting_.emplace_back(std::move(job));
    return {};
  }
  bool const asks = std::holds_alternative<Evaluate>(work) || std::holds_alternative<Listen>(work);
  auto& lane = asks ? *evaluations_ : *actions_;
  return lane.submit(std::move(job));
}

bool Workers::run_one() {
  std::function<void()> job;
  {
    std::lock_guard const lock(mutex_);
    if (waiting_.empty()) return false;
    job = std::move(waiting_.front());
    waiting_.pop_front();
  }
  job();
  return true;
}

void Workers::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  idle_.wait(lock, [&] { return running_ == 0; });
}

void Workers::perform(Work const& work, Answer const& answer) {
  std::optional<Held> next;
  if (!perform_one(work, answer, next)) return;
  while (next) {
    Held const held = std::move(*next);
    if (!perform_one(held.work, held.answer, next)) return;
  }
}

bool Workers::perform_one(Work const& work, Answer const& answer, std::optional<Held>& next) {
  {
    std::lock_guard const lock(mutex_);
    if (stopping_) return false;
    ++running_;
  }
  What what = answer_to(work);
  // Before the answer is told: what follows from it begins anew.
  next = take_held(effect_in(work));
  answer(std::move(what));
  std::lock_guard const lock(mutex_);
  --running_;
  idle_.notify_all();
  return true;
}

std::optional<Workers::Held> Workers::take_held(std::string const& effect) {
  std::lock_guard const lock(mutex_);
  auto const under_way = effects_.find(effect);
  if (under_way == effects_.end()) return std::nullopt;
  if (under_way->second.empty()) {
    effects_.erase(under_way);
    return std::nullopt;
  }
  Held held = std::move(under_way->second.front());
  under_way->second.pop_front();
  // The call before it was given up, and has been under way until now.
  if (auto* call = std::get_if<Call>(&held.work)) {
    auto& invocation = call->invocation;
    if (invocation.mode != action::Invocation::Mode::first)
      invocation.marker.open_since = parts_.clock.now();
  }
  return held;
}

What Workers::answer_to(Work const& work) {
  if (auto const* evaluate = std::get_if<Evaluate>(&work)) return perform_evaluation(*evaluate);
  if (auto const* call = std::get_if<Call>(&work)) return perform_call(*call);
  if (auto const* listen = std::get_if<Listen>(&work)) return perform_listen(*listen);
  auto const* emit = std::get_if<Emit>(&work);
  FAIRLEAD_ASSERT(emit != nullptr, "a shard starts runs by itself");
  return perform_emit(*emit);
}

What Workers::perform_listen(Listen const& listen) {
  Scanned answer{.frame = listen.frame, .events = {}, .error = std::nullopt};
  auto found = parts_.listening.scan(listen);
  if (found.ok()) {
    answer.events = std::move(found).value();
  } else {
    answer.error = std::move(found).error();
  }
  return answer;
}

What Workers::perform_evaluation(Evaluate const& evaluate) {
  Evaluated answer{.frame = evaluate.frame, .stage = evaluate.stage};
  for (auto const& item : evaluate.items) {
    auto value = value_of(parts_.evaluator, item);
    if (!value.ok()) {
      answer.values.clear();
      answer.error = std::move(value).error();
      break;
    }
    answer.values.push_back(std::move(value).value());
    if (evaluate.until == Evaluate::Until::first_true && holds(answer.values.back())) break;
  }
  return answer;
}

What Workers::perform_call(Call const& call) {
  CallReturned answer{.frame = call.frame, .attempt = call.attempt};
  auto const& asked = call.invocation;
  auto info = parts_.invoker.info(asked.catalog, asked.name, asked.version);
  if (!info.ok()) {
    answer.error = unknown_action(std::move(info).error());
    return answer;
  }
  // The more careful answer where it cannot be known.
  answer.effect = action::Effect::changes;
  auto effect = parts_.invoker.effect_of(asked);
  if (!effect.ok()) {
    answer.error = std::move(effect).error();
    return answer;
  }
  answer.effect = *effect;
  action::Invocation invocation = asked;
  // A read is simply repeated.
  using Mode = action::Invocation::Mode;
  if (answer.effect == action::Effect::reads && invocation.mode == Mode::recover)
    invocation.mode = Mode::first;
  auto outcome = parts_.invoker.invoke(invocation);
  if (!outcome.ok()) {
    answer.error = std::move(outcome).error();
    return answer;
  }
  answer.output = std::move(outcome->output);
  answer.adopted = outcome->adopted;
  answer.wait = std::move(outcome->wait);
  return answer;
}

What Workers::perform_emit(Emit const& emit) {
  Emitted answer{.frame = emit.frame};
  auto event = trigger::event_from(emit.event, parts_.clock.now());
  if (!event.ok()) {
    answer.error = std::move(event).error();
    return answer;
  }
  auto appended = parts_.events.append(*event);
  if (!appended.ok()) {
    answer.error = std::move(appended).error();
    return answer;
  }
  answer.seq = appended->seq;
  parts_.emitted();
  return answer;
}

}  // namespace fairlead::run
