#include "access/lock_out.h"

#include <algorithm>

namespace fairlead::access {
namespace {

constexpr int doublings_max = 20;

Milliseconds wait_after(int failures, LockOut::Limits const& limits) {
  int const doublings = failures - limits.free_attempts;
  if (doublings < 0) return Milliseconds(0);
  return std::min(limits.longest_wait,
                  limits.first_wait * (std::int64_t{1} << std::min(doublings, doublings_max)));
}

}  // namespace

std::optional<Milliseconds> LockOut::wait(Counters const& counters, std::string const& key,
                                          Limits const& limits) const {
  auto const found = counters.find(key);
  if (found == counters.end()) return std::nullopt;
  Milliseconds const over = found->second.last + wait_after(found->second.failures, limits);
  Milliseconds const now = clock_.steady();
  if (over <= now) return std::nullopt;
  return over - now;
}

void LockOut::count(Counters& counters, std::string const& key, Milliseconds at) {
  if (counters.size() >= counters_max && !counters.contains(key)) {
    std::erase_if(counters,
                  [&](auto const& each) { return each.second.last + forgotten_after <= at; });
    if (counters.size() >= counters_max)
      counters.erase(std::min_element(
          counters.begin(), counters.end(),
          [](auto const& a, auto const& b) { return a.second.last < b.second.last; }));
  }
  Counter& counter = counters[key];
  if (counter.failures > 0 && counter.last + forgotten_after <= at) counter.failures = 0;
  ++counter.failures;
  counter.last = at;
}

std::optional<Milliseconds> LockOut::begin(Attempt const& attempt) {
  std::lock_guard const lock(mutex_);
  auto const by_account = wait(accounts_, attempt.account, account_limits);
  auto const by_address = wait(addresses_, attempt.address, address_limits);
  if (by_account || by_address)
    return std::max(by_account.value_or(Milliseconds(0)), by_address.value_or(Milliseconds(0)));
  count(accounts_, attempt.account, clock_.steady());
  count(addresses_, attempt.address, clock_.steady());
  return std::nullopt;
}

void LockOut::recall(Attempt const& attempt, Milliseconds ago) {
  std::lock_guard const lock(mutex_);
  count(accounts_, attempt.account, clock_.steady() - ago);
  count(addresses_, attempt.address, clock_.steady() - ago);
}

void LockOut::succeeded(Attempt const& attempt) {
  std::lock_guard const lock(mutex_);
  accounts_.erase(attempt.account);
  auto const address = addresses_.find(attempt.address);
  if (address != addresses_.end() && --address->second.failures <= 0) addresses_.erase(address);
}

}  // namespace fairlead::access
