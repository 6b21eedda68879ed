// The in-memory AnswerStore: for tests and the simulation.
//
// Part of the memory store; shares its mutex. Thread-safe.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>

#include "store/answers.h"

namespace fairlead::store {

class MemoryAnswers final : public AnswerStore {
 public:
  explicit MemoryAnswers(std::mutex& mutex) : mutex_(mutex) {}

  Result<std::optional<AnswerRecord>> begin(AnswerRecord const& fresh,
                                            AnswerRoom const& room) override {
    std::lock_guard const lock(mutex_);
    make_room(room);
    auto const found = find_locked(fresh.name);
    if (found != records_.end()) return std::optional(found->second);
    records_[++last_] = fresh;
    records_[last_].sealed.clear();
    return std::optional<AnswerRecord>();
  }

  Result<bool> answer(std::string_view name, std::string_view sealed) override {
    return reseal(name, "", sealed);
  }

  Result<void> forget(std::string_view name) override {
    std::lock_guard const lock(mutex_);
    std::erase_if(records_, [&](auto const& each) { return each.second.name == name; });
    return {};
  }

  Result<std::optional<AnswerRecord>> find(std::string_view name) override {
    std::lock_guard const lock(mutex_);
    auto const found = find_locked(name);
    return found == records_.end() ? std::optional<AnswerRecord>() : std::optional(found->second);
  }

  Result<std::vector<AnswerRecord>> list() override {
    std::lock_guard const lock(mutex_);
    std::vector<AnswerRecord> all;
    for (auto const& [row, record] : records_) {
      if (record.sealed.empty()) continue;
      all.push_back(record);
      all.back().sealed.resize(std::min(record.sealed.size(), head_bytes));
    }
    std::ranges::sort(all, {}, &AnswerRecord::name);
    return all;
  }

  Result<bool> reseal(std::string_view name, std::string_view former,
                      std::string_view sealed) override {
    std::lock_guard const lock(mutex_);
    auto const found = find_locked(name);
    if (found == records_.end() || found->second.sealed != former) return false;
    found->second.sealed = sealed;
    return true;
  }

 private:
  using Records = std::map<std::int64_t, AnswerRecord>;

  Records::iterator find_locked(std::string_view name) {
    return std::ranges::find_if(records_,
                                [&](auto const& each) { return each.second.name == name; });
  }

  void make_room(AnswerRoom const& room) {
    std::erase_if(records_,
                  [&](auto const& each) { return each.second.begun_at <= room.begun_after; });
    auto count = static_cast<std::int64_t>(records_.size());
    std::int64_t bytes = 0;
    for (auto const& [row, record] : records_)
      bytes += static_cast<std::int64_t>(record.sealed.size());
    while (count >= room.count_max || bytes > room.bytes_max) {
      auto oldest = records_.end();
      for (auto each = records_.begin(); each != records_.end(); ++each) {
        if (each->second.sealed.empty()) continue;
        if (oldest == records_.end() || each->second.begun_at < oldest->second.begun_at)
          oldest = each;
      }
      if (oldest == records_.end()) return;
      --count;
      bytes -= static_cast<std::int64_t>(oldest->second.sealed.size());
      records_.erase(oldest);
    }
  }

  std::mutex& mutex_;
  std::int64_t last_{0};
  Records records_;
};

}  // namespace fairlead::store
