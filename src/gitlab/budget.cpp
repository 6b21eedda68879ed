#include "gitlab/budget.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "gitlab/rate_limit.h"

namespace fairlead::gitlab {
namespace {

constexpr Milliseconds drop_interval{1'000};
// Ends that differ by less are those of one window.
constexpr Milliseconds same_window{1'500};

std::optional<std::int64_t> number(net::HttpResponse const& response, std::string_view name) {
  std::string_view const text = trim(response.headers.get(name));
  std::int64_t value = 0;
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc() || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

bool is_person(action::Caller const& caller) { return caller.workflow.empty(); }

}  // namespace

// A new window begins with all its requests.
void Budget::roll(Milliseconds now) {
  if (now < ends_) return;
  ends_ = now + budget_window;
  if (limit_) left_ = *limit_ - in_flight_;
  std::erase_if(shares_, [](auto const& share) { return share.second.waiting == 0; });
  for (auto& share : shares_)
    share.second.used = 0;
}

void Budget::drop_lapsed(Milliseconds now) {
  if (now < next_drop_) return;
  next_drop_ = now + drop_interval;
  for (auto ticket = tickets_.begin(); ticket != tickets_.end();) {
    if (ticket->second.lapses > now) {
      ++ticket;
      continue;
    }
    shares_[ticket->second.workflow].waiting -= 1;
    ticket = tickets_.erase(ticket);
  }
}

void Budget::give_back(std::string const& call) {
  auto const ticket = tickets_.find(call);
  if (ticket == tickets_.end()) return;
  shares_[ticket->second.workflow].waiting -= 1;
  tickets_.erase(ticket);
}

// Waiting calls of others that are due before the next one of this workflow: each workflow that had
// less in this window catches up first.
std::int64_t Budget::ahead_of(std::string const& workflow) const {
  auto const own = shares_.find(workflow);
  std::int64_t const used = own == shares_.end() ? 0 : own->second.used;
  std::int64_t ahead = 0;
  for (auto const& [name, share] : shares_) {
    if (name == workflow) continue;
    std::int64_t const behind = name.empty() ? share.waiting : used - share.used;
    ahead += std::clamp(behind, std::int64_t{0}, share.waiting);
  }
  return ahead;
}

bool Budget::has_room(action::Caller const& caller) const {
  if (!limit_) return true;
  if (is_person(caller)) return left_ > 0;
  std::int64_t const reserve = std::min(*limit_ - 1, *limit_ / budget_reserve_divisor + 1);
  std::int64_t const room = left_ - std::max(reserve, std::int64_t{0});
  // The usual case: room for all who wait, whoever is next.
  if (static_cast<std::int64_t>(tickets_.size()) < room) return true;
  return ahead_of(caller.workflow) < room;
}

std::optional<Milliseconds> Budget::take(action::Caller const& caller, Milliseconds now) {
  std::scoped_lock const lock(mutex_);
  roll(now);
  drop_lapsed(now);
  give_back(caller.call);
  if (has_room(caller)) {
    left_ -= 1;
    in_flight_ += 1;
    if (shares_.size() < budget_workflows_max || shares_.contains(caller.workflow))
      shares_[caller.workflow].used += 1;
    return std::nullopt;
  }
  Milliseconds const wait = std::max(ends_ - now, Milliseconds(1));
  if (!caller.call.empty() && tickets_.size() < budget_tickets_max) {
    tickets_[caller.call] = {.workflow = caller.workflow,
                             .lapses = now + wait + budget_ticket_grace};
    shares_[caller.workflow].waiting += 1;
  }
  return wait;
}

void Budget::answered(net::HttpResponse const& response, Milliseconds now, Time wall) {
  auto const limit = number(response, "RateLimit-Limit");
  auto const remaining = number(response, "RateLimit-Remaining");
  auto const reset_in = window_end(response, wall);
  std::scoped_lock const lock(mutex_);
  in_flight_ = std::max(in_flight_ - 1, std::int64_t{0});
  if (!limit || !remaining || *limit == 0) return;
  std::int64_t const left = *remaining - in_flight_;
  Milliseconds const ends =
      now + std::clamp(reset_in.value_or(ends_ - now), Milliseconds(0), net::retry_after_max);
  bool const another = !limit_ || ends > ends_ + same_window;
  left_ = another ? left : std::min(left_, left);
  limit_ = limit;
  if (reset_in) ends_ = ends;
}

void Budget::unanswered() {
  std::scoped_lock const lock(mutex_);
  in_flight_ = std::max(in_flight_ - 1, std::int64_t{0});
}

BudgetState Budget::state(Milliseconds now) const {
  std::scoped_lock const lock(mutex_);
  BudgetState state;
  bool const over = now >= ends_;
  state.limit = limit_;
  if (limit_) {
    state.remaining = over ? *limit_ : std::max(left_, std::int64_t{0});
    state.resets_in = over ? Milliseconds(0) : ends_ - now;
  }
  for (auto const& [workflow, share] : shares_) {
    std::int64_t const used = over ? 0 : share.used;
    if (used == 0 && share.waiting == 0) continue;
    state.shares.push_back({.workflow = workflow, .used = used, .waiting = share.waiting});
    state.queue += share.waiting;
  }
  return state;
}

}  // namespace fairlead::gitlab
