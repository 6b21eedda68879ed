#include "store/sqlite/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "base/text.h"

namespace fairlead::store {
namespace {

Error folder_in_use(std::filesystem::path const& folder, int fd) {
  std::array<char, 32> holder{};
  ssize_t const length = ::pread(fd, holder.data(), holder.size() - 1, 0);
  std::string const process(length > 0 ? trim(holder.data()) : std::string_view("unknown"));
  Error error = make_error(ErrorKind::conflict, "another Fairlead server (process " + process +
                                                    ") uses the data folder " + folder.string());
  error.title = "Data folder in use";
  error.cause = "with SQLite, one server at a time uses a data folder";
  error.remedy = "stop that server, or give this one another data folder";
  return error;
}

}  // namespace

Result<FolderLock> FolderLock::take(std::filesystem::path const& folder) {
  std::filesystem::path const file = folder / "fairlead.lock";
  FolderLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  bool const opened = lock.fd_ >= 0;
  if (opened && ::flock(lock.fd_, LOCK_EX | LOCK_NB) == 0) {
    // The number is for the message above only; the lock itself is the kernel's.
    std::string const process = std::to_string(::getpid()) + "\n";
    bool const written =
        ::ftruncate(lock.fd_, 0) == 0 && ::pwrite(lock.fd_, process.data(), process.size(), 0) > 0;
    if (written) return lock;
  } else if (opened && errno == EWOULDBLOCK) {
    return folder_in_use(folder, lock.fd_);
  }
  std::string const reason = std::generic_category().message(errno);
  Error error = make_error(ErrorKind::unavailable,
                           "cannot write the lock file " + file.string() + ": " + reason);
  error.remedy = "check owner, rights and free space of the data folder";
  return error;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace fairlead::store
