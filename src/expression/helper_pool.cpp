#include "expression/helper_pool.h"

#include <utility>

#include "base/text.h"
#include "expression/frame.h"
#include "expression/jq_words.h"
#include "expression/native.h"

namespace fairlead::expression {
namespace {

// A helper can only compute, so it cannot wait: beyond this something else is wrong.
constexpr int wall_factor = 20;
// Reading and writing big values takes time that is not the expression's fault.
constexpr std::size_t bytes_per_extra_ms = 4096;

TimeBudget budget_of(Milliseconds cpu, std::size_t bytes) {
  auto const allowed = cpu + Milliseconds(bytes / bytes_per_extra_ms);
  return {allowed, allowed * wall_factor};
}

std::vector<std::string> names_of(Json const& variables) {
  std::vector<std::string> names;
  names.reserve(variables.size());
  for (auto const& [name, value] : variables.members())
    names.push_back(name);
  return names;
}

// {"d": input, "v": variables, "n": seconds}, without copying the two.
std::string request_text(Evaluation const& evaluation, Clock const& clock) {
  std::string text = R"({"d":)";
  text += evaluation.input.dump();
  text += R"(,"v":)";
  text += evaluation.variables.is_object() ? evaluation.variables.dump() : "{}";
  text += R"(,"n":)";
  text += Json(static_cast<double>(to_epoch_ms(clock.now())) / 1000).dump();
  text += "}";
  return text;
}

Error with_program(Error error, std::string_view program) {
  error.where = std::string(program);
  error.message += " In: " + shorten(program, 200);
  return error;
}

}  // namespace

// A helper for the time of one call; goes back by itself.
class HelperPool::Lease {
 public:
  Lease(HelperPool& pool, std::unique_ptr<HelperProcess> helper)
      : pool_(pool), helper_(std::move(helper)) {}
  ~Lease() { pool_.give_back(std::move(helper_)); }
  Lease(Lease const&) = delete;
  Lease& operator=(Lease const&) = delete;
  HelperProcess& operator*() { return *helper_; }

 private:
  HelperPool& pool_;
  std::unique_ptr<HelperProcess> helper_;
};

HelperPool::HelperPool(Clock const& clock, HelperPoolOptions options)
    : clock_(clock), options_(std::move(options)) {
  FAIRLEAD_ASSERT(options_.programs_max > 0 && options_.programs_max <= helper_slots,
                  "a helper has that many slots");
  FAIRLEAD_ASSERT(options_.helpers > 0 && !options_.command.empty(), "a pool needs a helper");
  for (int i = 0; i < options_.helpers; ++i) {
    idle_.push_back(std::make_unique<HelperProcess>(
        HelperProcess::Options{options_.command, static_cast<std::size_t>(options_.programs_max)}));
  }
}

HelperPool::~HelperPool() = default;

Result<std::unique_ptr<HelperProcess>> HelperPool::borrow() {
  std::unique_lock lock(mutex_);
  if (idle_.empty() && waiting_ >= options_.waiting_max) {
    return make_error(ErrorKind::rate_limited,
                      "More than " + with_thousands(options_.waiting_max) +
                          " expressions wait for evaluation at once; try again shortly.");
  }
  ++waiting_;
  returned_.wait(lock, [&] { return !idle_.empty(); });
  --waiting_;
  auto helper = std::move(idle_.back());
  idle_.pop_back();
  return helper;
}

void HelperPool::give_back(std::unique_ptr<HelperProcess> helper) {
  {
    std::lock_guard const lock(mutex_);
    idle_.push_back(std::move(helper));
  }
  returned_.notify_one();
}

Result<void> HelperPool::ensure_started(HelperProcess& helper) {
  if (helper.alive()) return {};
  FAIRLEAD_CHECK(helper.ensure_started());
  ++started_;
  return {};
}

Result<unsigned char> HelperPool::compiled(HelperProcess& helper, Work const& work) {
  FAIRLEAD_CHECK(ensure_started(helper));
  if (auto const slot = helper.slot_of(work.frame)) return *slot;
  auto const slot = helper.make_slot();
  std::string payload(1, static_cast<char>(slot));
  payload += work.frame;
  auto answer =
      helper.ask(FrameKind::compile, payload, budget_of(options_.compilation, payload.size()));
  if (!answer.ok()) return with_program(std::move(answer).error(), work.program);
  if (answer->kind == FrameKind::compile_error) {
    return compile_error(answer->payload, work.program, work.variables);
  }
  if (answer->kind != FrameKind::value) {
    helper.kill();
    return make_error(ErrorKind::unavailable,
                      "The expression helper cannot work: " + shorten(answer->payload, 200) + ".");
  }
  helper.remember(work.frame, slot);
  return slot;
}

Result<Json> HelperPool::run(HelperProcess& helper, Work const& work, std::string const& input) {
  FAIRLEAD_TRY(auto slot, compiled(helper, work));
  std::string payload(1, static_cast<char>(slot));
  payload += input;
  auto answer = helper.ask(FrameKind::run, payload, budget_of(options_.evaluation, payload.size()));
  if (!answer.ok()) return with_program(std::move(answer).error(), work.program);
  switch (answer->kind) {
    case FrameKind::value: {
      if (answer->payload.empty()) return Json();
      auto parsed = Json::parse(answer->payload);
      if (parsed.ok()) return parsed;
      return run_error("its result nests deeper than 100 or is no JSON", work.program);
    }
    case FrameKind::run_error:
      return run_error(answer->payload, work.program);
    case FrameKind::too_big:
      return run_error("its result is larger than 16 MB", work.program);
    case FrameKind::out_of_memory:
      helper.kill();
      return with_program(
          make_error(ErrorKind::unavailable,
                     "The expression needs more memory than the 64 MB it may have."),
          work.program);
    default:
      helper.kill();
      return make_error(ErrorKind::internal, "The expression helper answered out of turn.");
  }
}

Result<Json> HelperPool::evaluate(Evaluation const& evaluation) {
  if (options_.native == HelperPoolOptions::Native::on) {
    if (auto value = evaluate_native(evaluation)) {
      native_.fetch_add(1, std::memory_order_relaxed);
      return std::move(*value);
    }
  }
  Milliseconds const begun = clock_.steady();
  auto result = evaluate_in_helper(evaluation);
  timing_.add(clock_.steady() - begun);
  helped_.add(result);
  return result;
}

Result<Json> HelperPool::evaluate_in_helper(Evaluation const& evaluation) {
  auto const names = names_of(evaluation.variables);
  FAIRLEAD_TRY(auto frame, frame_program(evaluation.program, names));
  auto const input = request_text(evaluation, clock_);
  if (input.size() >= frame_bytes_max) {
    return run_error("its input is larger than 16 MB", evaluation.program);
  }
  FAIRLEAD_TRY(auto helper, borrow());
  Lease lease(*this, std::move(helper));
  return run(*lease, Work{evaluation.program, names, std::move(frame)}, input);
}

Result<void> HelperPool::check(std::string_view program,
                               std::vector<std::string> const& variables) {
  FAIRLEAD_TRY(auto frame, frame_program(program, variables));
  FAIRLEAD_TRY(auto helper, borrow());
  Lease lease(*this, std::move(helper));
  FAIRLEAD_CHECK(compiled(*lease, Work{program, variables, std::move(frame)}));
  return {};
}

void HelperPool::Counts::add(Result<Json> const& result) {
  enum : std::size_t { done, failed, timed_out, died };
  std::size_t index = done;
  if (!result.ok()) {
    ErrorKind const kind = result.error().kind;
    index = kind == ErrorKind::timed_out     ? timed_out
            : kind == ErrorKind::unavailable ? died
                                             : failed;
  }
  by_outcome.at(index).fetch_add(1, std::memory_order_relaxed);
}

void HelperPool::write(MetricText& text) const {
  using Type = MetricText::Type;
  constexpr std::string_view evaluations = "fairlead_expressions_total";
  text.head(evaluations, Type::counter,
            "Expressions: answered here (native) or by a helper process, by outcome.");
  text.line(evaluations, {{"way", "native"}, {"outcome", outcomes.front()}}, native_.load());
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    text.line(evaluations, {{"way", "helper"}, {"outcome", outcomes.at(i)}},
              helped_.by_outcome.at(i).load(std::memory_order_relaxed));
  constexpr std::string_view duration = "fairlead_expression_duration_seconds";
  text.head(duration, Type::histogram, "Of those by a helper, with the wait for one.");
  text.histogram(duration, {}, timing_.seen());
  std::int64_t alive = options_.helpers;
  {
    std::lock_guard const lock(mutex_);
    for (auto const& helper : idle_)
      if (!helper->alive()) --alive;
  }
  text.head("fairlead_expression_helpers", Type::gauge, "Helper processes that run.");
  text.line("fairlead_expression_helpers", {}, alive);
  text.head("fairlead_expression_helpers_started_total", Type::counter,
            "Helper processes that were started; those that broke are replaced.");
  text.line("fairlead_expression_helpers_started_total", {}, started_.load());
}

}  // namespace fairlead::expression
