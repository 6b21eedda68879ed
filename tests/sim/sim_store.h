// SimStore: the memory store behind a disk that may die, refuse or be slow at every write.
//
// Before and after each write the process may die: the write is lost, or it is kept and nobody
// hears of it. What is kept survives in the store underneath for the next process. The mutations
// that break durability live here. One thread; slow commits are answered by pump().
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "store/approvals.h"
#include "store/leases.h"
#include "store/store.h"
#include "tests/sim/dice.h"
#include "tests/sim/setting.h"

namespace fairlead::sim {

class SimStore final : public store::Store,
                       private store::RunStore,
                       private store::EventStore,
                       private store::ConnectionStore,
                       private store::LeaseStore,
                       private store::ApprovalStore {
 public:
  SimStore(Setting& setting, store::Store& kept, std::uint64_t seed)
      : setting_(setting), kept_(kept), dice_(seed, "store") {}

  store::ConnectionStore& connections() override { return *this; }
  store::WorkflowStore& workflows() override { return kept_.workflows(); }
  store::EventStore& events() override { return *this; }
  store::RunStore& runs() override { return *this; }
  store::SubscriptionStore& subscriptions() override { return kept_.subscriptions(); }
  store::ScheduleStore& schedules() override { return kept_.schedules(); }
  store::LeaseStore& leases() override { return *this; }
  store::HistoryStore& history() override { return kept_.history(); }
  store::WakeStore& wakes() override { return kept_.wakes(); }
  store::WebhookStore& webhooks() override { return kept_.webhooks(); }
  store::ApprovalStore& approvals() override { return *this; }
  store::SecretStore& secrets() override { return kept_.secrets(); }
  store::AnswerStore& answers() override { return kept_.answers(); }
  store::UserStore& users() override { return kept_.users(); }
  store::SessionStore& sessions() override { return kept_.sessions(); }
  store::AuditStore& audit() override { return kept_.audit(); }
  store::AccessStore& access() override { return kept_.access(); }
  store::MetaStore& meta() override { return kept_.meta(); }

  // Writes and answers some of the slow commits, in order; all of them if asked to.
  enum class Pump { some, all };
  void pump(Pump how);
  // A new process begins: what the former one had in its queues is gone.
  void forget_process();
  [[nodiscard]] int writes() const { return writes_; }
  // Starts by time that were kept: workflow -> when each was due.
  [[nodiscard]] std::map<std::string, std::vector<Time>> const& starts_by_time() const {
    return starts_by_time_;
  }
  // "r1" for the first run that was seen, and so on.
  std::string name_of(RunId const& run);

 private:
  struct Slow {
    store::Commit batch;
    Done done;
  };
  enum class Fate { kept, lost, unheard, refused };
  Fate fate_of(std::string_view what);
  void note(store::Commit const& batch);
  void mutate(store::Commit& batch);
  void write(store::Commit batch, Done done);

  // RunStore
  void commit(store::Commit batch, Done done) override;
  Result<store::RunRecord> get(RunId const& id) override;
  Result<store::Page<store::RunRecord>> list(store::RunFilter const& filter,
                                             std::string const& cursor, int limit) override;
  Result<std::vector<store::JournalEntry>> journal(RunId const& id, std::int64_t after_seq,
                                                   int limit) override;
  Result<std::vector<store::RunRecord>> unfinished(RunId const& after, int limit) override;
  Result<std::vector<store::TimerRecord>> due_timers(Time now, int limit) override;
  Result<std::optional<Time>> next_timer() override;

  // EventStore
  Result<store::AppendedEvent> append(store::EventRecord const& event) override;
  Result<std::vector<store::AppendedEvent>> append_all(
      std::vector<store::EventRecord> const& events) override;
  Result<std::vector<store::EventRecord>> pending(int limit) override;
  Result<store::EventBacklog> backlog() override { return kept_.events().backlog(); }
  Result<store::EventRecord> get(std::int64_t seq) override { return kept_.events().get(seq); }
  Result<std::vector<store::EventRecord>> since(Time since, std::int64_t after_seq,
                                                int limit) override {
    return kept_.events().since(since, after_seq, limit);
  }
  Result<std::vector<store::EventRecord>> of_types(std::vector<std::string> const& types,
                                                   Time since, std::int64_t after_seq,
                                                   int limit) override {
    return kept_.events().of_types(types, since, after_seq, limit);
  }
  Result<int> remove_dispatched(Time before, int limit) override {
    return kept_.events().remove_dispatched(before, limit);
  }

  // ConnectionStore
  Result<void> insert(store::ConnectionRecord const& record) override {
    return kept_.connections().insert(record);
  }
  Result<void> update(store::ConnectionRecord const& record, std::int64_t expected) override;
  Result<store::ConnectionRecord> get(ConnectionId const& id) override;
  Result<store::ConnectionRecord> find(std::string_view name) override {
    return kept_.connections().find(name);
  }
  Result<std::vector<store::ConnectionRecord>> list() override {
    return kept_.connections().list();
  }
  Result<void> remove(ConnectionId const& id) override { return kept_.connections().remove(id); }
  Result<void> insert_sign_in(store::SignInRecord const& record) override {
    return kept_.connections().insert_sign_in(record);
  }
  Result<store::SignInRecord> bind_sign_in(std::string_view state_hash,
                                           std::string_view browser_hash, Time now) override {
    return kept_.connections().bind_sign_in(state_hash, browser_hash, now);
  }
  Result<store::SignInRecord> take_sign_in(std::string_view state_hash, Time now) override {
    return kept_.connections().take_sign_in(state_hash, now);
  }

  // LeaseStore
  Result<std::int64_t> join(std::string_view node, store::LeaseTerm term) override;
  Result<int> renew(std::int64_t epoch, store::LeaseTerm term) override;
  Result<void> leave(std::int64_t epoch) override;
  Result<std::vector<store::RunRecord>> claim(store::Claim const& claim) override;

  // ApprovalStore
  Result<std::int64_t> insert(store::ApprovalRecord const& record,
                              store::EventRecord const& event) override;
  Result<std::int64_t> update(store::ApprovalRecord const& record, std::size_t decisions_before,
                              std::optional<store::EventRecord> const& event) override;
  Result<store::ApprovalRecord> get(std::string_view id) override;
  Result<store::Page<store::ApprovalRecord>> list(store::ApprovalFilter const& filter,
                                                  std::string const& cursor, int limit) override;

  // One small write that is answered at once.
  template <typename Value, typename Write>
  Result<Value> write_now(std::string_view what, Write write);

  Setting& setting_;
  store::Store& kept_;
  Dice dice_;
  std::map<std::string, std::vector<Time>> starts_by_time_;
  std::deque<Slow> slow_;
  std::map<RunId, int> names_;
  std::set<std::pair<RunId, std::string>> armed_here_;  // by this process
  int writes_{0};
};

}  // namespace fairlead::sim
