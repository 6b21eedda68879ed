#include "store/audit.h"

#include <algorithm>

#include "vault/digest.h"

namespace fairlead::store {
namespace {

constexpr int page_rows = 1'000;

// Members sorted by name, at every level: the same value is the same text whoever wrote it.
Json canonical(Json const& value) {
  if (value.is_array()) {
    Json array = Json::array();
    for (auto const& item : value.items())
      array.push_back(canonical(item));
    return array;
  }
  if (!value.is_object()) return value;
  Json::Object members = value.members();
  std::sort(members.begin(), members.end(),
            [](auto const& a, auto const& b) { return a.first < b.first; });
  for (auto& [name, member] : members)
    member = canonical(member);
  return Json::from_object(std::move(members));
}

}  // namespace

std::string chain_hash(std::string_view former_hash, AuditEntry const& entry) {
  Json const whole = Json::object({{"action", entry.action},
                                   {"actor", entry.actor},
                                   {"actorKind", entry.actor_kind},
                                   {"at", to_epoch_ms(entry.at)},
                                   {"detail", canonical(entry.detail)},
                                   {"former", former_hash},
                                   {"from", entry.from},
                                   {"outcome", entry.outcome},
                                   {"seq", entry.seq},
                                   {"target", entry.target}});
  return vault::sha256_hex(whole.dump());
}

bool passes(AuditFilter const& filter, AuditEntry const& entry) {
  bool const action = filter.action.empty() || entry.action == filter.action ||
                      entry.action.starts_with(filter.action + ".");
  return action && (filter.actor.empty() || entry.actor == filter.actor) &&
         (!filter.from || entry.at >= *filter.from) &&
         (!filter.before || entry.at < *filter.before);
}

Result<ChainCheck> check_chain(AuditStore& store) {
  ChainCheck check;
  // The head first: what is appended meanwhile comes after it and is not looked at.
  FAIRLEAD_TRY(check.head, store.head());
  std::string former;
  while (check.entries < check.head.seq) {
    FAIRLEAD_TRY(auto const page, store.after(check.entries, page_rows));
    if (page.empty()) break;
    for (auto const& entry : page) {
      if (entry.seq > check.head.seq) break;
      if (entry.seq != check.entries + 1 || entry.hash != chain_hash(former, entry)) {
        check.broken_at = check.entries + 1;
        return check;
      }
      former = entry.hash;
      check.entries = entry.seq;
    }
  }
  if (check.entries != check.head.seq || former != check.head.hash)
    check.broken_at = check.entries + 1;
  return check;
}

}  // namespace fairlead::store
