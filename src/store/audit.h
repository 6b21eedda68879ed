// AuditStore: who did what, as an append-only chain: each entry holds the digest of the one before.
//
// Part of the Store. The store itself numbers and chains entries, so that no caller can leave one
// out. An entry that was changed, put in between or taken out, also at the end, breaks the chain,
// which check_chain() finds. Never a secret in it. Thread-safe, blocking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace fairlead::store {

struct AuditEntry {
  std::int64_t seq{0};  // 1, 2, ... without gaps; given by the store
  Time at{};
  std::string actor_kind;  // "user", "token", "nobody", "system"
  std::string actor;       // name, "" for nobody
  std::string action;      // "connections.create", "session.sign-in"
  std::string target;      // what it was done to: "company"
  std::string outcome;     // "ok", "refused", "failed"
  std::string from;        // address, "" for the system
  Json detail;             // an object or null
  std::string hash;        // SHA-256 hex of the entry before's hash and of this one; by the store
};

struct AuditFilter {
  std::string actor;   // "": any
  std::string action;  // "": any; "connections" finds "connections.create", too
  std::optional<Time> from;
  std::optional<Time> before;
};

// The newest entry, kept apart from the entries.
struct AuditHead {
  std::int64_t seq{0};
  std::string hash;  // of an empty chain: ""
};

class AuditStore {
 public:
  virtual ~AuditStore() = default;
  // Numbers, chains and keeps it; gives it back as kept.
  virtual Result<AuditEntry> append(AuditEntry const& entry) = 0;
  // Newest first, seq < below (0: from the newest), at most `limit`.
  virtual Result<std::vector<AuditEntry>> list(AuditFilter const& filter, std::int64_t below,
                                               int limit) = 0;
  // Oldest first, seq > after, at most `limit`.
  virtual Result<std::vector<AuditEntry>> after(std::int64_t after, int limit) = 0;
  virtual Result<AuditHead> head() = 0;
};

// The digest of `entry` behind a chain that ends in `former_hash`: over canonical JSON (sorted
// members, no blanks) of all fields but hash. Pure.
std::string chain_hash(std::string_view former_hash, AuditEntry const& entry);
[[nodiscard]] bool passes(AuditFilter const& filter, AuditEntry const& entry);

struct ChainCheck {
  std::int64_t entries{0};
  std::optional<std::int64_t> broken_at;  // the first seq that is wrong or missing
  AuditHead head;
};
// Reads all of it, page by page.
Result<ChainCheck> check_chain(AuditStore& store);

}  // namespace fairlead::store
