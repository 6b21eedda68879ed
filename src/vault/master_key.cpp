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
Result<std::optional<MasterKey>> from_credential(MasterKeyOptions const& options) {
  if (options.credentials_directory.empty()) return std::optional<MasterKey>();
  fs::path const path = options.credentials_directory / credential_name;
  Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return std::optional<MasterKey>();
  if (file.get() < 0) return cannot("read the systemd credential", path);
  FAIRLEAD_TRY(Secret const text, read_all(file, path));
  FAIRLEAD_TRY(Secret key, decode_key(text, "the systemd credential " + path.string()));
  return std::optional(MasterKey{std::move(key), KeySource::systemd_credential, credential_name});
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

// Written whole under another name, then linked: a crash never leaves half a key, and of two
// processes that start at once the second one uses the key of the first.
Result<MasterKey> make_file(fs::path const& path, Random& random) {
  fs::path const fresh = path.string() + "." + random_hex(random, 8);
  Secret const text = fresh_key_text(random);
  Descriptor const file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0) return cannot("make the master key file", fresh);
  auto const written = write_durably(file, text.reveal(), fresh);
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
  if (char* text = std::getenv(variable_name)) {
    options.environment_key = Secret(text);
    // The copy that /proc/<pid>/environ shows is this very memory.
    for (char* c = text; *c != '\0'; ++c)
      *static_cast<char volatile*>(c) = 'x';
    ::unsetenv(variable_name);
  }
  return options;
}

Result<MasterKey> load_master_key(MasterKeyOptions const& options, Random& random, Log& log) {
  fs::path const file = options.data_folder / file_name;
  FAIRLEAD_TRY(auto key, from_credential(options));
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
  FAIRLEAD_TRY(MasterKey made, make_file(file, random));
  log.info("master key made: keep a copy of it apart from the backups",
           {{"source", file.string()}});
  return made;
}

}  // namespace fairlead::vault
