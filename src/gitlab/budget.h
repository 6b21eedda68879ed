// Budget: how many requests one connection may still send in GitLab's present window, and who is
// next when they do not suffice for all.
//
// Fed by the ratelimit-* headers of every answer. While there is room every call goes at once. When
// room gets scarce workflows take turns by what each has had in this window, so that one with a
// thousand waiting calls does not starve one with a single call; a person's call goes before all of
// them and has a small reserve. Who must wait leaves a ticket that keeps its place until it asks
// again. What GitLab itself refused (429) is Pace's matter. Thread-safe; nothing here blocks.
// Source: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/ (19.5): fixed
// windows, usually of a minute; ratelimit-reset is the window's end. See docs/adr/0017.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "action/catalogue.h"
#include "base/clock.h"
#include "net/http.h"

namespace fairlead::gitlab {

inline constexpr std::size_t budget_tickets_max = 50'000;
inline constexpr std::size_t budget_workflows_max = 10'000;
// Of the window's limit, for people: one request in so many.
inline constexpr std::int64_t budget_reserve_divisor = 20;
inline constexpr Milliseconds budget_window{60'000};  // where GitLab names no end
// A ticket whose owner does not come back lapses after its wait and this.
inline constexpr Milliseconds budget_ticket_grace{30'000};

struct BudgetShare {
  std::string workflow;  // "namespace/name"; "": people
  std::int64_t used{0};  // requests in this window
  std::int64_t waiting{0};
};

struct BudgetState {
  std::optional<std::int64_t> limit;      // of a window; nothing: GitLab names none
  std::optional<std::int64_t> remaining;  // now, as far as is known
  std::optional<Milliseconds> resets_in;
  std::optional<Milliseconds> closed_for;  // GitLab refused with 429
  std::int64_t queue{0};                   // calls that wait
  std::vector<BudgetShare> shares;
};

class Budget {
 public:
  // Nothing: send it now, one request is counted. Else how long to wait before asking again.
  std::optional<Milliseconds> take(action::Caller const& caller, Milliseconds now);
  // The answer to a request that was taken: what it says of the window. `reset_in` against the
  // answer's own clock.
  void answered(net::HttpResponse const& response, Milliseconds now, Time wall);
  // There was none.
  void unanswered();
  // Without closed_for.
  [[nodiscard]] BudgetState state(Milliseconds now) const;

 private:
  struct Ticket {
    std::string workflow;
    Milliseconds lapses{0};
  };
  struct Share {
    std::int64_t used{0};
    std::int64_t waiting{0};
  };
  void roll(Milliseconds now);
  void drop_lapsed(Milliseconds now);
  void give_back(std::string const& call);
  [[nodiscard]] std::int64_t ahead_of(std::string const& workflow) const;
  [[nodiscard]] bool has_room(action::Caller const& caller) const;

  mutable std::mutex mutex_;
  std::optional<std::int64_t> limit_;
  std::int64_t left_{0};  // what may still be sent, if there is a limit
  std::int64_t in_flight_{0};
  Milliseconds ends_{0};  // of the window
  Milliseconds next_drop_{0};
  std::map<std::string, Ticket> tickets_;  // by call
  std::map<std::string, Share> shares_;    // by workflow
};

}  // namespace fairlead::gitlab
