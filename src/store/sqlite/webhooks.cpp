#include "store/webhooks.h"

#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

#define WEBHOOK_COLUMNS                                                                  \
  "id, connection, target, remote_id, status, reason, created_at, checked_at, used_at, " \
  "delivered_at, sealed_token, sealed_signing_token"

WebhookRecord read_webhook(Query& row, std::optional<Error>&) {
  WebhookRecord record;
  int column = 0;
  record.id = row.text(column++);
  record.connection = ConnectionId(row.text(column++));
  record.target = row.text(column++);
  record.remote_id = row.integer(column++);
  record.status = row.text(column++);
  record.reason = row.text(column++);
  record.created_at = row.time(column++);
  record.checked_at = row.time(column++);
  record.used_at = row.time(column++);
  record.delivered_at = row.optional_time(column++);
  record.sealed_token = row.text(column++);
  record.sealed_signing_token = row.text(column++);
  return record;
}

Result<void> write_webhook(Database& database, WebhookRecord const& r) {
  Query other =
      database.query("SELECT 1 FROM webhooks WHERE connection = ? AND target = ? AND id <> ?");
  other.bind(std::string_view(r.connection.text), std::string_view(r.target),
             std::string_view(r.id));
  FAIRLEAD_TRY(bool const taken, other.step());
  if (taken) return make_error(ErrorKind::conflict, "There is a webhook for " + r.target + ".");
  Query query = database.query("INSERT OR REPLACE INTO webhooks (" WEBHOOK_COLUMNS
                               ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
  query.bind(std::string_view(r.id), std::string_view(r.connection.text),
             std::string_view(r.target), r.remote_id, std::string_view(r.status),
             std::string_view(r.reason));
  query.bind(r.created_at, r.checked_at, r.used_at, r.delivered_at, Blob{r.sealed_token},
             Blob{r.sealed_signing_token});
  return query.run();
}

class SqliteWebhooks final : public WebhookStore {
 public:
  explicit SqliteWebhooks(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<void> put(WebhookRecord const& record) override {
    return writer_.write([&](Database& database) { return write_webhook(database, record); });
  }

  Result<std::optional<WebhookRecord>> find(std::string_view id) override {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " WEBHOOK_COLUMNS " FROM webhooks WHERE id = ?");
      query.bind(id);
      return read_row(query, read_webhook);
    });
  }

  Result<std::optional<WebhookRecord>> find_for(ConnectionId const& connection,
                                                std::string_view target) override {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " WEBHOOK_COLUMNS
                                   " FROM webhooks WHERE connection = ? AND target = ?");
      query.bind(std::string_view(connection.text), target);
      return read_row(query, read_webhook);
    });
  }

  Result<std::vector<WebhookRecord>> list() override {
    return readers_.with([](Database& database) {
      Query query =
          database.query("SELECT " WEBHOOK_COLUMNS " FROM webhooks ORDER BY connection, target");
      return read_rows(query, read_webhook);
    });
  }

  Result<void> delivered(std::string_view id, Time at) override {
    return writer_.write([&](Database& database) {
      Query query = database.query(
          "UPDATE webhooks SET status = 'verified', reason = '', delivered_at = ? WHERE id = ?");
      return query.bind(at, id).run();
    });
  }

  Result<void> remove(std::string_view id) override {
    return writer_.write([&](Database& database) {
      return database.query("DELETE FROM webhooks WHERE id = ?").bind(id).run();
    });
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<WebhookStore> make_sqlite_webhooks(SqliteParts parts) {
  return std::make_unique<SqliteWebhooks>(parts);
}

}  // namespace fairlead::store
