#include "testing/slow_disk.h"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <mutex>

#include "base/assert.h"
#include "base/pause.h"

namespace fairlead::testing {
namespace {

// The Unix file system has a table of functions for each way of locking, two of them in use.
constexpr std::size_t tables_max = 8;

// SQLite calls the file system through tables that outlive every database: one of each for the
// process.
struct SlowDisk {
  struct Table {
    sqlite3_io_methods const* real{nullptr};
    sqlite3_io_methods slow{};
  };
  sqlite3_vfs* real{nullptr};
  sqlite3_vfs vfs{};
  std::mutex mutex;
  std::array<Table, tables_max> tables;
  // The same in every table.
  int (*real_sync)(sqlite3_file*, int){nullptr};
  std::atomic<std::int64_t> delay_ms{0};
};

SlowDisk& slow_disk() {
  static SlowDisk disk;
  return disk;
}

int slow_sync(sqlite3_file* file, int flags) {
  SlowDisk& disk = slow_disk();
  int const result = disk.real_sync(file, flags);
  if (auto const delay = disk.delay_ms.load(); delay > 0) {
    InterruptiblePause().wait(Milliseconds(delay));
  }
  return result;
}

sqlite3_io_methods const* slow_table(SlowDisk& disk, sqlite3_io_methods const* real) {
  std::lock_guard const lock(disk.mutex);
  for (auto& table : disk.tables) {
    if (table.real == nullptr) {
      FAIRLEAD_ASSERT(disk.real_sync == nullptr || disk.real_sync == real->xSync,
                      "all files are synced by one function");
      disk.real_sync = real->xSync;
      table.real = real;
      table.slow = *real;
      table.slow.xSync = slow_sync;
    }
    if (table.real == real) return &table.slow;
  }
  FAIRLEAD_ASSERT(false, "the file system has few tables");
  return real;
}

int open_slow(sqlite3_vfs*, char const* name, sqlite3_file* file, int flags, int* flags_out) {
  SlowDisk& disk = slow_disk();
  int const result = disk.real->xOpen(disk.real, name, file, flags, flags_out);
  if (result == SQLITE_OK && file->pMethods != nullptr)
    file->pMethods = slow_table(disk, file->pMethods);
  return result;
}

}  // namespace

void set_sync_delay(Milliseconds delay) {
  SlowDisk& disk = slow_disk();
  disk.delay_ms = delay.count();
  if (disk.real != nullptr) return;
  disk.real = sqlite3_vfs_find(nullptr);
  FAIRLEAD_ASSERT(disk.real != nullptr, "SQLite has a file system");
  disk.vfs = *disk.real;
  disk.vfs.zName = "fairlead-slow-disk";
  disk.vfs.xOpen = open_slow;
  int const registered = sqlite3_vfs_register(&disk.vfs, 1);
  FAIRLEAD_ASSERT(registered == SQLITE_OK, "a file system can be registered");
}

}  // namespace fairlead::testing
