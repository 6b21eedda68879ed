#include "tests/sim/sim_hooks.h"

#include <algorithm>
#include <utility>

#include "gitlab/webhooks.h"

namespace fairlead::sim {
namespace {

constexpr int lost_one_in = 6;
constexpr int doubled_one_in = 4;
constexpr int late_one_in = 3;
constexpr Milliseconds hook_late_max = std::chrono::seconds(90);

}  // namespace

void SimHooks::collect() {
  for (auto& delivery : gitlab_.take_deliveries()) {
    Time const now = setting_.clock.now();
    if (setting_.weather == Setting::Weather::calm) {
      on_their_way_.push_back({now, std::move(delivery)});
      continue;
    }
    if (dice_.once_in(lost_one_in)) {
      setting_.trace.line("webhook lost: " + delivery.event);
      continue;
    }
    auto const delay = [&] {
      return dice_.once_in(late_one_in) ? dice_.time_between(Milliseconds(0), hook_late_max)
                                        : Milliseconds(0);
    };
    if (dice_.once_in(doubled_one_in)) on_their_way_.push_back({now + delay(), delivery});
    on_their_way_.push_back({now + delay(), std::move(delivery)});
  }
}

void SimHooks::deliver(gitlab::HookIntake* intake, Heard const& heard) {
  collect();
  Time const now = setting_.clock.now();
  std::stable_sort(on_their_way_.begin(), on_their_way_.end(),
                   [](OnItsWay const& a, OnItsWay const& b) { return a.at < b.at; });
  while (!on_their_way_.empty() && on_their_way_.front().at <= now) {
    sandbox::Delivery const delivery = std::move(on_their_way_.front().delivery);
    on_their_way_.erase(on_their_way_.begin());
    if (intake != nullptr && !setting_.dead) give(*intake, delivery, heard);
  }
}

void SimHooks::give(gitlab::HookIntake& intake, sandbox::Delivery const& delivery,
                    Heard const& heard) {
  std::string const prefix = std::string(public_url) + std::string(gitlab::hook_path);
  if (!delivery.url.starts_with(prefix))
    return setting_.violation("GitLab sends a webhook to " + delivery.url);
  auto const request = gitlab_.request_of(delivery);
  auto const taken = intake.take(delivery.url.substr(prefix.size()), request.headers, request.body);
  setting_.trace.line("webhook " + delivery.event + " " + delivery.key.substr(0, 8) + " -> " +
                      (taken.ok() ? "event " + std::to_string(taken->seq) : taken.error().message));
  if (!taken.ok() && taken.error().kind == ErrorKind::denied)
    setting_.violation("a genuine webhook was refused: " + taken.error().message);
  if (!taken.ok()) return;
  ++delivered_;
  if (taken->seq != 0) heard(taken->seq);
}

std::optional<Time> SimHooks::next() const {
  std::optional<Time> soonest;
  for (auto const& each : on_their_way_) {
    if (!soonest || each.at < *soonest) soonest = each.at;
  }
  return soonest;
}

}  // namespace fairlead::sim
