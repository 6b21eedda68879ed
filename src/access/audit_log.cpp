#include "access/audit_log.h"

#include <algorithm>

#include "base/text.h"

namespace fairlead::access {
namespace {

constexpr std::size_t text_max = 300;

std::string_view to_string(AuditLog::Act::Outcome outcome) {
  switch (outcome) {
    case AuditLog::Act::Outcome::ok:
      return "ok";
    case AuditLog::Act::Outcome::refused:
      return "refused";
    case AuditLog::Act::Outcome::failed:
      return "failed";
  }
  return "failed";
}

store::AuditEntry entry_of(AuditLog::Act const& act) {
  store::AuditEntry entry;
  entry.action = act.action;
  entry.target = shorten(replace_invalid_utf8(act.target), text_max);
  entry.outcome = to_string(act.outcome);
  entry.from = act.from;
  entry.detail = act.detail;
  return entry;
}

}  // namespace

void AuditLog::append(store::AuditEntry entry) {
  entry.at = clock_.now();
  auto const kept = store_.append(entry);
  if (!kept.ok())
    log_.error("the audit log could not be written",
               {{"action", entry.action}, {"error", describe(kept.error())}});
}

bool AuditLog::admits_stranger() {
  int left_out = 0;
  bool admitted = false;
  {
    std::lock_guard const lock(mutex_);
    Milliseconds const now = clock_.steady();
    if (now - minute_ >= std::chrono::minutes(1)) {
      left_out = std::max(0, strangers_ - strangers_per_minute_max);
      minute_ = now;
      strangers_ = 0;
    }
    admitted = ++strangers_ <= strangers_per_minute_max;
  }
  if (left_out > 0) {
    Act act{.action = "audit.left-out", .target = {}, .outcome = Act::Outcome::refused, .from = {}};
    act.detail = Json::object({{"entries", left_out}});
    write_system(act);
  }
  return admitted;
}

void AuditLog::write(Principal const& actor, Act const& act) {
  bool const is_stranger = actor.kind == Principal::Kind::nobody;
  if (is_stranger && !admits_stranger()) return;
  store::AuditEntry entry = entry_of(act);
  entry.actor = shorten(replace_invalid_utf8(actor.name), text_max);
  entry.actor_kind = is_stranger ? "nobody" : actor.user.empty() ? "token" : "user";
  if (!actor.token.empty() && !actor.user.empty()) entry.detail.set("token", actor.token);
  append(std::move(entry));
}

void AuditLog::write_system(Act const& act) {
  store::AuditEntry entry = entry_of(act);
  entry.actor_kind = "system";
  entry.actor = "fairlead";
  append(std::move(entry));
}

}  // namespace fairlead::access
