#include "expression/helper_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

#include "expression/jq_helper.h"

namespace fairlead::expression {
namespace {

// How often a waiting owner looks whether the helper has used its time up.
constexpr Milliseconds look_every{25};

// The file actions of one start; freed at the end of the scope.
class SpawnActions {
 public:
  explicit SpawnActions(int socket) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, socket, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, socket, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    // A group of its own: Ctrl-C on the terminal is for the server, which ends its helpers itself.
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_,
        static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP));
  }
  ~SpawnActions() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnActions(SpawnActions const&) = delete;
  SpawnActions& operator=(SpawnActions const&) = delete;
  [[nodiscard]] posix_spawn_file_actions_t const* actions() const { return &actions_; }
  [[nodiscard]] posix_spawnattr_t const* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

Error cannot_start(int code) {
  auto error = make_error(ErrorKind::unavailable,
                          std::string("The expression helper could not be started: ") +
                              std::generic_category().message(code) + ".");
  error.remedy =
      "Look whether the server may start processes (systemd: no MemoryDenyWriteExecute or "
      "TasksMax in the way).";
  return error;
}

Error too_slow(Milliseconds allowed) {
  return make_error(
      ErrorKind::timed_out,
      "The expression used up the " + std::to_string(allowed.count()) +
          " ms of processor time that it may take, and was stopped. It probably loops without end, "
          "or works on very much data.");
}

}  // namespace

HelperProcess::HelperProcess(Options options) : options_(std::move(options)) {}

HelperProcess::~HelperProcess() { kill(); }

Result<void> HelperProcess::ensure_started() {
  if (alive()) return {};
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return cannot_start(errno);
  std::vector<char*> arguments;
  for (auto& argument : options_.command)
    arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  std::array<char*, 1> environment{nullptr};
  SpawnActions const spawn(ends[1]);
  auto const code = posix_spawn(&pid_, arguments[0], spawn.actions(), spawn.attributes(),
                                arguments.data(), environment.data());
  close(ends[1]);
  if (code != 0) {
    close(ends[0]);
    pid_ = -1;
    return cannot_start(code);
  }
  fd_ = ends[0];
  fcntl(fd_, F_SETFL, O_NONBLOCK);
  return {};
}

void HelperProcess::kill() { end(); }

int HelperProcess::end() {
  if (!alive()) return 0;
  int status = 0;
  // What ended by itself keeps its own status.
  ::kill(pid_, SIGKILL);
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  close(fd_);
  pid_ = -1;
  fd_ = -1;
  recent_.clear();
  programs_.clear();
  return status;
}

Milliseconds HelperProcess::cpu_used() const {
  clockid_t clock = 0;
  timespec used{};
  // lint: allow(banned) the CPU time a child used is no time of day: no Clock can give it.
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &used) != 0) return {};
  return Milliseconds(used.tv_sec * 1000 + used.tv_nsec / 1'000'000);
}

Error HelperProcess::died() {
  auto const status = end();
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return too_slow(allowed_);
  return make_error(
      ErrorKind::unavailable,
      "The expression broke its helper process, which was restarted. It probably needs more "
      "memory than the 64 MB it may have, or nests without end.");
}

Result<void> HelperProcess::wait_for(short events, TimeBudget budget) {
  pollfd poll_entry{fd_, events, 0};
  for (;;) {
    auto const ready = poll(&poll_entry, 1, static_cast<int>(look_every.count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return died();
    waited_ += look_every;
    // Wall time alone would punish expressions for a busy machine.
    auto const spent = waited_ >= budget.cpu && cpu_used() - cpu_at_start_ >= budget.cpu;
    if (spent || waited_ >= budget.wall) {
      kill();
      return too_slow(allowed_);
    }
  }
}

Result<void> HelperProcess::send_all(std::string_view bytes, TimeBudget budget) {
  while (!bytes.empty()) {
    auto const sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
      FAIRLEAD_CHECK(wait_for(POLLOUT, budget));
    } else {
      return died();
    }
  }
  return {};
}

Result<Frame> HelperProcess::receive(TimeBudget budget) {
  FrameDecoder decoder;
  std::array<char, 16 * 1024> buffer{};
  for (;;) {
    auto const got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got > 0) {
      decoder.feed(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
      if (decoder.state() == FrameDecoder::State::whole) return decoder.take();
      if (decoder.state() == FrameDecoder::State::broken) {
        kill();
        return make_error(ErrorKind::internal, "The expression helper answered nonsense.");
      }
    } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      FAIRLEAD_CHECK(wait_for(POLLIN, budget));
    } else {
      return died();
    }
  }
}

Result<Frame> HelperProcess::ask(FrameKind kind, std::string_view payload, TimeBudget budget) {
  waited_ = Milliseconds(0);
  allowed_ = budget.cpu;
  cpu_at_start_ = cpu_used();
  FAIRLEAD_CHECK(send_all(encode_frame(kind, payload), budget));
  return receive(budget);
}

std::optional<unsigned char> HelperProcess::slot_of(std::string const& program) {
  auto const found = programs_.find(program);
  if (found == programs_.end()) return std::nullopt;
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->slot;
}

unsigned char HelperProcess::make_slot() {
  if (programs_.size() < options_.programs_max) return static_cast<unsigned char>(programs_.size());
  auto const slot = recent_.back().slot;
  programs_.erase(recent_.back().text);
  recent_.pop_back();
  return slot;
}

void HelperProcess::remember(std::string const& program, unsigned char slot) {
  recent_.push_front({program, slot});
  programs_[program] = recent_.begin();
}

}  // namespace fairlead::expression
