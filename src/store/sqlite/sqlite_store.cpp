#include "store/sqlite/sqlite_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "store/sqlite/answers.h"
#include "store/sqlite/folder_lock.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/people.h"
#include "store/sqlite/schedules.h"
#include "store/sqlite/secrets.h"

namespace fairlead::store {
namespace {

namespace fs = std::filesystem;

class SqliteStore final : public Store {
 public:
  SqliteStore(FolderLock lock, std::unique_ptr<Database> database,
              std::vector<std::unique_ptr<Database>> readers, Clock const& clock)
      : lock_(std::move(lock)), writer_(std::move(database), clock), readers_(std::move(readers)) {}

  CommitFigures commit_figures() const override { return writer_.figures(); }
  ConnectionStore& connections() override { return *connections_; }
  WorkflowStore& workflows() override { return *workflows_; }
  EventStore& events() override { return *events_; }
  RunStore& runs() override { return *runs_; }
  SubscriptionStore& subscriptions() override { return *subscriptions_; }
  AccessStore& access() override { return *access_; }
  MetaStore& meta() override { return *meta_; }
  ScheduleStore& schedules() override { return *schedules_; }
  LeaseStore& leases() override { return *leases_; }
  HistoryStore& history() override { return *history_; }
  WakeStore& wakes() override { return *wakes_; }
  WebhookStore& webhooks() override { return *webhooks_; }
  ApprovalStore& approvals() override { return *approvals_; }
  SecretStore& secrets() override { return *secrets_; }
  AnswerStore& answers() override { return *answers_; }
  UserStore& users() override { return *users_; }
  SessionStore& sessions() override { return *sessions_; }
  AuditStore& audit() override { return *audit_; }

 private:
  [[nodiscard]] SqliteParts parts() {
    return {.readers = readers_, .writer = writer_, .recent_wakes = recent_wakes_};
  }

  // First member, last destroyed: the lock goes back after everything is written.
  FolderLock lock_;
  // Before the writer, whose thread uses it to the end.
  RecentWakes recent_wakes_;
  Writer writer_;
  // After the writer, so closed first: the last connection to close puts the log into the file and
  // must be one that can write.
  Readers readers_;
  std::unique_ptr<ConnectionStore> connections_{make_sqlite_connections(parts())};
  std::unique_ptr<WorkflowStore> workflows_{make_sqlite_workflows(parts())};
  std::unique_ptr<EventStore> events_{make_sqlite_events(parts())};
  std::unique_ptr<RunStore> runs_{make_sqlite_runs(parts())};
  std::unique_ptr<SubscriptionStore> subscriptions_{make_sqlite_subscriptions(parts())};
  std::unique_ptr<AccessStore> access_{make_sqlite_access(parts())};
  std::unique_ptr<MetaStore> meta_{make_sqlite_meta(parts())};
  std::unique_ptr<ScheduleStore> schedules_{make_sqlite_schedules(parts())};
  std::unique_ptr<LeaseStore> leases_{make_sqlite_leases(parts())};
  std::unique_ptr<HistoryStore> history_{make_sqlite_history(parts())};
  std::unique_ptr<WakeStore> wakes_{make_sqlite_wakes(parts())};
  std::unique_ptr<WebhookStore> webhooks_{make_sqlite_webhooks(parts())};
  std::unique_ptr<ApprovalStore> approvals_{make_sqlite_approvals(parts())};
  std::unique_ptr<SecretStore> secrets_{make_sqlite_secrets(parts())};
  std::unique_ptr<AnswerStore> answers_{make_sqlite_answers(parts())};
  std::unique_ptr<UserStore> users_{make_sqlite_users(parts())};
  std::unique_ptr<SessionStore> sessions_{make_sqlite_sessions(parts())};
  std::unique_ptr<AuditStore> audit_{make_sqlite_audit(parts())};
};

Error cannot(std::string const& what, fs::path const& path, int code) {
  Error error = make_error(
      code == EEXIST ? ErrorKind::conflict : ErrorKind::unavailable,
      "cannot " + what + " " + path.string() + ": " + std::generic_category().message(code));
  error.remedy = code == EEXIST ? "choose another file name"
                                : "check owner, rights and free space of that folder";
  return error;
}

// SQLite gives the files beside it (-wal, -shm) the mode of this one.
Result<void> make_private_file(fs::path const& file, int extra_flags) {
  int const fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | extra_flags, 0600);
  if (fd < 0) return cannot("make or write", file, errno);
  ::close(fd);
  return {};
}

Result<void> make_folder(fs::path const& folder) {
  std::error_code code;
  bool const made = fs::create_directories(folder, code);
  if (!code && made) fs::permissions(folder, fs::perms::owner_all, code);
  if (code) return cannot("make the folder", folder, code.value());
  return {};
}

Result<void> sync_to_disk(fs::path const& path) {
  int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return cannot("sync", path, errno);
  int const code = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (code != 0) return cannot("sync", path, code);
  return {};
}

Result<std::unique_ptr<Database>> open_writer(fs::path const& file,
                                              SqliteStoreOptions const& options) {
  FAIRLEAD_CHECK(make_private_file(file, 0));
  FAIRLEAD_TRY(auto database, Database::open(file, Database::Access::read_write));
  if (options.pages_max > 0) {
    FAIRLEAD_CHECK(database->execute("PRAGMA max_page_count=" + std::to_string(options.pages_max)));
  }
  auto migrated = migrate(*database, migrations());
  if (migrated.ok()) return database;
  migrated.error().where = file.string();
  return migrated.error();
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(SqliteStoreOptions const& options,
                                                 Clock const& clock) {
  FAIRLEAD_CHECK(make_folder(options.folder));
  FAIRLEAD_TRY(FolderLock lock, FolderLock::take(options.folder));
  fs::path const file = options.folder / sqlite_file_name;
  FAIRLEAD_TRY(auto database, open_writer(file, options));
  std::vector<std::unique_ptr<Database>> readers;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.readers); ++i) {
    FAIRLEAD_TRY(auto reader, Database::open(file, Database::Access::read_only));
    readers.push_back(std::move(reader));
  }
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(lock), std::move(database),
                                                              std::move(readers), clock));
}

Result<void> backup_sqlite(fs::path const& folder, fs::path const& target) {
  fs::path const file = folder / sqlite_file_name;
  if (!fs::exists(file)) {
    return make_error(ErrorKind::not_found, "There is no database in " + folder.string() + ".");
  }
  FAIRLEAD_TRY(auto source, Database::open(file, Database::Access::read_only));
  // VACUUM INTO counts as a write, though the source is opened read-only.
  FAIRLEAD_CHECK(source->execute("PRAGMA query_only=OFF"));
  // VACUUM INTO accepts an empty file: made first, so that the copy is never readable by others.
  FAIRLEAD_CHECK(make_private_file(target, O_EXCL));
  Result<void> copied =
      source->query("VACUUM INTO ?").bind(std::string_view(target.native())).run();
  if (copied.ok()) copied = sync_to_disk(target);
  if (copied.ok()) return sync_to_disk(fs::absolute(target).parent_path());
  std::error_code ignored;
  fs::remove(target, ignored);
  copied.error().message = "cannot back up to " + target.string() + ": " + copied.error().message;
  return copied;
}

}  // namespace fairlead::store
