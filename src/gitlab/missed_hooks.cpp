#include "gitlab/missed_hooks.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "action/request.h"
#include "gitlab/hook_place.h"

namespace fairlead::gitlab {
namespace {

constexpr int not_found_status = 404;
constexpr int heard_page = 500;
constexpr int heard_max = 5'000;
// GitLab's clock may be behind ours.
constexpr Milliseconds listing_slack = std::chrono::minutes(2);
constexpr Milliseconds clocks_apart_max = std::chrono::minutes(10);

std::string mark_key(std::string const& hook) { return "hook-log:" + hook; }

std::string gap_key(std::string const& hook) { return "hook-gap:" + hook; }

std::optional<std::int64_t> number_of(std::optional<std::string> const& text) {
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  auto const [end, code] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (code != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

net::Headers headers_of(Json const& logged) {
  net::Headers headers;
  for (auto const& [name, value] : logged.members())
    if (value.is_string()) headers.add(name, value.as_string());
  return headers;
}

// The log shows the body as an object, or as text in older versions.
Json body_of(Json const& logged) {
  if (!logged.is_string()) return logged;
  auto parsed = Json::parse(logged.as_string());
  return parsed.ok() ? std::move(parsed).value() : Json();
}

bool arrived(Json const& entry) {
  Json const& status = entry["response_status"];
  std::string const text =
      status.is_integer() ? std::to_string(status.as_integer()) : status.as_string();
  return text.starts_with("2");
}

// A body that was too long for the log.
bool is_left_out(Json const& body) { return !body.is_object() || body["oversize"].as_bool(); }

WebhookTarget target_of(store::WebhookRecord const& hook,
                        store::ConnectionRecord const& connection) {
  return {.connection = connection.id,
          .name = connection.name,
          .base_url = connection.base_url,
          .place = hook.target};
}

// Made by us a short while ago: all of its log is ours. Of one that was adopted, or that is older
// than what the inbox remembers, what failed before the first look is not ours to judge.
bool is_new(store::WebhookRecord const& record, Json const& shown, Time now) {
  auto const made = parse_time(shown["created_at"].as_string());
  return made && *made + clocks_apart_max >= record.created_at &&
         now - record.created_at < missed_gap_max;
}

// Ends a listing that has come far enough.
Error far_enough() { return make_error(ErrorKind::cancelled, "far enough"); }
bool is_far_enough(Error const& error) { return error.kind == ErrorKind::cancelled; }

}  // namespace

Result<std::optional<Time>> MissedHooks::silent_since(std::string const& hook) {
  FAIRLEAD_TRY(auto const kept, parts_.store.meta().get(gap_key(hook)));
  auto const ms = number_of(kept);
  return ms ? std::optional(from_epoch_ms(*ms)) : std::nullopt;
}

// The first one counts until it was looked through.
Result<void> MissedHooks::note_silence(std::string const& hook, Time since) {
  FAIRLEAD_TRY(auto const before, silent_since(hook));
  if (before) return {};
  return parts_.store.meta().set(gap_key(hook), std::to_string(to_epoch_ms(since)));
}

// What the keeper put right by itself.
void MissedHooks::note_repaired() {
  for (auto const& [id, since] : parts_.webhooks.take_repaired()) {
    states_[id].due = parts_.clock.steady();
    auto const noted = note_silence(id, since);
    if (!noted.ok())
      parts_.log.error("it could not be noted since when a webhook was silent",
                       {{"hook", id}, {"error", describe(noted.error())}});
  }
}

std::optional<MissedHooks::Look> MissedHooks::next_due() {
  Milliseconds const now = parts_.clock.steady();
  note_repaired();
  auto const hooks = parts_.store.webhooks().list();
  if (!hooks.ok()) return std::nullopt;
  for (auto const& hook : *hooks) {
    State const& state = states_[hook.id];
    // Also one that delivered nothing yet: what it sent first may have met no server.
    if (hook.status == "polling" || hook.remote_id == 0 || state.due > now) continue;
    auto connection = parts_.store.connections().get(hook.connection);
    if (!connection.ok()) continue;
    auto const silent = silent_since(hook.id);
    if (!silent.ok()) continue;
    return Look{.hook = hook,
                .connection = std::move(*connection),
                .first = !state.looked_at,
                .silent = *silent};
  }
  return std::nullopt;
}

void MissedHooks::work() {
  Milliseconds const now = parts_.clock.steady();
  if (now < look_at_) return;
  look_at_ = now + missed_look_interval;
  auto look = next_due();
  if (!look) return;
  std::string const id = look->hook.id;
  std::string const target = look->hook.target;
  auto done = catch_up(std::move(*look));
  if (done.ok()) {
    states_[id] = {.due = now + missed_hook_interval, .looked_at = true};
    return;
  }
  states_[id].due = now + missed_retry_interval;
  parts_.log.warning("it is not known whether webhooks were missed; tried again",
                     {{"place", target}, {"error", describe(done.error())}});
}

// The hook as GitLab shows it; one that is gone or switched off is put right.
Result<Json> MissedHooks::hook_at_gitlab(action::Api& api, Look& look) {
  HookPlace const place = place_of(look.hook.target);
  auto const shown =
      api.send(action::get("/{}/{}/hooks/{}", place.collection(), place.id, look.hook.remote_id));
  bool const gone = !shown.ok() && shown.error().status == not_found_status;
  if (!shown.ok() && !gone) return shown.error();
  if (!gone && !is_switched_off(shown->body)) return shown->body;
  if (!look.silent) look.silent = look.hook.delivered_at.value_or(look.hook.created_at);
  FAIRLEAD_CHECK(note_silence(look.hook.id, *look.silent));
  FAIRLEAD_TRY(auto const repaired,
               parts_.webhooks.check_now(target_of(look.hook, look.connection)));
  note_repaired();
  if (repaired.remote_id == 0)
    return make_error(ErrorKind::unavailable, "The webhook cannot be made: " + repaired.reason);
  look.hook = repaired;
  if (!gone) return shown->body;
  return Json::object({{"issues_events", true}, {"pipeline_events", true}});
}

Result<void> MissedHooks::catch_up(Look look) {
  FAIRLEAD_TRY(auto const api, parts_.apis.open_for(look.connection.name,
                                                    {.workflow = "fairlead/keeper", .call = {}}));
  FAIRLEAD_TRY(auto const hook, hook_at_gitlab(*api, look));
  auto& meta = parts_.store.meta();
  FAIRLEAD_TRY(auto const kept, meta.get(mark_key(look.hook.id)));
  auto mark = number_of(kept);
  if (!mark && is_new(look.hook, hook, parts_.clock.now())) mark = 0;
  FAIRLEAD_TRY(auto const log, read_log(*api, look, mark));
  Count count;
  if (mark) {
    FAIRLEAD_TRY(count, take_log(*api, look, log));
  }
  std::optional<Time> silent = look.silent;
  if (!log.kept && look.first && !silent) silent = look.hook.delivered_at;
  if (silent) {
    Time const since = std::max(*silent, parts_.clock.now() - missed_gap_max);
    FAIRLEAD_TRY(auto const listed, take_listings(*api, look, hook, since));
    count.taken += listed.taken;
    count.known += listed.known;
  }
  // Only now: whoever is stopped before looks again, and what is known already counts once.
  if (log.kept && (!mark || log.newest > *mark))
    FAIRLEAD_CHECK(meta.set(mark_key(look.hook.id), std::to_string(log.newest)));
  if (look.silent) FAIRLEAD_CHECK(meta.set(gap_key(look.hook.id), ""));
  tell(look, count);
  return {};
}

// GitLab shows the newest first, but does not promise it: only where every entry so far was older
// than the one before is it known that what follows is older still.
Result<MissedHooks::HookLog> MissedHooks::read_log(action::Api& api, Look const& look,
                                                   std::optional<std::int64_t> after) {
  HookPlace const place = place_of(look.hook.target);
  // Never looked at before: where the log stands is enough.
  std::int64_t const seen = after.value_or(std::numeric_limits<std::int64_t>::max());
  HookLog log;
  std::int64_t last = 0;
  int read = 0;
  bool falls = true;
  auto const take = [&](Json entry) -> Result<void> {
    std::int64_t const id = entry["id"].as_integer();
    falls = falls && (read == 0 || id < last);
    last = id;
    ++read;
    log.newest = std::max(log.newest, id);
    if (id > seen && !arrived(entry)) {
      log.failed[id] = {.headers = headers_of(entry["request_headers"]),
                        .body = body_of(entry["request_data"])};
      if (log.failed.size() > missed_log_max) log.failed.erase(log.failed.begin());
    }
    bool const enough = read > 1 && falls && (id <= seen || read >= missed_log_max);
    return enough ? far_enough() : Result<void>();
  };
  auto const listed = api.list(
      action::get("/{}/{}/hooks/{}/events", place.collection(), place.id, look.hook.remote_id),
      {.limit = missed_log_read_max, .per_page = missed_log_page}, take);
  if (!listed.ok() && is_far_enough(listed.error())) return log;
  if (listed.ok() && read < missed_log_read_max) return log;
  // None in older versions, or not for this user; or its end is out of reach.
  bool const hidden = listed.ok() || listed.error().kind == ErrorKind::not_found ||
                      listed.error().kind == ErrorKind::denied;
  if (!hidden) return listed.error();
  return HookLog{.kept = false};
}

Result<MissedHooks::Count> MissedHooks::take_log(action::Api& api, Look const& look,
                                                 HookLog const& log) {
  HookPlace const place = place_of(look.hook.target);
  Count count;
  int resends = 0;
  for (auto const& [id, entry] : log.failed) {
    if (!is_left_out(entry.body)) {
      FAIRLEAD_CHECK(take(look, entry.headers, entry.body, count));
      continue;
    }
    if (++resends > missed_resends_max) continue;
    auto const again = api.send(action::post("/{}/{}/hooks/{}/events/{}/resend", place.collection(),
                                             place.id, look.hook.remote_id, id));
    if (!again.ok())
      parts_.log.info("a missed webhook could not be resent",
                      {{"place", look.hook.target}, {"error", describe(again.error())}});
  }
  return count;
}

Result<void> MissedHooks::take(Look const& look, net::Headers const& headers, Json const& body,
                               Count& count) {
  auto const receipt = parts_.intake.take_missed(look.hook, headers, body.dump());
  if (!receipt.ok() && receipt.error().kind == ErrorKind::invalid_input) return {};
  if (!receipt.ok()) return receipt.error();
  ++(receipt->kind == HookReceipt::Kind::accepted ? count.taken : count.known);
  return {};
}

// The states that were heard of in time.
Result<std::set<std::string>> MissedHooks::heard(ListedKind const& kind, Time since) {
  std::set<std::string> states;
  std::int64_t after = 0;
  for (int read = 0; read < heard_max; read += heard_page) {
    FAIRLEAD_TRY(auto const page, parts_.store.events().of_types({std::string(kind.type)}, since,
                                                                 after, heard_page));
    for (auto const& event : page)
      states.insert(state_of(kind, event.envelope["data"]));
    if (page.size() < static_cast<std::size_t>(heard_page)) break;
    after = page.back().seq;
  }
  return states;
}

Result<MissedHooks::Count> MissedHooks::take_listings(action::Api& api, Look const& look,
                                                      Json const& hook, Time since) {
  HookPlace const place = place_of(look.hook.target);
  Count count;
  for (auto const& kind : listed_kinds) {
    bool const listed = place.kind == HookPlace::Kind::project || kind.of_groups;
    if (!listed || !hook[kind.flag].as_bool()) continue;
    FAIRLEAD_TRY(auto const known, heard(kind, since - missed_gap_max));
    std::vector<Json> bodies;
    auto const take_row = [&](Json row) -> Result<void> {
      if (would_be_told(kind, row, hook)) bodies.push_back(listed_body(kind, row, since));
      return {};
    };
    auto request = action::get("/{}/{}/{}", place.collection(), place.id, kind.path)
                       .query("updated_after", format_time(since - listing_slack))
                       .query("order_by", "updated_at")
                       .query("sort", "desc");
    if (kind.of_groups) request.query("scope", "all");  // not those of the token's user alone
    auto const rows = api.list(request, {.limit = missed_listed_max}, take_row);
    // A project may have no issues, or merge requests for its members only.
    bool const hidden = !rows.ok() && (rows.error().kind == ErrorKind::denied ||
                                       rows.error().kind == ErrorKind::not_found);
    if (!rows.ok() && !hidden) return rows.error();
    for (auto body = bodies.rbegin(); body != bodies.rend(); ++body) {
      std::string const state = state_of(kind, *body);
      if (state.empty() || known.contains(state)) continue;
      net::Headers const headers{
          {"X-Gitlab-Event", std::string(kind.header)},
          {"Idempotency-Key", "listed:" + std::string(kind.object_kind) + ":" + state}};
      FAIRLEAD_CHECK(take(look, headers, *body, count));
    }
  }
  return count;
}

void MissedHooks::tell(Look const& look, Count const& count) {
  if (count.taken == 0) return;
  parts_.log.info("events that webhooks had missed were put into the inbox",
                  {{"place", look.hook.target},
                   {"connection", look.connection.name},
                   {"events", count.taken},
                   {"knownAlready", count.known}});
}

}  // namespace fairlead::gitlab
