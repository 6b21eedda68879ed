// The store on SQLite: one file, one writer, one server process to a data folder.
//
// open_sqlite_store() makes what is missing, locks the folder, migrates and starts the writer; the
// store's destruction commits what was accepted and gives the lock back. backup_sqlite() copies a
// live database, restore_sqlite() makes such a copy a folder's own. See store.h for threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace fairlead::store {

inline constexpr char sqlite_file_name[] = "fairlead.db";

struct SqliteStoreOptions {
  std::filesystem::path folder;  // made (0700) if missing; the database inside is 0600
  std::size_t readers{4};        // connections for queries at the same time
  std::int64_t pages_max{
      0};  // of 4 KiB; 0: SQLite's own limit. A full database reports a full disk.
};

// Blocks (milliseconds). `clock` outlives the store. Errors:
//   conflict     another server uses the folder; a newer Fairlead or another program wrote the file
//   unavailable  the folder or the file cannot be made, read or written
//   corrupt      not a database, or damaged
Result<std::unique_ptr<Store>> open_sqlite_store(SqliteStoreOptions const& options,
                                                 Clock const& clock);

// Writes a consistent, compact copy of the folder's database to the new file `target` (0600), also
// while a server runs. conflict: `target` exists. not_found: no database in the folder.
Result<void> backup_sqlite(std::filesystem::path const& folder,
                           std::filesystem::path const& target);

// Makes a backup the database of a folder that has none, and of this program's schema.
// invalid_input: no backup of ours, or damaged. conflict: the folder has a database or a server, or
// the backup is of a newer Fairlead.
Result<void> restore_sqlite(std::filesystem::path const& backup,
                            std::filesystem::path const& folder);

}  // namespace fairlead::store
