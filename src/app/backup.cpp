// fairlead backup and restore: a copy of the database, also while a server runs, and back.
#include <filesystem>
#include <iostream>

#include "app/programs.h"
#include "store/sqlite/sqlite_store.h"

namespace fairlead::app {
namespace {

std::string folder_of(cli::BackupOptions const& options) {
  return options.data.empty() ? cli::default_data_folder() : options.data;
}

}  // namespace

int backup(cli::BackupOptions const& options) {
  std::string const folder = folder_of(options);
  auto done = store::backup_sqlite(folder, options.file);
  if (!done.ok()) return fail(done.error());
  std::error_code none;
  auto const bytes = std::filesystem::file_size(options.file, none);
  std::cout << "Copied the database of " << folder << " to " << options.file << " ("
            << (bytes + 1'023) / 1'024 << " KiB).\n"
            << "The master key is not in it: keep a copy of that elsewhere.\n";
  return 0;
}

int restore(cli::BackupOptions const& options) {
  std::string const folder = folder_of(options);
  auto done = store::restore_sqlite(options.file, folder);
  if (!done.ok()) return fail(done.error());
  std::cout << "Restored " << options.file << " into " << folder << ".\n";
  if (!std::filesystem::exists(std::filesystem::path(folder) / "master.key"))
    std::cout << "Put the master key that belongs to it there, as master.key (0600), unless it "
                 "comes from elsewhere.\n";
  std::cout << "Then: fairlead serve --data-folder " << folder << '\n';
  return 0;
}

}  // namespace fairlead::app
