/* What a clock that somebody sets looks like to one process: CLOCK_REALTIME is off by the seconds in
 * the file that SET_CLOCK_FILE names (eight bytes), the monotonic clock goes on as it did.
 *
 * Preloaded into the server by test_clock.py. It asks the kernel itself, so that it needs no memory
 * and no other library: allocators ask for the time while they start. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t const* offset;

__attribute__((constructor)) static void open_offset(void) {
  char const* const path = getenv("SET_CLOCK_FILE");
  int const file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void* const page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) offset = page;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  int const failed = (int)syscall(SYS_clock_gettime, clock, now);
  int const wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (!failed && wall && offset) now->tv_sec += *offset;
  return failed;
}

int gettimeofday(struct timeval* now, void* zone) {
  struct timespec precise;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &precise)) return -1;
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
