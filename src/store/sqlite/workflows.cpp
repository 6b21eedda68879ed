#include "store/rules.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

#define WORKFLOW_COLUMNS "namespace, name, version, status, content_hash, created_at, source"

WorkflowRecord read_workflow(Query& row, std::optional<Error>&) {
  WorkflowRecord record;
  record.workflow_namespace = row.text(0);
  record.name = row.text(1);
  record.version = row.text(2);
  record.status = row.text(3);
  record.content_hash = row.text(4);
  record.created_at = row.time(5);
  record.source = row.text(6);
  return record;
}

Result<std::optional<WorkflowRecord>> find_version(Database& database, std::string_view space,
                                                   std::string_view name,
                                                   std::string_view version) {
  Query query = database.query("SELECT " WORKFLOW_COLUMNS
                               " FROM workflows WHERE namespace = ? AND name = ? AND version = ?");
  query.bind(space, name, version);
  return read_row(query, read_workflow);
}

Result<void> put_workflow(Database& database, WorkflowRecord const& r) {
  FAIRLEAD_TRY(auto const stored, find_version(database, r.workflow_namespace, r.name, r.version));
  FAIRLEAD_TRY(PutWorkflow const decision, decide_put(stored, r));
  if (decision == PutWorkflow::keep) return {};
  Query query = database.query(
      "INSERT INTO workflows (" WORKFLOW_COLUMNS
      ") VALUES (?,?,?,?,?,?,?) ON CONFLICT (namespace, name, version) DO UPDATE SET "
      "status = excluded.status, content_hash = excluded.content_hash, "
      "created_at = excluded.created_at, source = excluded.source");
  query.bind(std::string_view(r.workflow_namespace), std::string_view(r.name),
             std::string_view(r.version), std::string_view(r.status),
             std::string_view(r.content_hash), r.created_at, std::string_view(r.source));
  return query.run();
}

Result<void> update_status(Database& database, WorkflowRecord const& record,
                           std::string_view status) {
  Query query = database.query(
      "UPDATE workflows SET status = ? WHERE namespace = ? AND name = ? AND version = ?");
  query.bind(status, std::string_view(record.workflow_namespace), std::string_view(record.name),
             std::string_view(record.version));
  FAIRLEAD_CHECK(query.run());
  if (database.changes() > 0) return {};
  return no_such_workflow(record.workflow_namespace, record.name, record.version);
}

// Without their texts.
Result<std::vector<WorkflowRecord>> every_version(Database& database) {
  Query query = database.query(
      "SELECT namespace, name, version, status, content_hash, created_at, '' FROM workflows");
  return read_rows(query, read_workflow);
}

class SqliteWorkflows final : public WorkflowStore {
 public:
  explicit SqliteWorkflows(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<void> put(WorkflowRecord const& record) override {
    return writer_.write([&](Database& database) { return put_workflow(database, record); });
  }

  Result<WorkflowRecord> get(std::string_view workflow_namespace, std::string_view name,
                             std::string_view version) override {
    FAIRLEAD_TRY(auto record, readers_.with([&](Database& database) {
      return find_version(database, workflow_namespace, name, version);
    }));
    if (!record) return no_such_workflow(workflow_namespace, name, version);
    return std::move(*record);
  }

  Result<std::vector<WorkflowRecord>> latest() override {
    FAIRLEAD_TRY(auto all, readers_.with([](Database& database) {
      Query query =
          database.query("SELECT " WORKFLOW_COLUMNS " FROM workflows WHERE status = 'published'");
      return read_rows(query, read_workflow);
    }));
    return newest_published(std::move(all));
  }

  Result<std::vector<WorkflowRecord>> versions(std::string_view workflow_namespace,
                                               std::string_view name) override {
    FAIRLEAD_TRY(auto all, readers_.with([&](Database& database) {
      Query query = database.query("SELECT " WORKFLOW_COLUMNS
                                   " FROM workflows WHERE (?1 = '' AND ?2 = '') OR "
                                   "(namespace = ?1 AND name = ?2)");
      query.bind(workflow_namespace, name);
      return read_rows(query, read_workflow);
    }));
    sort_newest_first(all);
    return all;
  }

  Result<void> set_status(WorkflowRecord const& record, std::string_view status) override {
    return writer_.write(
        [&](Database& database) { return update_status(database, record, status); });
  }

  Result<void> apply(WorkflowBatch const& batch) override {
    return writer_.write([&](Database& database) -> Result<void> {
      if (!batch.expected_state.empty()) {
        FAIRLEAD_TRY(auto all, every_version(database));
        if (workflows_state(std::move(all)) != batch.expected_state) return workflows_changed();
      }
      for (auto const& record : batch.puts)
        FAIRLEAD_CHECK(put_workflow(database, record));
      for (auto const& record : batch.statuses)
        FAIRLEAD_CHECK(update_status(database, record, record.status));
      return {};
    });
  }

  Result<void> remove_draft(std::string_view workflow_namespace, std::string_view name,
                            std::string_view version) override {
    return writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_TRY(auto const stored, find_version(database, workflow_namespace, name, version));
      if (!stored) return no_such_workflow(workflow_namespace, name, version);
      if (stored->status != "draft") return no_draft(*stored);
      Query query =
          database.query("DELETE FROM workflows WHERE namespace = ? AND name = ? AND version = ?");
      return query.bind(workflow_namespace, name, version).run();
    });
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<WorkflowStore> make_sqlite_workflows(SqliteParts parts) {
  return std::make_unique<SqliteWorkflows>(parts);
}

}  // namespace fairlead::store
