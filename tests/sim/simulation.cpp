#include "tests/sim/simulation.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "store/memory/memory_store.h"
#include "tests/sim/checks.h"
#include "tests/sim/process.h"
#include "tests/sim/sim_hooks.h"
#include "trigger/cloud_event.h"
#include "vault/digest.h"

namespace fairlead::sim {
namespace {

constexpr Milliseconds rough_time = std::chrono::minutes(8);
constexpr Milliseconds calm_time_max = std::chrono::hours(12);
constexpr Milliseconds step_rough = std::chrono::seconds(2);
constexpr Milliseconds step_calm = std::chrono::seconds(20);
constexpr Milliseconds client_retry = std::chrono::seconds(3);
constexpr Milliseconds person_looks = std::chrono::seconds(45);
constexpr int events_low = 3;
constexpr int events_high = 9;
constexpr int steps_max = 20'000;
// Pieces of work between two moments of the clock.
constexpr int turns_max = 200'000;
// Some hundred are usual.
constexpr int writes_max = 5'000;
constexpr std::size_t active_max = 1'000;
constexpr int approvals_max = 1'000;

// The engine does not come to rest: only the process's end helps.
struct Livelock : std::runtime_error {
  Livelock() : std::runtime_error("livelock") {}
};

struct Act {
  enum class What { event, again, cancel, pause, resume, decide, kill, stop, jump } what;
  Milliseconds at;
  int which{0};
};

class Simulation {
 public:
  Simulation(SimulationOptions const& options, Shared const& shared);
  SimulationResult run();

 private:
  void write_script();
  void add_acts(Act::What what, int times);
  void sort_script();
  void prepare();
  void play();
  void settle_down();
  void step(Milliseconds at_most);
  void work();
  void between();
  void advance(Milliseconds at_most);
  void start_process();
  void throw_away();
  void perform_due();
  void perform(Act const& act);
  void send(int which);
  void cancel_one(int which);
  void pause_one(int which);
  void resume_all();
  void decide_one(int which);
  void decide_all();
  void heard(std::int64_t seq);
  void end_of_schedules();
  void stop_in_order();
  void a_person_looks();
  void check_bounds();
  Json event_of(int which) const;
  [[nodiscard]] Milliseconds elapsed() const { return setting_.clock.steady() - start_; }

  SimulationOptions options_;
  Shared shared_;
  Setting setting_;
  Dice script_dice_;
  Dice ids_;
  Dice moments_;
  std::unique_ptr<store::Store> kept_;
  SimStore store_;
  SimGitlab gitlab_;
  SimHooks hooks_;
  std::vector<Workflow> workflows_;
  Checks checks_;
  std::unique_ptr<Log> log_ = make_null_log();
  std::unique_ptr<Process> process_;
  std::vector<Act> script_;   // by time
  std::vector<Json> events_;  // as their senders made them
  std::size_t next_act_{0};
  Milliseconds start_{0};
  Milliseconds person_at_{0};
  Milliseconds keep_at_{0};
  int decisions_{0};
  int turns_{0};
  int steps_{0};
  bool nested_{false};
};

Simulation::Simulation(SimulationOptions const& options, Shared const& shared)
    : options_(options),
      shared_(shared),
      setting_(options.trace),
      script_dice_(options.seed, "script"),
      ids_(options.seed, "ids"),
      moments_(options.seed, "moments"),
      kept_(store::make_memory_store(
          {.delivery = store::MemoryStoreOptions::Delivery::callers_thread})),
      store_(setting_, *kept_, options.seed),
      gitlab_(setting_, options.seed),
      hooks_(setting_, gitlab_, options.seed),
      checks_({.setting = setting_,
               .kept = *kept_,
               .store = store_,
               .gitlab = gitlab_,
               .workflows = workflows_}) {
  setting_.mutation = options.mutation;
  auto& rough = setting_.rough;
  for (int* share : {&rough.crash_at_write, &rough.refused_write, &rough.slow_write,
                     &rough.fault_at_request, &rough.crash_at_request, &rough.yield_at_request})
    *share /= std::max(options.gentler, 1);
  setting_.yield = [this] { process_->engine().run_until_idle(); };
}

// ---- the script ----

void Simulation::write_script() {
  workflows_ = make_workflows(script_dice_);
  int const count = script_dice_.between(events_low, events_high);
  int const kinds = static_cast<int>(workflows_.size());
  for (int i = 0; i < count; ++i) {
    auto const pick = static_cast<std::size_t>(script_dice_.between(0, kinds - 1));
    std::string type =
        script_dice_.once_in(5) ? std::string(wake_type) : workflows_[pick].starts_on;
    if (type.empty()) type = workflows_.front().starts_on;
    events_.push_back(Json::object({{"specversion", "1.0"},
                                    {"id", "e" + std::to_string(i + 1)},
                                    {"source", "https://sim.example/monitor"},
                                    {"type", type},
                                    {"data", make_event_data(script_dice_)}}));
    auto const at = script_dice_.time_between(Milliseconds(0), rough_time * 2 / 3);
    bool const again = script_dice_.once_in(3);
    Milliseconds const later(script_dice_.between(0, 90'000));
    if (options_.events_max > 0 && i >= options_.events_max) continue;
    script_.push_back({Act::What::event, at, i});
    // Senders repeat themselves, at once or much later.
    if (again) script_.push_back({Act::What::again, at + later, i});
  }
  using enum Act::What;
  add_acts(cancel, script_dice_.between(0, 3));
  add_acts(pause, script_dice_.between(0, 2));
  add_acts(resume, script_dice_.between(0, 2));
  add_acts(decide, script_dice_.between(0, 8));
  add_acts(kill, script_dice_.between(0, 3));
  add_acts(stop, script_dice_.between(0, 1));
  add_acts(jump, script_dice_.once_in(3) ? 1 : 0);
  sort_script();
}

void Simulation::add_acts(Act::What what, int times) {
  for (int i = 0; i < times; ++i) {
    auto const at = script_dice_.time_between(Milliseconds(0), rough_time);
    script_.push_back({what, at, script_dice_.between(0, 99)});
  }
}

// What is still to come.
void Simulation::sort_script() {
  std::stable_sort(script_.begin() + static_cast<std::ptrdiff_t>(next_act_), script_.end(),
                   [](Act const& a, Act const& b) { return a.at < b.at; });
}

Json Simulation::event_of(int which) const { return events_[static_cast<std::size_t>(which)]; }

void Simulation::perform_due() {
  while (next_act_ < script_.size() && script_[next_act_].at <= elapsed() && !setting_.dead) {
    Act const act = script_[next_act_++];
    perform(act);
  }
}

void Simulation::perform(Act const& act) {
  using What = Act::What;
  switch (act.what) {
    case What::event:
    case What::again:
      return send(act.which);
    case What::cancel:
      return cancel_one(act.which);
    case What::pause:
      return pause_one(act.which);
    case What::resume:
      return resume_all();
    case What::decide:
      return decide_one(act.which);
    case What::kill:
      return setting_.die("from outside");
    case What::stop:
      return stop_in_order();
    case What::jump: {
      // An administrator, or a clock service after a long time without one.
      auto const by = std::chrono::minutes(act.which < 50 ? -act.which : act.which);
      setting_.trace.line("the wall clock jumps by " + std::to_string(by.count()) + " min");
      return setting_.clock.set_now(setting_.clock.now() + by);
    }
  }
}

// As POST /api/v1/events does it; a sender that hears nothing good tries again.
void Simulation::send(int which) {
  auto const record = trigger::event_from(event_of(which), setting_.clock.now());
  if (!record.ok()) return setting_.violation("the script has a bad event");
  auto const appended = store_.events().append(*record);
  if (!appended.ok()) {
    script_.push_back({Act::What::event, elapsed() + client_retry, which});
    sort_script();
    return;
  }
  setting_.trace.line("accepted " + record->id + (appended->duplicate ? " again" : ""));
  checks_.accepted(record->id, record->type);
  process_->engine().notify_event(appended->seq);
}

void Simulation::cancel_one(int which) {
  auto const open = checks_.open_runs();
  if (open.empty()) return;
  auto const& run = open[static_cast<std::size_t>(which) % open.size()];
  auto const done = process_->engine().cancel(run.id, "a person");
  setting_.trace.line("cancel " + store_.name_of(run.id) +
                      (done.ok() ? "" : ": " + done.error().message));
}

void Simulation::pause_one(int which) {
  auto const open = checks_.open_runs();
  if (open.empty()) return;
  auto const& run = open[static_cast<std::size_t>(which) % open.size()];
  auto const done = process_->engine().pause(run.id, {.by = "a person", .reason = ""});
  setting_.trace.line("pause " + store_.name_of(run.id) +
                      (done.ok() ? "" : ": " + done.error().message));
}

void Simulation::resume_all() {
  for (auto const& run : checks_.open_runs()) {
    if (setting_.dead) return;
    if (run.status != "suspended") continue;
    auto const done = process_->engine().resume(run.id, "a person looked");
    setting_.trace.line("resume " + store_.name_of(run.id) +
                        (done.ok() ? "" : ": " + done.error().message));
  }
}

// One of three people; some press the button twice.
void Simulation::decide_one(int which) {
  auto const open = kept_->approvals().list({.status = "open"}, "", approvals_max);
  if (!open.ok() || open->items.empty()) return;
  auto const number = static_cast<std::size_t>(which);
  auto const& approval = open->items[number % open->items.size()];
  std::string const person = "person " + std::to_string(which % 3);
  using Verdict = builtin::Decision::Verdict;
  auto const done =
      process_->approvals().decide({.approval = approval.id,
                                    .by = {.name = person, .role = access::Role::operator_},
                                    .verdict = which % 5 == 0 ? Verdict::refuse : Verdict::approve,
                                    .comment = "",
                                    .values = Json()});
  setting_.trace.line(person + " decides on one of " + store_.name_of(approval.run) +
                      (done.ok() ? "" : ": " + done.error().message));
  if (!done.ok()) return;
  ++decisions_;
  checks_.decided(approval.id, person);
}

void Simulation::decide_all() {
  auto const open = kept_->approvals().list({.status = "open"}, "", approvals_max);
  if (!open.ok()) return;
  for (std::size_t i = 0; i < open->items.size(); ++i) {
    for (int person = 1; person <= 3; ++person)
      decide_one(person);
  }
}

// GitLab heard yes: its event must not get lost.
void Simulation::heard(std::int64_t seq) {
  auto const event = kept_->events().get(seq);
  if (!event.ok()) return setting_.violation("a webhook was accepted, its event is not there");
  checks_.accepted(event->id, event->type);
}

// Else there would never be rest.
void Simulation::end_of_schedules() {
  auto const record = kept_->workflows().get("sim", clock_name, "1.0.0");
  if (!record.ok()) return;
  auto const disabled = kept_->workflows().set_status(*record, "disabled");
  if (!disabled.ok()) setting_.violation("cannot disable " + std::string(clock_name));
  if (process_) process_->library().refresh();
}

// ---- life and death ----

void Simulation::start_process() {
  setting_.dead = false;
  ++setting_.life;
  keep_at_ = Milliseconds(0);
  setting_.trace.line("start " + std::to_string(setting_.life));
  process_ = std::make_unique<Process>(
      ProcessParts{.setting = setting_,
                   .store = store_,
                   .gitlab = gitlab_,
                   .evaluator = shared_.evaluator,
                   .catalogue = shared_.catalogue,
                   .random = ids_,
                   .log = *log_,
                   .between = [this] { between(); },
                   .watch = [this](run::RunState const& state,
                                   std::int64_t seq) { checks_.watch(state, seq); }});
  auto const up = process_->boot();
  if (up.ok()) return;
  setting_.trace.line("does not start: " + up.error().message);
  setting_.die("at the start");
}

void Simulation::throw_away() {
  setting_.dead = true;
  store_.forget_process();
  process_.reset();
  checks_.when_down();
  // What supervises the process takes a moment.
  setting_.clock.advance(moments_.time_between(Milliseconds(50), std::chrono::seconds(4)));
  gitlab_.settle();
}

void Simulation::stop_in_order() {
  auto const weather = setting_.weather;
  setting_.trace.line("SIGTERM");
  store_.pump(SimStore::Pump::all);
  setting_.weather = Setting::Weather::calm;
  process_->engine().drain();
  setting_.weather = weather;
  setting_.die("stopped in order");
}

// ---- time ----

void Simulation::between() {
  if (++turns_ > turns_max || store_.writes() > writes_max) throw Livelock();
  store_.pump(SimStore::Pump::some);
  if (nested_ || !setting_.is_rough() || !moments_.per_mille(1)) return;
  nested_ = true;
  cancel_one(moments_.between(0, 99));
  nested_ = false;
}

void Simulation::work() {
  turns_ = 0;
  // The engine's own thread looks once a second, whatever it was told.
  process_->engine().notify_event(0);
  process_->engine().run_until_idle();
  check_bounds();
  // Again at the next turn if the disk refuses.
  if (!setting_.dead) static_cast<void>(process_->approvals().tidy());
  if (setting_.dead || setting_.clock.steady() < keep_at_) return;
  keep_at_ = setting_.clock.steady() + process_->keep();
}

void Simulation::check_bounds() {
  auto const figures = process_->engine().figures();
  if (figures.active_runs > active_max) setting_.violation("too many runs are in memory");
  if (!setting_.dead && figures.commits_under_way + figures.events_under_way > 0)
    setting_.violation("idle with commits under way");
}

void Simulation::advance(Milliseconds at_most) {
  Milliseconds by = at_most;
  Time const now = setting_.clock.now();
  auto const no_later = [&](Time when) {
    by = std::min(by, std::max(when - now, Milliseconds(1)));
  };
  if (auto const timer = kept_->runs().next_timer(); timer.ok() && *timer) no_later(**timer);
  if (auto const due = gitlab_.next()) no_later(*due);
  if (auto const due = hooks_.next()) no_later(*due);
  if (next_act_ < script_.size())
    by = std::min(by, std::max(script_[next_act_].at - elapsed(), Milliseconds(1)));
  setting_.clock.advance(by);
  gitlab_.settle();
}

void Simulation::step(Milliseconds at_most) {
  ++steps_;
  if (store_.writes() > writes_max) throw Livelock();
  if (setting_.dead) {
    if (process_) throw_away();
    hooks_.deliver(nullptr, {});
    start_process();
    return;
  }
  work();
  if (setting_.dead) return;
  advance(at_most);
  perform_due();
  if (!setting_.dead) hooks_.deliver(&process_->intake(), [this](std::int64_t seq) { heard(seq); });
  if (!setting_.dead && elapsed() >= person_at_) a_person_looks();
}

// Signs in again where that is asked for.
void Simulation::a_person_looks() {
  person_at_ = elapsed() + person_looks;
  auto const connection = kept_->connections().find(connection_name);
  if (!connection.ok() || connection->status != "needs-sign-in") return;
  auto const done = process_->sign_in();
  setting_.trace.line("signs in again" + (done.ok() ? "" : ": " + done.error().message));
}

// ---- the play ----

void Simulation::prepare() {
  write_script();
  for (auto const& each : workflows_) {
    auto const put = kept_->workflows().put(
        {.workflow_namespace = each.name == "incident-to-issue" ? "ops" : "sim",
         .name = each.name,
         .version = "1.0.0",
         .status = "published",
         .source = each.source,
         .content_hash = vault::sha256_hex(each.source)});
    if (!put.ok()) setting_.violation("cannot publish " + each.name);
  }
  gitlab_.plan_runbook(script_dice_.once_in(3) ? "failed" : "success");
  start_process();
  auto const documents = process_->library().latest();
  if (!documents.ok() || documents->size() != workflows_.size())
    setting_.violation("a workflow of the script does not parse");
  auto const connected = process_->connect();
  if (!connected.ok()) setting_.violation("cannot connect: " + describe(connected.error()));
  start_ = setting_.clock.steady();
}

void Simulation::play() {
  setting_.weather = Setting::Weather::rough;
  while (elapsed() < rough_time && steps_ < steps_max)
    step(step_rough);
}

void Simulation::settle_down() {
  setting_.weather = Setting::Weather::calm;
  setting_.trace.line("calm");
  end_of_schedules();
  auto const until = elapsed() + calm_time_max;
  Milliseconds resume_at = elapsed();
  while (elapsed() < until && steps_ < steps_max) {
    step(step_calm);
    if (setting_.dead || next_act_ < script_.size()) continue;
    if (elapsed() >= resume_at) {
      resume_all();
      decide_all();
      resume_at = elapsed() + std::chrono::minutes(5);
    }
    auto const pending = kept_->events().pending(1);
    bool const rest = pending.ok() && pending->empty() && checks_.open_runs().empty();
    // What runs that have ended still cancel outside.
    auto const timer = kept_->runs().next_timer();
    bool const timers = timer.ok() && timer->has_value();
    if (rest && !timers && !gitlab_.next() && !hooks_.next()) break;
  }
  if (steps_ >= steps_max) setting_.violation("time hardly moves on");
}

SimulationResult Simulation::run() {
  try {
    prepare();
    if (setting_.violations.empty()) {
      play();
      settle_down();
      setting_.dead = true;
      store_.forget_process();
      process_.reset();
      checks_.at_the_end();
    }
  } catch (Livelock const&) {
    setting_.violation("the engine does not come to rest");
    // It cannot be ended in order: calls are still on the stack of what it believes.
    (void)process_.release();
  }
  SimulationResult result;
  result.violations = setting_.violations;
  result.trace_hash = setting_.trace.hash();
  result.trace = setting_.trace.text();
  result.events = static_cast<int>(events_.size());
  result.runs = checks_.runs();
  result.starts = setting_.life;
  result.writes = store_.writes();
  result.requests = gitlab_.requests();
  result.faults = gitlab_.faults();
  result.effects = gitlab_.effects().size();
  result.webhooks = hooks_.delivered();
  result.decisions = decisions_;
  result.virtual_time = elapsed();
  return result;
}

}  // namespace

SimulationResult simulate(SimulationOptions const& options, Shared const& shared) {
  return Simulation(options, shared).run();
}

}  // namespace fairlead::sim
