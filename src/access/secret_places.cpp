#include "access/secret_places.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <system_error>

#include "access/stored_secrets.h"

namespace fairlead::access {
namespace {

namespace fs = std::filesystem;

// An open file.
class File {
 public:
  explicit File(fs::path const& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(File const&) = delete;
  File& operator=(File const&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int const descriptor_;
};

Error unusable(ErrorKind kind, fs::path const& path, std::string const& what,
               std::string const& remedy) {
  auto error =
      make_error(kind, "The secret in " + path.string() + " cannot be used: " + what + ".");
  error.remedy = remedy;
  return error;
}

Result<Secret> read_value(File const& file, fs::path const& path, std::size_t size) {
  if (size > secret_bytes_max)
    return unusable(ErrorKind::corrupt, path, "it is larger than 64 KiB",
                    "Put nothing but the secret into the file.");
  std::string text(secret_bytes_max + 1, '\0');
  auto const got = ::read(file.descriptor(), text.data(), text.size());
  if (got < 0) {
    return unusable(ErrorKind::unavailable, path, std::generic_category().message(errno),
                    "Check the file.");
  }
  Secret value(text.substr(0, static_cast<std::size_t>(got)));
  wipe(text);
  std::string_view plain = value.reveal();
  if (plain.ends_with('\n')) plain.remove_suffix(1);
  if (plain.ends_with('\r')) plain.remove_suffix(1);
  return Secret(std::string(plain));
}

class FolderSecrets final : public SecretSource {
 public:
  explicit FolderSecrets(fs::path folder) : folder_(std::move(folder)) {}

  Result<std::optional<Secret>> find(std::string_view name) override {
    // Nothing that could leave the folder.
    if (!is_secret_name(name)) return std::optional<Secret>();
    fs::path const path = folder_ / name;
    File const file(path);
    if (file.descriptor() < 0) {
      if (errno == ENOENT) return std::optional<Secret>();
      return unusable(ErrorKind::unavailable, path, std::generic_category().message(errno),
                      "Let this user read the file.");
    }
    struct stat about {};
    if (::fstat(file.descriptor(), &about) != 0 || !S_ISREG(about.st_mode))
      return unusable(ErrorKind::unavailable, path, "it is no file", "Put a file there.");
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      return unusable(ErrorKind::denied, path, "others may read or write it",
                      "Run: chmod 600 " + path.string());
    }
    FAIRLEAD_TRY(auto value, read_value(file, path, static_cast<std::size_t>(about.st_size)));
    return std::optional<Secret>(std::move(value));
  }

  Result<std::vector<SecretListing>> list() override {
    std::vector<SecretListing> all;
    std::error_code code;
    for (fs::directory_iterator each(folder_, code), end; !code && each != end;
         each.increment(code)) {
      std::string const name = each->path().filename().string();
      if (is_secret_name(name)) all.push_back({.name = name, .source = "folder"});
    }
    return all;
  }

 private:
  fs::path const folder_;
};

std::string variable_of(std::string_view name) {
  std::string variable(secret_variable_prefix);
  for (char const c : name)
    variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

class EnvironmentSecrets final : public SecretSource {
 public:
  explicit EnvironmentSecrets(SecretVariables variables) : variables_(std::move(variables)) {}

  Result<std::optional<Secret>> find(std::string_view name) override {
    auto const found = variables_.find(variable_of(name));
    if (found == variables_.end()) return std::optional<Secret>();
    return std::optional<Secret>(found->second);
  }

  // A variable's name does not tell how the workflow spells the secret: lower case is the guess.
  Result<std::vector<SecretListing>> list() override {
    std::vector<SecretListing> all;
    for (auto const& [variable, value] : variables_) {
      std::string name = variable.substr(secret_variable_prefix.size());
      for (char& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      all.push_back({.name = std::move(name), .source = "environment"});
    }
    return all;
  }

 private:
  SecretVariables const variables_;
};

}  // namespace

std::unique_ptr<SecretSource> make_folder_secrets(fs::path folder) {
  return std::make_unique<FolderSecrets>(std::move(folder));
}

std::unique_ptr<SecretSource> make_environment_secrets(SecretVariables variables) {
  return std::make_unique<EnvironmentSecrets>(std::move(variables));
}

}  // namespace fairlead::access
