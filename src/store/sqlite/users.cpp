#include "store/rules.h"
#include "store/sqlite/people.h"

namespace fairlead::store {
namespace {

using std::string_view;

#define USER_COLUMNS                                                            \
  "id, username, name, email, role, password_hash, issuer, subject, disabled, " \
  "generation, created_at, updated_at, signed_in_at"

UserRecord read_user(Query& row, std::optional<Error>&) {
  UserRecord user;
  user.id = UserId(row.text(0));
  user.username = row.text(1);
  user.name = row.text(2);
  user.email = row.text(3);
  user.role = row.text(4);
  user.password_hash = row.text(5);
  user.issuer = row.text(6);
  user.subject = row.text(7);
  user.standing =
      row.integer(8) != 0 ? UserRecord::Standing::disabled : UserRecord::Standing::active;
  user.generation = row.integer(9);
  user.created_at = row.time(10);
  user.updated_at = row.time(11);
  user.signed_in_at = row.optional_time(12);
  return user;
}

std::int64_t is_disabled(UserRecord const& user) {
  return user.standing == UserRecord::Standing::disabled ? 1 : 0;
}

Result<bool> is_taken(Database& database, UserRecord const& user) {
  Query query = database.query(
      "SELECT 1 FROM users WHERE id <> ? AND (username = ? OR (subject <> '' AND subject = ? AND "
      "issuer = ?))");
  query.bind(string_view(user.id.text), string_view(user.username), string_view(user.subject),
             string_view(user.issuer));
  return query.step();
}

Result<void> insert_user(Database& database, UserRecord const& u) {
  FAIRLEAD_TRY(bool const taken, is_taken(database, u));
  if (taken) return username_taken(u.username);
  Query query =
      database.query("INSERT INTO users (" USER_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
  query.bind(string_view(u.id.text), string_view(u.username), string_view(u.name),
             string_view(u.email), string_view(u.role), string_view(u.password_hash),
             string_view(u.issuer), string_view(u.subject), is_disabled(u), u.generation,
             u.created_at, u.updated_at, u.signed_in_at);
  return query.run();
}

Result<std::optional<UserRecord>> find_user(Database& database, UserId const& id) {
  Query query = database.query("SELECT " USER_COLUMNS " FROM users WHERE id = ?");
  query.bind(string_view(id.text));
  return read_row(query, read_user);
}

// conflict if `user` is an active org admin and no other one can sign in.
Result<void> check_not_last(Database& database, UserRecord const& user) {
  if (!is_active_org_admin(user)) return {};
  Query query = database.query(
      "SELECT 1 FROM users WHERE role = 'org-admin' AND disabled = 0 AND id <> ? "
      "AND (password_hash <> '' OR subject <> '') LIMIT 1");
  FAIRLEAD_TRY(bool const another, query.bind(string_view(user.id.text)).step());
  return another ? Result<void>() : last_org_admin(user.username);
}

Result<void> update_user(Database& database, UserRecord const& u) {
  FAIRLEAD_TRY(auto const stored, find_user(database, u.id));
  if (!stored) return no_such("user", u.username);
  if (stored->generation != u.generation) return user_changed(u.username);
  FAIRLEAD_TRY(bool const taken, is_taken(database, u));
  if (taken) return username_taken(u.username);
  if (takes_org_admin(*stored, u)) {
    FAIRLEAD_CHECK(check_not_last(database, *stored));
  }
  Query query = database.query(
      "UPDATE users SET username = ?, name = ?, email = ?, role = ?, password_hash = ?, "
      "issuer = ?, subject = ?, disabled = ?, generation = generation + 1, updated_at = ?, "
      "signed_in_at = ? WHERE id = ?");
  query.bind(string_view(u.username), string_view(u.name), string_view(u.email),
             string_view(u.role), string_view(u.password_hash), string_view(u.issuer),
             string_view(u.subject), is_disabled(u), u.updated_at, u.signed_in_at,
             string_view(u.id.text));
  return query.run();
}

Result<void> remove_user(Database& database, UserId const& id) {
  FAIRLEAD_TRY(auto const stored, find_user(database, id));
  if (!stored) return no_such("user", id.text);
  FAIRLEAD_CHECK(check_not_last(database, *stored));
  for (char const* sql :
       {"DELETE FROM sessions WHERE user_id = ?", "DELETE FROM one_time_links WHERE user_id = ?",
        "DELETE FROM api_tokens WHERE user_id = ?", "DELETE FROM users WHERE id = ?"}) {
    Query query = database.query(sql);
    FAIRLEAD_CHECK(query.bind(string_view(id.text)).run());
  }
  return {};
}

Result<void> remove_link(Database& database, string_view token_hash) {
  Query query = database.query("DELETE FROM one_time_links WHERE token_hash = ?");
  return query.bind(token_hash).run();
}

class SqliteUsers final : public UserStore {
 public:
  explicit SqliteUsers(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<void> insert(UserRecord const& user) override {
    return writer_.write([&](Database& database) { return insert_user(database, user); });
  }

  Result<void> insert_first(UserRecord const& user, string_view link_hash) override {
    return writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_TRY(bool const somebody, database.query("SELECT 1 FROM users LIMIT 1").step());
      if (somebody) return setup_is_over();
      Query query =
          database.query("DELETE FROM one_time_links WHERE token_hash = ? AND user_id = ''");
      FAIRLEAD_CHECK(query.bind(link_hash).run());
      if (database.changes() == 0) return no_such_link();
      return insert_user(database, user);
    });
  }

  Result<void> update(UserRecord const& user) override {
    return writer_.write([&](Database& database) { return update_user(database, user); });
  }

  Result<std::optional<UserRecord>> find(UserId const& id) override {
    return readers_.with([&](Database& database) { return find_user(database, id); });
  }

  Result<std::optional<UserRecord>> find_username(string_view username) override {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " USER_COLUMNS " FROM users WHERE username = ?");
      query.bind(username);
      return read_row(query, read_user);
    });
  }

  Result<std::optional<UserRecord>> find_identity(string_view issuer,
                                                  string_view subject) override {
    return readers_.with([&](Database& database) {
      Query query = database.query(
          "SELECT " USER_COLUMNS " FROM users WHERE issuer = ? AND subject = ? AND subject <> ''");
      query.bind(issuer, subject);
      return read_row(query, read_user);
    });
  }

  Result<std::vector<UserRecord>> list() override {
    return readers_.with([](Database& database) {
      Query query = database.query("SELECT " USER_COLUMNS " FROM users ORDER BY username");
      return read_rows(query, read_user);
    });
  }

  Result<void> remove(UserId const& id) override {
    return writer_.write([&](Database& database) { return remove_user(database, id); });
  }

  Result<void> put_link(LinkRecord const& link) override {
    return writer_.write([&](Database& database) {
      Query query = database.query(
          "INSERT INTO one_time_links (token_hash, user_id, expires_at) VALUES (?, ?, ?) "
          "ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, "
          "expires_at = excluded.expires_at");
      query.bind(string_view(link.token_hash), string_view(link.user.text), link.expires_at);
      return query.run();
    });
  }

  Result<LinkRecord> take_link(string_view token_hash, Time now) override {
    LinkRecord link;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query(
          "SELECT token_hash, user_id, expires_at FROM one_time_links WHERE token_hash = ? AND "
          "user_id <> '' AND (expires_at IS NULL OR expires_at > ?)");
      FAIRLEAD_TRY(bool const known, query.bind(token_hash, now).step());
      if (!known) return no_such_link();
      link.token_hash = query.text(0);
      link.user = UserId(query.text(1));
      link.expires_at = query.optional_time(2);
      return remove_link(database, token_hash);
    }));
    return link;
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<UserStore> make_sqlite_users(SqliteParts parts) {
  return std::make_unique<SqliteUsers>(parts);
}

}  // namespace fairlead::store
