// Secrets behind a command of the operator: a password manager's client, say.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "access/secret_places.h"
#include "access/stored_secrets.h"

namespace fairlead::access {
namespace {

constexpr int poll_slice_ms = 100;
constexpr int reap_rounds_max = 50;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  void close() {
    if (value_ >= 0) ::close(value_);
    value_ = -1;
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

// Kills its whole group when it goes out of scope, if it still runs.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  Child(Child const&) = delete;
  Child& operator=(Child const&) = delete;

  // The exit code once it has ended, -1 if a signal ended it; nothing: still running.
  std::optional<int> ended() {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_;
};

class CommandSecrets final : public SecretSource {
 public:
  CommandSecrets(SecretCommandOptions options, Clock const& clock)
      : options_(std::move(options)), clock_(clock) {}

  Result<std::optional<Secret>> find(std::string_view name) override {
    if (!is_secret_name(name)) return std::optional<Secret>();
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed("no pipe could be made");
    Descriptor reading(ends[0]);
    Descriptor writing(ends[1]);
    FAIRLEAD_TRY(pid_t const pid, start(std::string(name), writing.get()));
    Child child(pid);
    writing.close();
    FAIRLEAD_TRY(auto output, read_all(reading.get()));
    return value_of(child, std::move(output));
  }

  Result<std::vector<SecretListing>> list() override { return std::vector<SecretListing>(); }

 private:
  [[nodiscard]] Error failed(std::string const& why) const {
    auto error = make_error(ErrorKind::unavailable, "The command for secrets, " + options_.program +
                                                        ", failed: " + why + ".");
    error.remedy =
        "Run it by hand as the server's user, with a secret's name: it must print the value and "
        "end with 0, or with 1 if there is none.";
    return error;
  }

  // With its own process group, no input, and stderr to nowhere.
  Result<pid_t> start(std::string name, int output) const {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    std::string program = options_.program;
    std::array<char*, 3> arguments{program.data(), name.data(), nullptr};
    std::vector<std::string> environment = options_.environment;
    std::vector<char*> variables;
    for (auto& each : environment)
      variables.push_back(each.data());
    variables.push_back(nullptr);
    pid_t pid = 0;
    int const code = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments.data(),
                                   variables.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (code != 0) return failed(std::generic_category().message(code));
    return pid;
  }

  Result<std::string> read_all(int from) const {
    Milliseconds const deadline = clock_.steady() + options_.timeout;
    std::string output;
    std::array<char, 4096> piece{};
    for (;;) {
      if (clock_.steady() >= deadline) return failed("it took too long");
      pollfd waiting{.fd = from, .events = POLLIN, .revents = 0};
      if (::poll(&waiting, 1, poll_slice_ms) <= 0) continue;
      auto const got = ::read(from, piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed(std::generic_category().message(errno));
      if (got == 0) break;
      output.append(piece.data(), static_cast<std::size_t>(got));
      if (output.size() > secret_bytes_max) {
        wipe(output);
        return failed("it printed more than 64 KiB");
      }
    }
    explicit_bzero(piece.data(), piece.size());
    return output;
  }

  Result<std::optional<Secret>> value_of(Child& child, std::string output) const {
    if (output.ends_with('\n')) output.pop_back();
    Secret value(std::move(output));
    auto code = child.ended();
    for (int i = 0; !code && i < reap_rounds_max; ++i) {
      ::poll(nullptr, 0, poll_slice_ms / 10);  // it has closed its output and is about to end
      code = child.ended();
    }
    if (!code) return failed("it closed its output but did not end");
    if (*code == 1 && value.empty()) return std::optional<Secret>();
    if (*code != 0) return failed("it ended with code " + std::to_string(*code));
    return std::optional<Secret>(std::move(value));
  }

  SecretCommandOptions const options_;
  Clock const& clock_;
};

}  // namespace

std::unique_ptr<SecretSource> make_command_secrets(SecretCommandOptions options,
                                                   Clock const& clock) {
  return std::make_unique<CommandSecrets>(std::move(options), clock);
}

}  // namespace fairlead::access
