#include "expression/jail.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FAIRLEAD_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FAIRLEAD_SANITIZED 1
#endif
#endif

namespace fairlead::expression {
namespace {

// Sanitizers map terabytes of shadow memory.
#ifdef FAIRLEAD_SANITIZED
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

// Bytes of address space in use now; 0 if unknown.
std::size_t address_space() {
  std::array<char, 128> text{};
  int const fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  auto const size = read(fd, text.data(), text.size() - 1);
  close(fd);
  unsigned long pages = 0;
  if (size <= 0 || std::sscanf(text.data(), "%lu", &pages) != 1) return 0;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

bool limit(__rlimit_resource resource, rlim_t value) {
  rlimit const both{value, value};
  return setrlimit(resource, &both) == 0;
}

bool limit_memory(std::size_t bytes) {
  if (sanitized) return true;
  auto const used = address_space();
  return used != 0 && limit(RLIMIT_AS, used + bytes);
}

using Filter = scmp_filter_ctx;

bool allow(Filter filter, int call) {
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
}

bool allow_plain_calls(Filter filter) {
  // Memory, the two open descriptors, time, and an orderly or disorderly end.
  for (int const call :
       {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
        SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(exit),
        SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigaction), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(getpid),
        SCMP_SYS(gettid), SCMP_SYS(sched_yield), SCMP_SYS(getrandom)}) {
    if (!allow(filter, call)) return false;
  }
  return true;
}

bool allow_checked_calls(Filter filter) {
  auto const own = static_cast<scmp_datum_t>(getpid());
  auto const executable = static_cast<scmp_datum_t>(PROT_EXEC);
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                          SCMP_A2(SCMP_CMP_MASKED_EQ, executable, 0)) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                          SCMP_A2(SCMP_CMP_MASKED_EQ, executable, 0)) == 0 &&
         // abort() and the sanitizers signal themselves.
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, own)) ==
             0 &&
         // allow_cpu_seconds: own process, processor time only.
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, SCMP_A0(SCMP_CMP_EQ, 0),
                          SCMP_A1(SCMP_CMP_EQ, RLIMIT_CPU)) == 0;
}

bool filter_calls() {
  // Refused calls fail with EPERM: libjq looks for ~/.jq and for time zones, and lives without.
  Filter filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) return false;
  auto const loaded =
      allow_plain_calls(filter) && allow_checked_calls(filter) && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return loaded;
}

}  // namespace

bool enter_jail(std::size_t memory_bytes) {
  if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit_memory(memory_bytes) &&
         filter_calls();
}

void allow_cpu_seconds(int seconds) {
  timespec used{};
  // lint: allow(banned) the CPU time this process used is no time of day: no Clock can give it.
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  rlimit const both{static_cast<rlim_t>(used.tv_sec + seconds), RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &both);
}

}  // namespace fairlead::expression
