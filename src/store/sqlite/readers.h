// Readers: a few read-only connections, lent to one query at a time.
//
// WAL lets them read while the writer writes; each query sees everything committed before it began.
// with() blocks while all are lent. Any thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/sqlite/database.h"

namespace fairlead::store {

class Readers {
 public:
  explicit Readers(std::vector<std::unique_ptr<Database>> databases)
      : idle_(std::move(databases)) {}
  Readers(Readers const&) = delete;
  Readers& operator=(Readers const&) = delete;

  // Calls `read` with a connection and hands on what it returns.
  template <class Read>
  auto with(Read&& read) {
    Loan const loan(*this);
    return read(*loan.database);
  }

 private:
  struct Loan {
    explicit Loan(Readers& from) : readers(from), database(from.take()) {}
    Loan(Loan const&) = delete;
    Loan& operator=(Loan const&) = delete;
    ~Loan() { readers.give_back(std::move(database)); }
    Readers& readers;
    std::unique_ptr<Database> database;
  };

  std::unique_ptr<Database> take() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return !idle_.empty(); });
    std::unique_ptr<Database> database = std::move(idle_.back());
    idle_.pop_back();
    return database;
  }
  void give_back(std::unique_ptr<Database> database) {
    {
      std::lock_guard const lock(mutex_);
      idle_.push_back(std::move(database));
    }
    ready_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<std::unique_ptr<Database>> idle_;
};

}  // namespace fairlead::store
