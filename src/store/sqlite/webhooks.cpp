#include "store/webhooks.h"

#include "store/rules.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

#define WEBHOOK_COLUMNS                                                                  \
  "id, connection, target, remote_id, status, reason, created_at, checked_at, used_at, " \
  "delivered_at, sealed_token, sealed_signing_token, is_signed, path, kinds, keep, kept_by"

std::string_view word_of(WebhookRecord::Keep keep) {
  if (keep == WebhookRecord::Keep::by_hand) return "by-hand";
  return keep == WebhookRecord::Keep::forgotten ? "forgotten" : "";
}

WebhookRecord::Keep keep_of(std::string_view word) {
  if (word == "by-hand") return WebhookRecord::Keep::by_hand;
  return word == "forgotten" ? WebhookRecord::Keep::forgotten : WebhookRecord::Keep::as_used;
}

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
  record.is_signed = row.integer(column++) != 0;
  record.path = row.text(column++);
  record.kinds = row.text(column++);
  record.keep = keep_of(row.text(column++));
  record.kept_by = row.text(column++);
  return record;
}

Result<std::optional<WebhookRecord>> find_webhook(Database& database, std::string_view id) {
  Query query = database.query("SELECT " WEBHOOK_COLUMNS " FROM webhooks WHERE id = ?");
  query.bind(id);
  return read_row(query, read_webhook);
}

Result<void> write_webhook(Database& database, WebhookRecord const& given) {
  FAIRLEAD_TRY(auto const stored, find_webhook(database, given.id));
  WebhookRecord const r = stored ? merged(*stored, given) : given;
  Query other =
      database.query("SELECT 1 FROM webhooks WHERE connection = ? AND target = ? AND id <> ?");
  other.bind(std::string_view(r.connection.text), std::string_view(r.target),
             std::string_view(r.id));
  FAIRLEAD_TRY(bool const taken, other.step());
  if (taken) return make_error(ErrorKind::conflict, "There is a webhook for " + r.target + ".");
  Query query = database.query("INSERT OR REPLACE INTO webhooks (" WEBHOOK_COLUMNS
                               ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  query.bind(std::string_view(r.id), std::string_view(r.connection.text),
             std::string_view(r.target), r.remote_id, std::string_view(r.status),
             std::string_view(r.reason));
  query.bind(r.created_at, r.checked_at, r.used_at, r.delivered_at, Blob{r.sealed_token},
             Blob{r.sealed_signing_token}, std::int64_t{r.is_signed}, std::string_view(r.path),
             std::string_view(r.kinds), word_of(r.keep), std::string_view(r.kept_by));
  return query.run();
}

class SqliteWebhooks final : public WebhookStore {
 public:
  explicit SqliteWebhooks(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<void> put(WebhookRecord const& record) override {
    return writer_.write([&](Database& database) { return write_webhook(database, record); });
  }

  Result<bool> change(WebhookRecord const& record) override {
    bool found = false;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_TRY(auto const stored, find_webhook(database, record.id));
      found = stored.has_value();
      if (!found) return {};
      WebhookRecord changed = record;
      changed.connection = stored->connection;
      return write_webhook(database, changed);
    }));
    return found;
  }

  Result<bool> hand_over(std::string_view id, ConnectionId const& from,
                         ConnectionId const& to) override {
    bool done = false;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_TRY(auto changed, find_webhook(database, id));
      done = changed && changed->connection == from;
      if (!done) return {};
      changed->connection = to;
      changed->checked_at = Time{};
      return write_webhook(database, *changed);
    }));
    return done;
  }

  Result<std::optional<WebhookRecord>> find(std::string_view id) override {
    return readers_.with([&](Database& database) { return find_webhook(database, id); });
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

  Result<bool> keep(std::string_view id, HookKeep const& keep) override {
    bool found = false;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query("UPDATE webhooks SET keep = ?, kept_by = ? WHERE id = ?");
      FAIRLEAD_CHECK(query.bind(word_of(keep.keep), std::string_view(keep.by), id).run());
      found = database.changes() == 1;
      return {};
    }));
    return found;
  }

  Result<void> delivered(std::string_view id, HookDelivery const& delivery) override {
    return writer_.write([&](Database& database) {
      Query query = database.query(
          "UPDATE webhooks SET status = 'verified', reason = '', delivered_at = ?, "
          "is_signed = is_signed OR ? WHERE id = ?");
      bool const is_signed = delivery.signature == HookDelivery::Signature::good;
      return query.bind(delivery.at, std::int64_t{is_signed}, id).run();
    });
  }

  Result<bool> reseal(WebhookRecord const& record, std::string_view former_token) override {
    bool done = false;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query(
          "UPDATE webhooks SET sealed_token = ?, sealed_signing_token = ? "
          "WHERE id = ? AND sealed_token = ?");
      FAIRLEAD_CHECK(query
                         .bind(Blob{record.sealed_token}, Blob{record.sealed_signing_token},
                               std::string_view(record.id), Blob{former_token})
                         .run());
      done = database.changes() == 1;
      return {};
    }));
    return done;
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
