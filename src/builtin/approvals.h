// Approvals: asking people, and counting what they say.
//
// A run asks (builtin/approval_invoker.h), people decide (API, CLI). Rules: who is an approver, not
// for oneself, each person once, N of M; one refusal is enough to refuse. A decision is durable
// together with the event that tells of it; then the waiting run is woken. Thread-safe; blocking.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/role.h"
#include "base/clock.h"
#include "store/approvals.h"
#include "store/store.h"

namespace fairlead::builtin {

inline constexpr std::size_t question_max = 4'000;
inline constexpr std::size_t comment_max = 4'000;
inline constexpr std::size_t approvers_max = 200;
// Looked at by one tidy(); the rest by the next.
inline constexpr int tidied_pages_max = 50;
inline constexpr int tidied_page = 200;
inline constexpr std::string_view requested_type = "dev.fairlead.approval.requested";
inline constexpr std::string_view decided_type = "dev.fairlead.approval.decided";
inline constexpr std::string_view approvals_source = "/fairlead/approvals";

struct Approvers {
  std::vector<std::string> users;   // names
  std::vector<access::Role> roles;  // these and higher; with nobody named: operators and higher
  int required{1};
};

// Who decides, as the API knows them.
struct Decider {
  std::string name;
  access::Role role{access::Role::viewer};
};

struct Decision {
  std::string approval;
  Decider by;
  enum class Verdict { approve, refuse } verdict{Verdict::refuse};
  std::string comment;
  Json values;  // of the form
};

class Approvals {
 public:
  struct Parts {
    store::Store& store;
    Clock const& clock;
    std::function<void(std::int64_t seq)> arrived;  // tells the engine of an event
    // Wakes what waits for the key; set by app/ once there is an engine.
    std::function<Result<std::int64_t>(std::string const& key)> wake;
  };
  explicit Approvals(Parts parts) : parts_(std::move(parts)) {}
  Approvals(Approvals const&) = delete;
  Approvals& operator=(Approvals const&) = delete;

  // Again with the same id changes nothing.
  Result<void> open(store::ApprovalRecord const& record);
  // As it stands now: one whose time or run is over reads as expired or cancelled. Writes nothing.
  // not_found.
  Result<store::ApprovalRecord> get(std::string const& id);
  Result<store::Page<store::ApprovalRecord>> list(store::ApprovalFilter const& filter,
                                                  std::string const& cursor, int limit);
  // Errors: not_found; denied (no approver, or for oneself); conflict (closed, decided before);
  // invalid_input (comment, values).
  Result<store::ApprovalRecord> decide(Decision const& decision);
  // The same as get(), and durable: who acts on it may rely on its staying so.
  Result<store::ApprovalRecord> settled(std::string const& id);
  // Closes what is over and nobody asked for. Gives how many.
  Result<int> tidy();
  // Nobody need decide any more. Closed already is fine.
  enum class Why { expired, cancelled };
  Result<void> close(std::string const& id, Why why);

 private:
  // Why an open one is over, if it is.
  std::optional<Why> over(store::ApprovalRecord const& record) const;
  store::ApprovalRecord as_of_now(store::ApprovalRecord record) const;
  Result<store::ApprovalRecord> count(store::ApprovalRecord record, Decision const& decision);

  Parts parts_;
};

// "approval:<id>"
std::string approval_wake_key(std::string_view id);
// From `request.approvers` as stored.
Approvers approvers_from(Json const& request);
// "alice or bob", "2 of alice, bob, carol", "an operator": for people.
std::string describe(Approvers const& approvers);
bool may_decide(Approvers const& approvers, Decider const& person);

}  // namespace fairlead::builtin
