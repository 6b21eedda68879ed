// A store that dies: after a number of commits it takes no more, as if the process had been killed
// at that point.
//
// Test code only. What was committed stays in the store underneath, for the next engine.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "store/store.h"

namespace fairlead::run::testing_support {

class CrashingStore final : public store::Store, private store::RunStore {
 public:
  // lost: the commit after the last good one is not written. unheard: it is written, but nobody is
  // told.
  enum class Last { lost, unheard };

  CrashingStore(store::Store& kept, int commits_max, Last last)
      : kept_(kept), left_(commits_max), last_(last) {}

  [[nodiscard]] bool crashed() const { return crashed_; }
  [[nodiscard]] int commits() const { return commits_; }
  // Commits wait, as on a slow disk, until they are let through.
  enum class Disk { quick, slow } disk{Disk::quick};
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  void let_through() {
    auto waiting = std::exchange(waiting_, {});
    for (auto& each : waiting)
      each();
  }
  // Called once, before the next commit is done.
  std::function<void()> on_commit;
  void fail_next() { left_ = 0; }
  void repair() {
    crashed_ = false;
    left_ = 1'000'000;
  }

  store::ConnectionStore& connections() override { return kept_.connections(); }
  store::WorkflowStore& workflows() override { return kept_.workflows(); }
  store::EventStore& events() override { return kept_.events(); }
  store::RunStore& runs() override { return *this; }
  store::SubscriptionStore& subscriptions() override { return kept_.subscriptions(); }
  store::AccessStore& access() override { return kept_.access(); }
  store::MetaStore& meta() override { return kept_.meta(); }
  store::ScheduleStore& schedules() override { return kept_.schedules(); }
  store::LeaseStore& leases() override { return kept_.leases(); }
  store::HistoryStore& history() override { return kept_.history(); }
  store::WakeStore& wakes() override { return kept_.wakes(); }
  store::WebhookStore& webhooks() override { return kept_.webhooks(); }
  store::ApprovalStore& approvals() override { return kept_.approvals(); }
  store::SecretStore& secrets() override { return kept_.secrets(); }
  store::AnswerStore& answers() override { return kept_.answers(); }
  store::UserStore& users() override { return kept_.users(); }
  store::SessionStore& sessions() override { return kept_.sessions(); }
  store::AuditStore& audit() override { return kept_.audit(); }

 private:
  static Error gone() { return make_error(ErrorKind::unavailable, "the disk is gone"); }

  void commit(store::Commit batch, Done done) override {
    if (disk == Disk::slow) {
      waiting_.push_back([this, batch = std::move(batch), done = std::move(done)]() mutable {
        commit_now(std::move(batch), std::move(done));
      });
      return;
    }
    commit_now(std::move(batch), std::move(done));
  }
  void commit_now(store::Commit batch, Done done) {
    ++commits_;
    if (auto const hook = std::exchange(on_commit, nullptr)) hook();
    if (crashed_) return done(gone());
    if (left_-- > 0) return kept_.runs().commit(std::move(batch), std::move(done));
    crashed_ = true;
    if (last_ == Last::lost) return done(gone());
    kept_.runs().commit(std::move(batch), [done](Result<void> const&) { done(gone()); });
  }
  Result<store::RunRecord> get(RunId const& id) override { return kept_.runs().get(id); }
  Result<store::Page<store::RunRecord>> list(store::RunFilter const& filter,
                                             std::string const& cursor, int limit) override {
    return kept_.runs().list(filter, cursor, limit);
  }
  Result<std::vector<store::JournalEntry>> journal(RunId const& id, std::int64_t after_seq,
                                                   int limit) override {
    return kept_.runs().journal(id, after_seq, limit);
  }
  Result<std::vector<store::RunRecord>> unfinished(RunId const& after, int limit) override {
    return kept_.runs().unfinished(after, limit);
  }
  Result<std::vector<store::TimerRecord>> due_timers(Time now, int limit) override {
    return kept_.runs().due_timers(now, limit);
  }
  Result<std::optional<Time>> next_timer() override { return kept_.runs().next_timer(); }

  store::Store& kept_;
  int left_;
  Last last_;
  bool crashed_{false};
  int commits_{0};
  std::vector<std::function<void()>> waiting_;
};

}  // namespace fairlead::run::testing_support
