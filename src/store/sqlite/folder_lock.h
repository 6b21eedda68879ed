// FolderLock: one server process to a data folder.
//
// Two writers with their own ideas of what runs would act twice on GitLab. The lock is the kernel's
// (flock), so it ends with the process however that ends. One thread.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace fairlead::store {

class FolderLock {
 public:
  // conflict: another process holds it (says its process id). unavailable: the folder cannot be
  // written.
  static Result<FolderLock> take(std::filesystem::path const& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace fairlead::store
