#include "world.h"

#include <algorithm>
#include <utility>

#include "action/late_invoker.h"
#include "builtin/outside_invoker.h"
#include "gitlab/actions.h"
#include "store/memory/memory_store.h"
#include "trigger/cloud_event.h"

namespace fairlead::ctk {
namespace {

constexpr int page_size = 1'000;

// Scenarios sign in nowhere: the actions of GitLab are scripted.
class NoConnections final : public action::ApiProvider {
 public:
  Result<std::shared_ptr<action::Api>> open(std::string_view) override {
    return make_error(ErrorKind::not_found, "A scenario has no connection to GitLab.");
  }
};

}  // namespace

World::World(WorldParts parts)
    : parts_(parts),
      store_(store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread})),
      catalogue_(std::make_unique<action::Catalogue>(gitlab::all_actions())),
      lookup_(std::make_unique<app::CatalogueLookup>(*catalogue_, &store_->connections())),
      apis_(std::make_unique<NoConnections>()),
      catalogue_invoker_(action::make_invoker(*catalogue_, *apis_, parts.clock)),
      real_invoker_(builtin::make_outside_invoker({.transport = parts.stub.transport(),
                                                   .clock = parts.clock,
                                                   .random = random_,
                                                   .catalogue = *catalogue_invoker_})),
      actions_(std::make_unique<ScriptedActions>(*real_invoker_)),
      invoker_(action::make_late_invoker(
          {.inner = *actions_, .evaluator = parts.evaluator, .secrets = secrets_})),
      library_(std::make_unique<run::WorkflowLibrary>(store_->workflows(), workflow::parse)) {
  parts_.stub.reset();
  parts_.clock.set_now(*parse_time("2026-11-22T12:00:00Z"));
}

World::~World() = default;

Result<void> World::ensure_engine() {
  if (engine_) return {};
  engine_ = std::make_unique<run::Engine>(
      run::Engine::Parts{.store = *store_,
                         .invoker = *invoker_,
                         .evaluator = parts_.evaluator,
                         .library = *library_,
                         .clock = parts_.clock,
                         .random = random_,
                         .log = parts_.log},
      run::EngineOptions{.threads = run::EngineOptions::Threads::none, .shards = 1});
  return engine_->recover();
}

Result<void> World::publish(std::string text, workflow::Document const& document) {
  store::WorkflowRecord record;
  record.workflow_namespace = document.workflow_namespace;
  record.name = document.name;
  record.version = document.version;
  record.status = "published";
  record.content_hash = document.content_hash;
  record.source = std::move(text);
  record.created_at = parts_.clock.now();
  FAIRLEAD_CHECK(store_->workflows().put(record));
  library_->refresh();
  return {};
}

Result<void> World::define(std::string text, Role role) {
  auto validation = workflow::validate(text, *lookup_, &parts_.evaluator);
  if (!validation.ok()) {
    problems_ = std::move(validation.problems);
    return {};
  }
  auto const& document = *validation.document;
  if (role == Role::subject) {
    subject_ = {document.workflow_namespace, document.name, document.version};
  }
  FAIRLEAD_CHECK(publish(std::move(text), document));
  return engine_ ? settle() : Result<void>();
}

Result<void> World::start() {
  FAIRLEAD_CHECK(ensure_engine());
  FAIRLEAD_CHECK(engine_->start({.workflow = {.workflow_namespace = subject_.workflow_namespace,
                                              .name = subject_.name,
                                              .version = subject_.version},
                                 .input = input,
                                 .cause = "started by a scenario"}));
  return settle();
}

Result<void> World::settle() {
  FAIRLEAD_CHECK(ensure_engine());
  engine_->run_until_idle();
  return {};
}

Result<std::optional<Time>> World::next_moment() {
  FAIRLEAD_TRY(auto next, store_->runs().next_timer());
  FAIRLEAD_TRY(auto schedules, store_->schedules().list());
  for (auto const& schedule : schedules) {
    if (schedule.next_at) next = std::min(next.value_or(*schedule.next_at), *schedule.next_at);
  }
  return next;
}

Result<void> World::run_to_the_end() {
  for (int moves = 0; moves < moves_max; ++moves) {
    FAIRLEAD_CHECK(settle());
    FAIRLEAD_TRY(auto row, run());
    if (row.ended_at) return {};
    FAIRLEAD_TRY(auto timer, store_->runs().next_timer());
    if (!timer) return {};
    FAIRLEAD_TRY(auto next, next_moment());
    auto const now = parts_.clock.now();
    parts_.clock.advance(std::max(*next - now, Milliseconds(1)));
  }
  return make_error(ErrorKind::timed_out,
                    "The run has not ended after the clock was moved 20,000 times.");
}

Result<void> World::pass(Milliseconds time) {
  auto const until = parts_.clock.now() + time;
  for (int moves = 0; moves < moves_max; ++moves) {
    FAIRLEAD_CHECK(settle());
    auto const now = parts_.clock.now();
    if (now >= until) return {};
    FAIRLEAD_TRY(auto next, next_moment());
    auto const stop = next ? std::clamp(*next, now + Milliseconds(1), until) : until;
    parts_.clock.advance(stop - now);
  }
  return make_error(ErrorKind::timed_out, "More than 20,000 timers were due in that time.");
}

Result<void> World::deliver(Json const& event) {
  FAIRLEAD_CHECK(ensure_engine());
  FAIRLEAD_TRY(auto record, trigger::event_from(event, parts_.clock.now()));
  FAIRLEAD_TRY(auto appended, store_->events().append(record));
  engine_->notify_event(appended.seq);
  return settle();
}

Result<void> World::cancel() {
  FAIRLEAD_TRY(auto row, run());
  FAIRLEAD_CHECK(engine_->cancel(row.id, "a scenario"));
  return settle();
}

Result<void> World::restart() {
  engine_.reset();
  return settle();
}

Result<std::vector<store::RunRecord>> World::runs_of(std::string const& name) {
  FAIRLEAD_TRY(auto page, store_->runs().list({.workflow_namespace = subject_.workflow_namespace,
                                               .workflow_name = name},
                                              "", page_size));
  return std::move(page.items);
}

Result<store::RunRecord> World::run() {
  FAIRLEAD_TRY(auto runs, runs_of(subject_.name));
  if (runs.empty()) return make_error(ErrorKind::not_found, "No run of the workflow was started.");
  return runs.front();
}

Result<std::vector<store::JournalEntry>> World::journal(RunId const& run) {
  std::vector<store::JournalEntry> all;
  while (true) {
    auto const after = all.empty() ? 0 : all.back().seq;
    FAIRLEAD_TRY(auto page, store_->runs().journal(run, after, page_size));
    if (page.empty()) return all;
    all.insert(all.end(), page.begin(), page.end());
  }
}

Result<std::vector<store::EventRecord>> World::events() {
  return store_->events().since(Time{}, 0, page_size);
}

Result<std::string> World::all_that_is_kept() {
  std::string text;
  FAIRLEAD_TRY(auto page, store_->runs().list({}, "", page_size));
  for (auto const& row : page.items) {
    text += row.input.dump() + row.output.dump() + row.error.dump() + row.waiting_for + "\n";
    FAIRLEAD_TRY(auto entries, journal(row.id));
    for (auto const& entry : entries)
      text += entry.payload.dump() + "\n";
  }
  FAIRLEAD_TRY(auto seen, events());
  for (auto const& event : seen)
    text += event.envelope.dump() + "\n";
  return text;
}

}  // namespace fairlead::ctk
