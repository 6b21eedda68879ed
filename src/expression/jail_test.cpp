// What a process in the jail can no longer do, tried in a child of the test.
#include "expression/jail.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>

namespace fairlead::expression {
namespace {

constexpr std::size_t memory = 64u * 1024 * 1024;

// 0: the attempt was refused; 1: it went through; 2: there was no jail.
int in_jail(std::function<bool()> const& attempt) {
  auto const child = fork();
  if (child == 0) _exit(!enter_jail(memory) ? 2 : attempt() ? 1 : 0);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool maps(std::size_t bytes) {
  return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
         MAP_FAILED;
}

TEST(Jail, keeps_files_network_and_processes_away) {
  struct Case {
    char const* what;
    std::function<bool()> attempt;
  };
  for (auto const& [what, attempt] : std::initializer_list<Case>{
           {"open a file", [] { return open("/etc/hostname", O_RDONLY) >= 0; }},
           {"make a file", [] { return open("made-in-jail", O_CREAT | O_WRONLY, 0600) >= 0; }},
           {"read a link",
            [] {
              std::array<char, 64> to{};
              return readlink("/proc/self/exe", to.data(), to.size()) >= 0;
            }},
           {"open a socket", [] { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }},
           {"open a local socket", [] { return socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }},
           {"make a process", [] { return fork() >= 0; }},
           {"run a program",
            [] {
              std::array<char*, 1> none{nullptr};
              return execve("/bin/true", none.data(), none.data()) == 0 || errno != EPERM;
            }},
           {"change its user", [] { return setuid(getuid()) == 0; }},
           {"signal another process", [] { return kill(getppid(), 0) == 0; }},
           {"lift its limits",
            [] {
              rlimit const all{RLIM_INFINITY, RLIM_INFINITY};
              return setrlimit(RLIMIT_AS, &all) == 0;
            }},
           {"map memory that is executable",
            [] {
              return mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                          0) != MAP_FAILED;
            }},
           {"change the folder", [] { return chdir("/") == 0; }},
       }) {
    EXPECT_EQ(in_jail(attempt), 0) << what;
  }
}

TEST(Jail, leaves_what_a_computation_needs) {
  EXPECT_EQ(in_jail([] { return maps(1u << 20); }), 1);
  EXPECT_EQ(in_jail([] { return write(STDERR_FILENO, "", 0) == 0; }), 1);
}

// Sanitizers map terabytes: there the limit is off, see jail.cpp.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(Jail, limits_memory) {
  EXPECT_EQ(in_jail([] { return maps(memory / 2); }), 1);
  EXPECT_EQ(in_jail([] { return maps(memory * 2); }), 0);
}
#endif

}  // namespace
}  // namespace fairlead::expression
