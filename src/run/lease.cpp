#include "run/lease.h"

namespace fairlead::run {

Result<void> Lease::join() {
  Time const now = parts_.clock.now();
  FAIRLEAD_TRY(epoch_, parts_.leases.join(parts_.node, {.now = now, .until = now + lease_term}));
  due_ = now + lease_renewal;
  return {};
}

Result<void> Lease::claim() {
  for (;;) {
    FAIRLEAD_TRY(
        auto const taken,
        parts_.leases.claim({.epoch = epoch_, .now = parts_.clock.now(), .limit = claim_page}));
    for (auto const& run : taken)
      parts_.take_up(run.id);
    if (taken.size() < static_cast<std::size_t>(claim_page)) return {};
  }
}

Result<void> Lease::begin() {
  FAIRLEAD_CHECK(join());
  return claim();
}

Result<void> Lease::keep(Time now) {
  auto const over = parts_.leases.renew(epoch_, {.now = now, .until = now + lease_term});
  if (over.ok()) return *over > 0 ? claim() : Result<void>();
  if (!store::is_lease_lost(over.error())) return over.error();
  parts_.log.warning("this node was taken for dead and joins anew", {{"node", parts_.node}});
  return begin();
}

void Lease::work() {
  Time const now = parts_.clock.now();
  // A clock that was set back must not put the renewal off.
  bool const early = now < due_ && due_ - now <= lease_renewal;
  if (epoch_ == 0 || early) return;
  Result<void> const kept = keep(now);
  // Not renewed is tried again soon: the lease lasts three renewals.
  due_ = now + (kept.ok() ? lease_renewal : lease_renewal / 10);
  if (!kept.ok())
    parts_.log.error("the node's lease was not renewed", {{"error", describe(kept.error())}});
}

void Lease::end() {
  if (epoch_ == 0) return;
  auto const left = parts_.leases.leave(epoch_);
  if (!left.ok())
    parts_.log.warning("the node's lease was not given back", {{"error", describe(left.error())}});
}

}  // namespace fairlead::run
