#include "gitlab/keeper.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "action/request.h"
#include "gitlab/hook_place.h"
#include "gitlab/hook_uses.h"
#include "gitlab/pipeline.h"
#include "store/wakes.h"

namespace fairlead::gitlab {
namespace {

constexpr std::int64_t age_divisor = 4;
constexpr std::uint64_t jitter_divisor = 5;
// GitLab's clock may be behind ours.
constexpr Milliseconds listing_slack = std::chrono::minutes(2);
constexpr std::int64_t listed_max = 500;
constexpr int rest_doublings_max = 8;

bool is_passing(Error const& error) {
  return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::rate_limited ||
         error.kind == ErrorKind::timed_out || error.kind == ErrorKind::uncertain;
}

// Its questions count in the rate limit as those of a workflow of its own would.
action::Caller keeper_caller(std::string const& project) {
  return {.workflow = "fairlead/keeper", .call = "keeper:" + project};
}

// Not one of GitLab's: it cannot be seen.
constexpr std::string_view gone_status = "gone";

// It does not move on by itself: whoever waits must look.
bool rests(std::string const& status) {
  return status == gone_status || phase_of(status) != PipelinePhase::moving;
}

}  // namespace

Milliseconds Keeper::interval(Item const& item, Reach::Told told) {
  Milliseconds const age = parts_.clock.steady() - item.since;
  Milliseconds const least = told == Reach::Told::yes ? told_poll_min : untold_poll_min;
  Milliseconds const base = std::clamp(age / age_divisor, least, poll_max);
  // Spread, so that what began together is not asked for together for ever.
  auto const spread = static_cast<std::uint64_t>(base.count()) / jitter_divisor + 1;
  return base + Milliseconds(static_cast<std::int64_t>(random_below(parts_.random, spread)));
}

Result<void> Keeper::read_keys() {
  Items present;
  std::string after;
  while (present.size() < keeper_keys_max) {
    FAIRLEAD_TRY(auto const page, parts_.store.wakes().keys({.prefix = std::string(wake_key_prefix),
                                                             .after = after,
                                                             .limit = keeper_page}));
    for (auto const& text : page) {
      if (auto const known = items_.find(text); known != items_.end()) {
        present.insert(items_.extract(known));
      } else if (auto key = pipeline_key_from(text)) {
        Milliseconds const now = parts_.clock.steady();
        present.emplace(text, Item{.key = std::move(*key), .since = now, .ask_at = now});
      }
    }
    if (page.size() < static_cast<std::size_t>(keeper_page)) break;
    after = page.back();
  }
  items_ = std::move(present);
  return {};
}

Milliseconds Keeper::work() {
  if (auto read = read_keys(); !read.ok()) {
    parts_.log.error("what runs wait for cannot be read", {{"error", describe(read.error())}});
    return keeper_round_of_many;
  }
  // Never by the wall clock: set back, it would put everything off.
  Milliseconds const now = parts_.clock.steady();
  std::map<std::string, Projects> connections;
  for (auto& item : items_) {
    Project& project = connections[item.second.key.connection][item.second.key.project];
    project.items.push_back(&item);
    project.due = project.due || item.second.ask_at <= now;
  }
  // One that did not answer the last time holds up nobody but itself.
  for (bool const failing : {false, true}) {
    for (auto& [connection, projects] : connections) {
      if (resting_.contains(connection) != failing) continue;
      Names awaited;
      for (auto const& [name, project] : projects)
        awaited.push_back(name);
      std::erase_if(projects, [](auto const& each) { return !each.second.due; });
      if (!projects.empty()) ask_connection(connection, projects, awaited);
      projects.clear();
    }
  }
  standing_.work();
  bool const given_up = standing_.take_given_up();
  if (given_up || !upkeep_at_ || now >= *upkeep_at_) upkeep();
  return items_.size() > keeper_many ? keeper_round_of_many : keeper_round;
}

void Keeper::note_failure(std::string const& id, std::string const& name, Error const& error) {
  Rest& rest = resting_[id];
  Milliseconds const longer = connection_rest * (1 << std::min(rest.failures, rest_doublings_max));
  rest.failures += 1;
  rest.until =
      parts_.clock.steady() + error.retry_after.value_or(std::min(longer, connection_rest_max));
  parts_.log.warning("GitLab could not be asked about pipelines",
                     {{"connection", name}, {"error", describe(error)}});
}

void Keeper::ask_connection(std::string const& id, Projects& projects, Names const& awaited) {
  auto const rest = resting_.find(id);
  if (rest != resting_.end() && rest->second.until > parts_.clock.steady()) return;
  auto const connection = parts_.store.connections().get(ConnectionId(id));
  // Gone: the calls that wait find out by themselves.
  if (!connection.ok()) return;
  int asks = 0;
  auto next = projects.upper_bound(asked_last_[id]);
  for (std::size_t done = 0; done < projects.size(); ++done, ++next) {
    if (next == projects.end()) next = projects.begin();
    Reach reach{.target = {.connection = connection->id,
                           .name = connection->name,
                           .base_url = connection->base_url,
                           .place = next->first},
                .hook = {}};
    auto asked = see_to_hook(reach, awaited);
    for (auto* item : next->second.items)
      item->second.hook = reach.record;
    if (asked.ok()) asked = ask_project(std::move(reach), next->second, asks);
    if (!asked.ok()) return note_failure(id, connection->name, asked.error());
    asked_last_[id] = next->first;
    if (asks >= keeper_asks_max) break;
  }
  resting_.erase(id);
}

// First the webhook, then one question, so that nothing falls in between.
Result<void> Keeper::see_to_hook(Reach& reach, Names const& awaited) {
  FAIRLEAD_TRY(auto const hook, groups_.ensure(reach.target, awaited));
  if (hook.status == "verified") reach.told = Reach::Told::yes;
  reach.delivered_at = hook.delivered_at;
  reach.hook = reach.target;
  reach.hook.place = hook.target;
  reach.record = hook.id;
  return {};
}

Result<void> Keeper::ask_project(Reach reach, Project& project, int& asks) {
  FAIRLEAD_TRY(auto const api,
               parts_.apis.open_for(reach.target.name, keeper_caller(reach.target.place)));
  Milliseconds const now = parts_.clock.steady();
  Group known;
  Group single;
  for (auto* item : project.items) {
    if (!item->second.status.empty()) {
      known.push_back(item);
    } else if (item->second.ask_at <= now) {
      single.push_back(item);
    }
  }
  bool const late = std::any_of(known.begin(), known.end(),
                                [&](auto const* item) { return item->second.ask_at <= now; });
  if (late && known.size() >= keeper_list_from) {
    ++asks;
    FAIRLEAD_CHECK(ask_list(*api, reach, known));
  } else {
    std::copy_if(known.begin(), known.end(), std::back_inserter(single),
                 [&](auto const* item) { return item->second.ask_at <= now; });
  }
  for (auto* item : single) {
    if (asks >= keeper_asks_max) break;
    ++asks;
    FAIRLEAD_CHECK(ask_one(*api, reach, *item));
  }
  return {};
}

Result<void> Keeper::ask_one(action::Api& api, Reach const& reach,
                             std::pair<std::string const, Item>& due) {
  auto const answer = api.send(
      action::get("/projects/{}/pipelines/{}", reach.target.place, due.second.key.pipeline));
  if (answer.ok()) {
    due.second.updated_at = answer->body["updated_at"].string_or("");
    return learned(reach, due, answer->body["status"].as_string());
  }
  if (is_passing(answer.error())) return answer.error();
  // Gone, or not to be seen any more: the call that waits says it in its own words.
  return learned(reach, due, std::string(gone_status));
}

// The oldest of what GitLab last said of them, by its clock: ours may be another one.
Time Keeper::known_since(Group const& due) const {
  Time since = parts_.clock.now();
  for (auto const* item : due) {
    auto const said = parse_time(item->second.updated_at);
    Milliseconds const age = parts_.clock.steady() - item->second.since;
    since = std::min(since, said.value_or(parts_.clock.now() - age));
  }
  return since;
}

// What did not change since the listing's time is not in it.
Result<void> Keeper::ask_list(action::Api& api, Reach const& reach, Group& due) {
  Time const since = known_since(due);
  std::map<std::int64_t, Json> shown;
  auto const take = [&](Json row) -> Result<void> {
    std::int64_t const id = row["id"].as_integer();
    shown[id] = std::move(row);
    return {};
  };
  auto const listed = api.list(action::get("/projects/{}/pipelines", reach.target.place)
                                   .query("updated_after", format_time(since - listing_slack))
                                   .query("order_by", "updated_at"),
                               {.limit = listed_max}, take);
  if (!listed.ok() && is_passing(listed.error())) return listed.error();
  for (auto* item : due) {
    auto const found = shown.find(item->second.key.pipeline);
    if (found != shown.end()) {
      item->second.updated_at = found->second["updated_at"].string_or("");
      FAIRLEAD_CHECK(learned(reach, *item, found->second["status"].as_string()));
    } else if (!listed.ok() || !listed->complete) {
      FAIRLEAD_CHECK(ask_one(api, reach, *item));
    } else {
      FAIRLEAD_CHECK(learned(reach, *item, item->second.status));
    }
  }
  return {};
}

void Keeper::doubt_hook(Reach const& reach, Item const& item) {
  bool const told = reach.delivered_at && *reach.delivered_at > item.asked_at;
  if (reach.told == Reach::Told::no || told) return;
  auto const checked = parts_.webhooks.check_now(reach.hook);
  if (!checked.ok())
    parts_.log.warning("a webhook could not be checked",
                       {{"project", reach.target.place}, {"error", describe(checked.error())}});
}

Result<void> Keeper::learned(Reach const& reach, std::pair<std::string const, Item>& due,
                             std::string const& status) {
  Item& item = due.second;
  bool const changed = !item.status.empty() && item.status != status;
  if (changed) doubt_hook(reach, item);
  item.status = status;
  item.asked_at = parts_.clock.now();
  item.ask_at = parts_.clock.steady() + interval(item, reach.told);
  if (!changed && !rests(status)) return {};
  FAIRLEAD_CHECK(parts_.wake(due.first));
  return {};
}

// Nobody waited for what it tells, but its events start workflows. It ages from the last time that
// was so.
bool Keeper::starts_workflows(store::WebhookRecord hook) {
  if (hook.status == "polling") return false;
  auto const starts = gitlab_starts_workflows(parts_.store.workflows());
  if (!starts.ok()) return true;  // another time
  if (!*starts) return false;
  hook.used_at = parts_.clock.now();
  if (auto noted = parts_.store.webhooks().change(hook); !noted.ok())
    parts_.log.warning("the use of a webhook could not be noted",
                       {{"project", hook.target}, {"error", describe(noted.error())}});
  return true;
}

// Which hooks tell of what is waited for, and on which GitLab that is not known yet.
Keeper::Awaited Keeper::read_awaited() {
  Awaited all;
  std::map<std::string, std::string> urls;  // of connections, by id
  for (auto const& [key, item] : items_) {
    if (!item.hook.empty()) {
      all.hooks.insert(item.hook);
      continue;
    }
    auto const [url, fresh] = urls.try_emplace(item.key.connection);
    if (fresh) {
      auto const connection = parts_.store.connections().get(ConnectionId(item.key.connection));
      if (connection.ok()) url->second = connection->base_url;
    }
    all.open.insert({url->second, item.key.project});
  }
  return all;
}

bool Keeper::is_awaited(Awaited const& awaited, store::WebhookRecord const& hook,
                        std::string const& base_url) {
  if (awaited.hooks.contains(hook.id)) return true;
  if (place_of(hook.target).kind == HookPlace::Kind::project)
    return awaited.open.contains({base_url, hook.target});
  // Whether the project is one of the group is not known yet.
  auto const there = awaited.open.lower_bound({base_url, ""});
  return there != awaited.open.end() && there->first == base_url;
}

bool Keeper::is_needed(Awaited const& all, store::WebhookRecord const& hook,
                       std::string const& base_url) {
  using Keep = store::WebhookRecord::Keep;
  if (hook.keep == Keep::by_hand || standing_.wants(hook, base_url)) return true;
  bool const awaited = is_awaited(all, hook, base_url);
  if (hook.keep == Keep::forgotten) return awaited;
  return awaited || parts_.clock.now() - hook.used_at < hook_unused_max || starts_workflows(hook);
}

Result<void> Keeper::drop(store::WebhookRecord const& hook,
                          store::ConnectionRecord const& connection) {
  FAIRLEAD_CHECK(parts_.webhooks.remove_unused({.connection = connection.id,
                                                .name = connection.name,
                                                .base_url = connection.base_url,
                                                .place = hook.target}));
  return {};
}

void Keeper::upkeep() {
  upkeep_at_ = parts_.clock.steady() + keeper_upkeep_interval;
  auto const hooks = parts_.store.webhooks().list();
  if (!hooks.ok()) {
    parts_.log.warning("which webhooks there are cannot be read",
                       {{"error", describe(hooks.error())}});
    return;
  }
  Awaited const awaited = read_awaited();
  for (auto const& hook : *hooks) {
    auto const connection = parts_.store.connections().get(hook.connection);
    // What cannot be read now may stand well.
    if (!connection.ok() && connection.error().kind != ErrorKind::not_found) continue;
    if (is_needed(awaited, hook, connection.ok() ? connection->base_url : "")) continue;
    auto const removed =
        connection.ok() ? drop(hook, *connection) : parts_.store.webhooks().remove(hook.id);
    if (removed.ok()) {
      parts_.log.info("a webhook nobody needed was removed", {{"project", hook.target}});
    } else {
      parts_.log.warning("a webhook could not be removed",
                         {{"project", hook.target}, {"error", describe(removed.error())}});
    }
  }
}

}  // namespace fairlead::gitlab
