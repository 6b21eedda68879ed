// The master key: where it comes from, and refusing it in a clear text when it cannot be trusted.
//
// Looked for in this order, the first one found wins: the systemd credential `fairlead-master-key`,
// the file `master.key` in the data folder, the environment variable FAIRLEAD_MASTER_KEY (base64).
// If there is none, the file is made. Used once at start, by one thread; everything else sees
// vault::Vault.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace fairlead::vault {

inline constexpr std::size_t master_key_bytes = 32;

enum class KeySource { systemd_credential, key_file, environment };

struct MasterKey {
  Secret bytes;  // exactly master_key_bytes
  KeySource source{KeySource::key_file};
  std::string where;  // the path, or the variable's name: for people
};

// If there is no key anywhere: a new one is made, unless there is data that was sealed with one.
enum class KeyMissing { make, refuse };

struct MasterKeyOptions {
  std::filesystem::path data_folder;            // must exist; holds master.key
  std::filesystem::path credentials_directory;  // $CREDENTIALS_DIRECTORY; empty: not under systemd
  Secret environment_key;                       // $FAIRLEAD_MASTER_KEY; empty: not set
  Secret environment_former;                    // $FAIRLEAD_MASTER_KEY_FORMER
  KeyMissing if_missing{KeyMissing::make};
};

// Reads the two variables and removes FAIRLEAD_MASTER_KEY from the environment, so that child
// processes and /proc do not show it. Call it before the first thread starts.
MasterKeyOptions master_key_options_from_environment(std::filesystem::path data_folder);

// Says in the log which source was used and which were ignored, never the key. Errors:
//   invalid_input  the credential, file or variable does not hold 32 bytes (raw or base64)
//   denied         the key file can be read by others, is someone else's, or is no plain file
//   unavailable    a file cannot be read or written
//   not_found      there is none, and none shall be made
Result<MasterKey> load_master_key(MasterKeyOptions const& options, Random& random, Log& log);

// The key before the last rotation, while values sealed with it may be left: the credential
// fairlead-master-key-former, the file master.key.former, FAIRLEAD_MASTER_KEY_FORMER. Nothing:
// there is none, or it is the present one.
Result<std::optional<MasterKey>> load_former_key(MasterKeyOptions const& options,
                                                 MasterKey const& present);

// Makes a new master.key; the present one becomes master.key.former. Killed at any point, the next
// start finds either the old key alone, or the new one with the old as former. Errors: conflict
// (there is a former one: a rotation is not finished), unavailable (files).
Result<MasterKey> replace_key_file(MasterKeyOptions const& options, Random& random);

// Puts master.key.former aside as master.key.retired-<suffix>, for backups made before; gives its
// path, "" if there was none.
Result<std::string> retire_former_key(MasterKeyOptions const& options, std::string const& suffix);

}  // namespace fairlead::vault
