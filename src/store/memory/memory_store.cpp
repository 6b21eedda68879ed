#include "store/memory/memory_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "store/memory/memory_answers.h"
#include "store/memory/memory_people.h"
#include "store/memory/memory_runs.h"
#include "store/memory/memory_secrets.h"
#include "store/memory/memory_waiting.h"
#include "store/rules.h"

namespace fairlead::store {
namespace {

class MemoryConnections final : public ConnectionStore {
 public:
  explicit MemoryConnections(std::mutex& mutex) : mutex_(mutex) {}

  Result<void> insert(ConnectionRecord const& record) override {
    std::lock_guard const lock(mutex_);
    if (name_taken(record) || connections_.contains(record.id)) {
      return connection_name_taken(record.name);
    }
    put(record);
    return {};
  }

  Result<void> update(ConnectionRecord const& record, std::int64_t expected_generation) override {
    std::lock_guard const lock(mutex_);
    auto const stored = connections_.find(record.id);
    if (stored == connections_.end()) return no_such("connection", record.id.text);
    if (stored->second.generation != expected_generation) return generation_changed(record.name);
    if (name_taken(record)) return connection_name_taken(record.name);
    put(record);
    return {};
  }

  Result<ConnectionRecord> get(ConnectionId const& id) override {
    std::lock_guard const lock(mutex_);
    auto const stored = connections_.find(id);
    if (stored == connections_.end()) return no_such("connection", id.text);
    return stored->second;
  }

  Result<ConnectionRecord> find(std::string_view name) override {
    FAIRLEAD_TRY(auto const all, list());
    return find_connection(all, name);
  }

  Result<std::vector<ConnectionRecord>> list() override {
    std::lock_guard const lock(mutex_);
    std::vector<ConnectionRecord> all;
    for (auto const& [id, record] : connections_)
      all.push_back(record);
    std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
    return all;
  }

  Result<void> remove(ConnectionId const& id) override {
    std::lock_guard const lock(mutex_);
    if (connections_.erase(id) == 0) return no_such("connection", id.text);
    std::erase_if(sign_ins_, [&](auto const& entry) { return entry.second.connection == id; });
    return {};
  }

  Result<void> insert_sign_in(SignInRecord const& record) override {
    std::lock_guard const lock(mutex_);
    if (!connections_.contains(record.connection)) {
      return no_such("connection", record.connection.text);
    }
    if (sign_ins_.emplace(record.state_hash, record).second) return {};
    return make_error(ErrorKind::conflict, "another row has this key already");
  }

  Result<SignInRecord> bind_sign_in(std::string_view state_hash, std::string_view browser_hash,
                                    Time now) override {
    std::lock_guard const lock(mutex_);
    auto const found = sign_ins_.find(state_hash);
    if (found == sign_ins_.end() || found->second.expires_at <= now) return no_such_sign_in();
    SignInRecord& record = found->second;
    if (!record.browser_hash.empty() && record.browser_hash != browser_hash) {
      return sign_in_bound();
    }
    record.browser_hash = browser_hash;
    return record;
  }

  Result<SignInRecord> take_sign_in(std::string_view state_hash, Time now) override {
    std::lock_guard const lock(mutex_);
    std::erase_if(sign_ins_, [&](auto const& entry) { return entry.second.expires_at <= now; });
    auto const found = sign_ins_.find(state_hash);
    if (found == sign_ins_.end()) return no_such_sign_in();
    SignInRecord record = std::move(found->second);
    sign_ins_.erase(found);
    return record;
  }

 private:
  [[nodiscard]] bool name_taken(ConnectionRecord const& record) const {
    return std::any_of(connections_.begin(), connections_.end(), [&](auto const& entry) {
      return entry.second.name == record.name && entry.first != record.id;
    });
  }
  void put(ConnectionRecord const& record) {
    for (auto& [id, other] : connections_) {
      if (record.is_default) other.is_default = false;
    }
    connections_[record.id] = record;
  }

  std::mutex& mutex_;
  std::map<ConnectionId, ConnectionRecord> connections_;
  std::map<std::string, SignInRecord, std::less<>> sign_ins_;
};

class MemoryWorkflows final : public WorkflowStore, public WorkflowTimes {
 public:
  explicit MemoryWorkflows(std::mutex& mutex) : mutex_(mutex) {}

  Result<void> put(WorkflowRecord const& record) override {
    std::lock_guard const lock(mutex_);
    auto const stored = workflows_.find(key_of(record));
    std::optional<WorkflowRecord> before;
    if (stored != workflows_.end()) before = stored->second;
    FAIRLEAD_TRY(PutWorkflow const decision, decide_put(before, record));
    if (decision == PutWorkflow::write) workflows_[key_of(record)] = record;
    return {};
  }

  Result<WorkflowRecord> get(std::string_view workflow_namespace, std::string_view name,
                             std::string_view version) override {
    std::lock_guard const lock(mutex_);
    auto const found = workflows_.find(
        Key(std::string(workflow_namespace), std::string(name), std::string(version)));
    if (found == workflows_.end()) return no_such_workflow(workflow_namespace, name, version);
    return found->second;
  }

  Result<std::vector<WorkflowRecord>> latest() override {
    std::lock_guard const lock(mutex_);
    return newest_published(all());
  }

  Result<std::vector<WorkflowRecord>> versions(std::string_view workflow_namespace,
                                               std::string_view name) override {
    std::lock_guard const lock(mutex_);
    std::vector<WorkflowRecord> found = all();
    bool const any = workflow_namespace.empty() && name.empty();
    std::erase_if(found, [&](WorkflowRecord const& w) {
      return !any && (w.workflow_namespace != workflow_namespace || w.name != name);
    });
    sort_newest_first(found);
    return found;
  }

  Result<void> set_status(WorkflowRecord const& record, std::string_view status) override {
    std::lock_guard const lock(mutex_);
    auto const found = workflows_.find(key_of(record));
    if (found == workflows_.end()) {
      return no_such_workflow(record.workflow_namespace, record.name, record.version);
    }
    found->second.status = status;
    return {};
  }

  Result<void> apply(WorkflowBatch const& batch) override {
    std::lock_guard const lock(mutex_);
    if (!batch.expected_state.empty() && workflows_state(all()) != batch.expected_state)
      return workflows_changed();
    // On a copy: all or nothing.
    auto next = workflows_;
    for (auto const& record : batch.puts) {
      auto const stored = next.find(key_of(record));
      std::optional<WorkflowRecord> before;
      if (stored != next.end()) before = stored->second;
      FAIRLEAD_TRY(PutWorkflow const decision, decide_put(before, record));
      if (decision == PutWorkflow::write) next[key_of(record)] = record;
    }
    for (auto const& record : batch.statuses) {
      auto const found = next.find(key_of(record));
      if (found == next.end())
        return no_such_workflow(record.workflow_namespace, record.name, record.version);
      found->second.status = record.status;
    }
    workflows_ = std::move(next);
    return {};
  }

  Result<void> remove_draft(std::string_view workflow_namespace, std::string_view name,
                            std::string_view version) override {
    std::lock_guard const lock(mutex_);
    auto const found = workflows_.find(
        Key(std::string(workflow_namespace), std::string(name), std::string(version)));
    if (found == workflows_.end()) return no_such_workflow(workflow_namespace, name, version);
    if (found->second.status != "draft") return no_draft(found->second);
    workflows_.erase(found);
    return {};
  }

  [[nodiscard]] std::optional<Time> written_at(HistoryOwner const& workflow) const override {
    std::optional<Time> newest;
    for (auto const& [key, record] : workflows_) {
      bool const its = record.workflow_namespace == workflow.workflow_namespace &&
                       record.name == workflow.workflow_name;
      if (its && (!newest || *newest < record.created_at)) newest = record.created_at;
    }
    return newest;
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;
  static Key key_of(WorkflowRecord const& record) {
    return {record.workflow_namespace, record.name, record.version};
  }
  [[nodiscard]] std::vector<WorkflowRecord> all() const {
    std::vector<WorkflowRecord> records;
    for (auto const& [key, record] : workflows_)
      records.push_back(record);
    return records;
  }

  std::mutex& mutex_;
  std::map<Key, WorkflowRecord> workflows_;
};

class MemoryEvents final : public EventStore, public EventMarks {
 public:
  explicit MemoryEvents(std::mutex& mutex) : mutex_(mutex) {}

  Result<AppendedEvent> append(EventRecord const& event) override {
    std::lock_guard const lock(mutex_);
    return append_locked(event);
  }

  AppendedEvent append_locked(EventRecord const& event) override {
    auto const [known, fresh] = by_key_.try_emplace({event.source, event.id}, last_ + 1);
    if (!fresh) return AppendedEvent{.seq = known->second, .duplicate = true};
    EventRecord& kept = events_[++last_];
    kept = event;
    kept.seq = last_;
    return AppendedEvent{.seq = last_, .duplicate = false};
  }

  Result<std::vector<AppendedEvent>> append_all(std::vector<EventRecord> const& events) override {
    std::vector<AppendedEvent> all;
    for (EventRecord const& event : events) {
      FAIRLEAD_TRY(auto const appended, append(event));
      all.push_back(appended);
    }
    return all;
  }

  Result<std::vector<EventRecord>> pending(int limit) override {
    return select(limit, [](EventRecord const& event) { return !event.dispatched; });
  }

  Result<EventBacklog> backlog() override {
    std::lock_guard const lock(mutex_);
    EventBacklog backlog;
    for (auto const& [seq, event] : events_) {
      if (event.dispatched) continue;
      if (backlog.count++ == 0) backlog.oldest = event.received_at;
    }
    return backlog;
  }

  Result<EventRecord> get(std::int64_t seq) override {
    std::lock_guard const lock(mutex_);
    EventRecord const* event = find(seq);
    if (event == nullptr) return no_such("event", std::to_string(seq));
    return *event;
  }

  Result<std::vector<EventRecord>> since(Time since, std::int64_t after_seq, int limit) override {
    return of_types({}, since, after_seq, limit);
  }

  Result<std::vector<EventRecord>> of_types(std::vector<std::string> const& types, Time since,
                                            std::int64_t after_seq, int limit) override {
    return select(limit, [&](EventRecord const& event) {
      bool const wanted =
          types.empty() || std::find(types.begin(), types.end(), event.type) != types.end();
      return wanted && event.received_at >= since && event.seq > after_seq;
    });
  }

  Result<int> remove_dispatched(Time before, int limit) override {
    std::lock_guard const lock(mutex_);
    int removed = 0;
    for (auto each = events_.begin(); each != events_.end() && removed < clamp_rows(limit);) {
      EventRecord const& event = each->second;
      if (!event.dispatched || event.received_at >= before) {
        ++each;
        continue;
      }
      by_key_.erase({event.source, event.id});
      each = events_.erase(each);
      ++removed;
    }
    return removed;
  }

  Result<void> check_undispatched(std::int64_t seq) override {
    EventRecord const* event = find(seq);
    if (event == nullptr) return no_such("event", std::to_string(seq));
    return event->dispatched ? event_dispatched_already(seq) : Result<void>();
  }

  void mark_dispatched(std::int64_t seq) override { find(seq)->dispatched = true; }

 private:
  EventRecord* find(std::int64_t seq) {
    auto const found = events_.find(seq);
    return found == events_.end() ? nullptr : &found->second;
  }
  template <class Wanted>
  Result<std::vector<EventRecord>> select(int limit, Wanted wanted) {
    std::lock_guard const lock(mutex_);
    std::vector<EventRecord> found;
    for (auto const& [seq, event] : events_) {
      if (found.size() == static_cast<std::size_t>(clamp_rows(limit))) break;
      if (wanted(event)) found.push_back(event);
    }
    return found;
  }

  std::mutex& mutex_;
  std::int64_t last_{0};
  std::map<std::int64_t, EventRecord> events_;
  std::map<std::pair<std::string, std::string>, std::int64_t> by_key_;
};

class MemoryMeta final : public MetaStore {
 public:
  explicit MemoryMeta(std::mutex& mutex) : mutex_(mutex) {}

  Result<std::optional<std::string>> get(std::string_view key) override {
    std::lock_guard const lock(mutex_);
    auto const found = values_.find(key);
    if (found == values_.end()) return std::optional<std::string>();
    return std::optional(found->second);
  }

  Result<void> set(std::string_view key, std::string_view value) override {
    std::lock_guard const lock(mutex_);
    values_[std::string(key)] = value;
    return {};
  }

 private:
  std::mutex& mutex_;
  std::map<std::string, std::string, std::less<>> values_;
};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(MemoryStoreOptions options)
      : connections_(mutex_),
        workflows_(mutex_),
        events_(mutex_),
        access_(mutex_),
        meta_(mutex_),
        schedules_(mutex_),
        secrets_(mutex_),
        runs_({.mutex = mutex_,
               .events = events_,
               .schedules = schedules_,
               .approvals = approvals_,
               .workflows = workflows_},
              options) {}

  ConnectionStore& connections() override { return connections_; }
  WorkflowStore& workflows() override { return workflows_; }
  EventStore& events() override { return events_; }
  RunStore& runs() override { return runs_; }
  SubscriptionStore& subscriptions() override { return runs_; }
  AccessStore& access() override { return access_; }
  MetaStore& meta() override { return meta_; }
  ScheduleStore& schedules() override { return schedules_; }
  LeaseStore& leases() override { return runs_; }
  HistoryStore& history() override { return runs_; }
  WakeStore& wakes() override { return runs_; }
  WebhookStore& webhooks() override { return webhooks_; }
  ApprovalStore& approvals() override { return approvals_; }
  SecretStore& secrets() override { return secrets_; }
  AnswerStore& answers() override { return answers_; }
  UserStore& users() override { return users_; }
  SessionStore& sessions() override { return sessions_; }
  AuditStore& audit() override { return audit_; }

 private:
  std::mutex mutex_;
  MemoryConnections connections_;
  MemoryWorkflows workflows_;
  MemoryEvents events_;
  MemoryAccess access_;
  MemorySessions sessions_{mutex_};
  MemoryUsers users_{mutex_, sessions_, access_};
  MemoryAudit audit_{mutex_};
  MemoryMeta meta_;
  MemorySchedules schedules_;
  MemoryWebhooks webhooks_{mutex_};
  MemoryApprovals approvals_{mutex_, events_};
  MemorySecrets secrets_;
  MemoryAnswers answers_{mutex_};
  // Last member: its thread ends first, while what it uses is still there.
  MemoryRuns runs_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store(MemoryStoreOptions options) {
  return std::make_unique<MemoryStore>(options);
}

}  // namespace fairlead::store
