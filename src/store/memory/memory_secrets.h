// The in-memory SecretStore: for tests and the simulation.
//
// Part of the memory store; shares its mutex. Thread-safe.
#pragma once

#include <map>
#include <mutex>

#include "store/rules.h"
#include "store/secrets.h"

namespace fairlead::store {

class MemorySecrets final : public SecretStore {
 public:
  explicit MemorySecrets(std::mutex& mutex) : mutex_(mutex) {}

  Result<void> put(SecretRecord const& record) override {
    std::lock_guard const lock(mutex_);
    records_[record.name] = record;
    return {};
  }

  Result<bool> reseal(std::string_view name, std::string_view former,
                      std::string_view sealed) override {
    std::lock_guard const lock(mutex_);
    auto const found = records_.find(name);
    if (found == records_.end() || found->second.sealed != former) return false;
    found->second.sealed = sealed;
    return true;
  }

  Result<std::optional<SecretRecord>> find(std::string_view name) override {
    std::lock_guard const lock(mutex_);
    auto const found = records_.find(name);
    if (found == records_.end()) return std::optional<SecretRecord>();
    return std::optional(found->second);
  }

  Result<std::vector<SecretRecord>> list() override {
    std::lock_guard const lock(mutex_);
    std::vector<SecretRecord> all;
    for (auto const& [name, record] : records_) {
      all.push_back(record);
      all.back().sealed.clear();
    }
    return all;
  }

  Result<void> remove(std::string_view name) override {
    std::lock_guard const lock(mutex_);
    auto const found = records_.find(name);
    if (found == records_.end()) return no_such("secret", name);
    records_.erase(found);
    return {};
  }

 private:
  std::mutex& mutex_;
  std::map<std::string, SecretRecord, std::less<>> records_;
};

}  // namespace fairlead::store
