#include "vault/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>

#include "base/text.h"

namespace fairlead::vault {
namespace {

namespace fs = std::filesystem;

constexpr char credential_name[] = "fairlead-master-key";
constexpr char file_name[] = "master.key";
constexpr char variable_name[] = "FAIRLEAD_MASTER_KEY";
constexpr char former_credential_name[] = "fairlead-master-key-former";
constexpr char former_file_name[] = "master.key.former";
constexpr char former_variable_name[] = "FAIRLEAD_MASTER_KEY_FORMER";
// Base64 of 32 bytes is 44 characters; anything much longer is some other file.
constexpr std::size_t key_file_bytes_max = 256;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Error cannot(std::string const& what, fs::path const& path) {
  std::string const reason = std::generic_category().message(errno);
  Error error =
      make_error(ErrorKind::unavailable, "cannot " + what + " " + path.string() + ": " + reason);
  error.remedy = "check owner and rights of the folder " + path.parent_path().string();
  return error;
}

// 32 raw bytes, or their base64 with or without a newline.
Result<Secret> decode_key(Secret const& text, std::string const& where) {
  if (text.size() == master_key_bytes) return text;
  auto bytes = base64_decode(trim(text.reveal()));
  if (bytes && bytes->size() == master_key_bytes) return Secret(std::move(*bytes));
  if (bytes) wipe(*bytes);
  Error error = make_error(ErrorKind::invalid_input,
                           "the master key in " + where + " is not a key of 32 bytes");
  error.remedy = "put 32 random bytes in base64 there, e.g. from: openssl rand -base64 32";
  return error;
}

Result<Secret> read_all(Descriptor const& file, fs::path const& path) {
  std::string text(key_file_bytes_max, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    ssize_t const got = ::read(file.get(), text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", path);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  text.resize(length);
  return Secret(std::move(text));
}

Error untrusted(fs::path const& path, std::string const& why, std::string const& remedy) {
  Error error = make_error(ErrorKind::denied,
                           "the master key file " + path.string() + " is not used: " + why);
  error.title = "Master key file is not safe";
  error.remedy = remedy;
  return error;
}

Result<void> check_rights(Descriptor const& file, fs::path const& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return cannot("look at", path);
  if (!S_ISREG(status.st_mode)) {
    return untrusted(path, "it is not a plain file", "put the key itself there");
  }
  if (status.st_uid != ::geteuid()) {
    return untrusted(
        path, "it belongs to another user (uid " + std::to_string(status.st_uid) + ")",
        "chown it to the user Fairlead runs as (uid " + std::to_string(::geteuid()) + ")");
  }
  if ((status.st_mode & 077U) != 0) {
    return untrusted(path, "other users can read or change it",
                     "chmod 600 " + path.string() +
                         "; if others could have read it, replace the key and sign in again");
  }
  return {};
}

// Nothing if there is no such file.
Result<std::optional<MasterKey>> from_credential(MasterKeyOptions const& options,
                                                 char const* name) {
  if (options.credentials_directory.empty()) return std::optional<MasterKey>();
  fs::path const path = options.credentials_directory / name;
  Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return std::optional<MasterKey>();
  if (file.get() < 0) return cannot("read the systemd credential", path);
  FAIRLEAD_TRY(Secret const text, read_all(file, path));
  FAIRLEAD_TRY(Secret key, decode_key(text, "the systemd credential " + path.string()));
  return std::optional(MasterKey{std::move(key), KeySource::systemd_credential, name});
}

Result<std::optional<MasterKey>> from_file(fs::path const& path) {
  Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0 && errno == ENOENT) return std::optional<MasterKey>();
  if (file.get() < 0 && errno == ELOOP) {
    return untrusted(path, "it is a symbolic link", "put the key itself there");
  }
  if (file.get() < 0) return cannot("read the master key file", path);
  FAIRLEAD_CHECK(check_rights(file, path));
  FAIRLEAD_TRY(Secret const text, read_all(file, path));
  FAIRLEAD_TRY(Secret key, decode_key(text, path.string()));
  return std::optional(MasterKey{std::move(key), KeySource::key_file, path.string()});
}

Result<void> write_durably(Descriptor const& file, std::string_view text, fs::path const& path) {
  while (!text.empty()) {
    ssize_t const put = ::write(file.get(), text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return cannot("write", path);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  if (::fsync(file.get()) != 0) return cannot("write", path);
  return {};
}

Result<void> sync_folder(fs::path const& folder) {
  Descriptor const file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) return cannot("sync the folder", folder / ".");
  return {};
}

Secret fresh_key_text(Random& random) {
  std::string key(master_key_bytes, '\0');
  random.fill(std::as_writable_bytes(std::span(key)));
  Secret text(base64_encode(key) + "\n");
  wipe(key);
  return text;
}

Result<void> write_fresh_key(fs::path const& fresh, Random& random) {
  Secret const text = fresh_key_text(random);
  Descriptor const file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0) return cannot("make the master key file", fresh);
  return write_durably(file, text.reveal(), fresh);
}

// Written whole under another name, then linked: a crash never leaves half a key, and of two
// processes that start at once the second one uses the key of the first.
Result<MasterKey> make_file(fs::path const& path, Random& random) {
  fs::path const fresh = path.string() + "." + random_hex(random, 8);
  auto const written = write_fresh_key(fresh, random);
  bool const linked = written.ok() && ::link(fresh.c_str(), path.c_str()) == 0;
  int const link_error = errno;
  ::unlink(fresh.c_str());
  FAIRLEAD_CHECK(written);
  errno = link_error;
  if (!linked && errno != EEXIST) return cannot("make the master key file", path);
  FAIRLEAD_CHECK(sync_folder(path.parent_path()));
  FAIRLEAD_TRY(auto key, from_file(path));
  if (!key) return cannot("read the master key file", path);
  return std::move(*key);
}

Result<std::optional<MasterKey>> from_environment(MasterKeyOptions const& options) {
  if (options.environment_key.empty()) return std::optional<MasterKey>();
  FAIRLEAD_TRY(Secret key, decode_key(options.environment_key, variable_name));
  return std::optional(MasterKey{std::move(key), KeySource::environment, variable_name});
}

Secret take_variable(char const* name) {
  char* const text = std::getenv(name);
  if (text == nullptr) return {};
  Secret value(text);
  // The copy that /proc/<pid>/environ shows is this very memory.
  for (char* c = text; *c != '\0'; ++c)
    *static_cast<char volatile*>(c) = 'x';
  ::unsetenv(name);
  return value;
}

Error no_key(fs::path const& file) {
  Error error =
      make_error(ErrorKind::not_found, "There is no master key at " + file.string() + ".");
  error.title = "Master key missing";
  error.cause = "The data in this folder was sealed with one: a new one would open nothing of it.";
  error.remedy =
      "Give the key back that belongs to this database: as the systemd credential "
      "fairlead-master-key, the file master.key in the data folder, or FAIRLEAD_MASTER_KEY.";
  return error;
}

void warn_of_ignored(MasterKeyOptions const& options, MasterKey const& used, Log& log) {
  fs::path const file = options.data_folder / file_name;
  if (used.source == KeySource::systemd_credential && fs::exists(file)) {
    log.warning("master key file ignored: the systemd credential comes first",
                {{"file", file.string()}});
  }
  if (used.source != KeySource::environment && !options.environment_key.empty()) {
    log.warning("FAIRLEAD_MASTER_KEY ignored: another source comes first", {{"used", used.where}});
  }
}

}  // namespace

MasterKeyOptions master_key_options_from_environment(fs::path data_folder) {
  MasterKeyOptions options{.data_folder = std::move(data_folder)};
  if (char const* folder = std::getenv("CREDENTIALS_DIRECTORY")) {
    options.credentials_directory = folder;
  }
  options.environment_key = take_variable(variable_name);
  options.environment_former = take_variable(former_variable_name);
  return options;
}

Result<MasterKey> load_master_key(MasterKeyOptions const& options, Random& random, Log& log) {
  fs::path const file = options.data_folder / file_name;
  FAIRLEAD_TRY(auto key, from_credential(options, credential_name));
  if (!key) {
    FAIRLEAD_TRY(key, from_file(file));
  }
  if (!key) {
    FAIRLEAD_TRY(key, from_environment(options));
    if (key) {
      log.warning("the master key comes from the environment, where other processes may see it",
                  {{"better", "a systemd credential or the file master.key"}});
    }
  }
  if (key) {
    log.info("master key found", {{"source", key->where}});
    warn_of_ignored(options, *key, log);
    return std::move(*key);
  }
  if (options.if_missing == KeyMissing::refuse) return no_key(file);
  FAIRLEAD_TRY(MasterKey made, make_file(file, random));
  log.info("master key made: keep a copy of it apart from the backups",
           {{"source", file.string()}});
  return made;
}

Result<std::optional<MasterKey>> load_former_key(MasterKeyOptions const& options,
                                                 MasterKey const& present) {
  FAIRLEAD_TRY(auto key, from_credential(options, former_credential_name));
  if (!key) {
    FAIRLEAD_TRY(key, from_file(options.data_folder / former_file_name));
  }
  if (!key && !options.environment_former.empty()) {
    FAIRLEAD_TRY(Secret bytes, decode_key(options.environment_former, former_variable_name));
    key = MasterKey{std::move(bytes), KeySource::environment, former_variable_name};
  }
  // Killed between the link and the rename of a rotation: both files hold the present key.
  if (key && key->bytes.reveal() == present.bytes.reveal()) return std::optional<MasterKey>();
  return key;
}

Result<MasterKey> replace_key_file(MasterKeyOptions const& options, Random& random) {
  fs::path const file = options.data_folder / file_name;
  fs::path const former = options.data_folder / former_file_name;
  FAIRLEAD_TRY(auto const present, from_file(file));
  if (!present) return cannot("read the master key file", file);
  FAIRLEAD_TRY(auto const left, from_file(former));
  if (left && left->bytes.reveal() != present->bytes.reveal()) {
    Error error = make_error(ErrorKind::conflict, "the last rotation of the master key goes on");
    error.remedy = "wait until `fairlead key status` says that it is done";
    return error;
  }
  fs::path const fresh = file.string() + "." + random_hex(random, 8);
  FAIRLEAD_CHECK(write_fresh_key(fresh, random));
  if (!left && ::link(file.c_str(), former.c_str()) != 0) return cannot("link", former);
  FAIRLEAD_CHECK(sync_folder(options.data_folder));
  if (::rename(fresh.c_str(), file.c_str()) != 0) return cannot("rename", fresh);
  FAIRLEAD_CHECK(sync_folder(options.data_folder));
  FAIRLEAD_TRY(auto made, from_file(file));
  if (!made) return cannot("read the master key file", file);
  return std::move(*made);
}

Result<std::string> retire_former_key(MasterKeyOptions const& options, std::string const& suffix) {
  fs::path const former = options.data_folder / former_file_name;
  fs::path const retired = options.data_folder / ("master.key.retired-" + suffix);
  if (::rename(former.c_str(), retired.c_str()) != 0) {
    if (errno == ENOENT) return std::string();
    return cannot("rename", former);
  }
  FAIRLEAD_CHECK(sync_folder(options.data_folder));
  return retired.string();
}

}  // namespace fairlead::vault
