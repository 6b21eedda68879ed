// A backup becomes the database of an empty data folder.
#include <fcntl.h>
#include <unistd.h>

#include "store/sqlite/folder_lock.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/sqlite_store.h"

namespace fairlead::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view unfinished_suffix = ".restoring";

Error no_backup(fs::path const& backup, std::string cause) {
  Error error = invalid_input(backup.string(), backup.string() + " is no backup of Fairlead.");
  error.cause = std::move(cause);
  error.remedy = "Name a file that `fairlead backup` wrote.";
  return error;
}

// Whole, ours, and brought to the schema of this program.
Result<void> check_and_migrate(fs::path const& copy, fs::path const& backup) {
  auto opened = Database::open(copy, Database::Access::read_write);
  if (!opened.ok()) return no_backup(backup, opened.error().message);
  auto& database = *opened;
  auto const version = database->integer("PRAGMA user_version");
  if (!version.ok()) return no_backup(backup, version.error().message);
  if (*version == 0) return no_backup(backup, "It has no schema.");
  Query check = database->query("PRAGMA quick_check(1)");
  auto const row = check.step();
  if (!row.ok()) return no_backup(backup, row.error().message);
  if (check.text(0) != "ok") return no_backup(backup, "It is damaged: " + check.text(0));
  return migrate(*database, migrations());
}

Result<void> copy_privately(fs::path const& from, fs::path const& to) {
  std::error_code code;
  fs::remove(to, code);
  int const fd = ::open(to.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) fs::copy_file(from, to, fs::copy_options::overwrite_existing, code);
  bool const written = fd >= 0 && !code && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (written) return {};
  Error error = make_error(ErrorKind::unavailable, "The backup " + from.string() +
                                                       " cannot be copied to " + to.string() + ".");
  if (code) error.cause = code.message();
  error.remedy = "Check that both can be read and written, and the free space.";
  return error;
}

Error folder_in_use(fs::path const& file) {
  Error error = make_error(ErrorKind::conflict, "There is a database already: " + file.string());
  error.remedy =
      "Restore into an empty folder (--data-folder), or move that file away together with its -wal "
      "and -shm.";
  return error;
}

}  // namespace

Result<void> restore_sqlite(fs::path const& backup, fs::path const& folder) {
  std::error_code code;
  if (!fs::is_regular_file(backup, code)) return no_backup(backup, "There is no such file.");
  bool const made = fs::create_directories(folder, code);
  if (made) fs::permissions(folder, fs::perms::owner_all, code);
  FAIRLEAD_TRY(FolderLock lock, FolderLock::take(folder));
  fs::path const file = folder / sqlite_file_name;
  for (std::string_view const suffix : {"", "-wal", "-shm"})
    if (fs::exists(file.string() + std::string(suffix))) return folder_in_use(file);
  fs::path const copy = file.string() + std::string(unfinished_suffix);
  auto done = copy_privately(backup, copy);
  if (done.ok()) done = check_and_migrate(copy, backup);
  if (!done.ok()) {
    fs::remove(copy, code);
    return done;
  }
  fs::rename(copy, file, code);
  if (code) {
    return make_error(ErrorKind::unavailable,
                      "The copy cannot be put at " + file.string() + ": " + code.message() + ".");
  }
  return {};
}

}  // namespace fairlead::store
