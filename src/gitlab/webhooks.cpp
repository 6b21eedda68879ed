#include "gitlab/webhooks.h"

#include <algorithm>
#include <array>

#include "action/request.h"
#include "base/text.h"
#include "gitlab/hook_keeper.h"
#include "gitlab/hook_kinds.h"
#include "gitlab/hook_place.h"
#include "gitlab/hook_record.h"
#include "gitlab/hook_removal.h"
#include "gitlab/hook_secrets.h"
#include "gitlab/hook_wanted.h"
#include "gitlab/refs.h"
#include "net/url.h"

namespace fairlead::gitlab {
namespace {

constexpr int not_found_status = 404;

bool is_loopback(std::string_view url) {
  auto const parsed = net::parse_url(url);
  if (!parsed.ok()) return false;
  return parsed->host == "localhost" || parsed->host == "::1" || parsed->host == "[::1]" ||
         parsed->host.starts_with("127.");
}

// Why no hook can be made, for a person; "" if it may work another time.
std::string lasting_reason(HookPlace const& place, Error const& error) {
  bool const of_group = place.kind == HookPlace::Kind::group;
  bool const refused = error.kind == ErrorKind::denied || error.kind == ErrorKind::not_found;
  if (refused && of_group)
    return "GitLab allows no webhook of the group: that takes Premium or Ultimate and the role "
           "Owner in the group; name its projects instead, then each has its own";
  if (refused)
    return "the connection's user may not make webhooks in the project: that takes the role "
           "Maintainer and the scope api";
  if (error.kind == ErrorKind::invalid_input || error.status == 422)
    return "GitLab refuses the webhook (" + error.message +
           "): addresses in local networks are refused unless an administrator allows them";
  return "";
}

Error removed_meanwhile(store::WebhookRecord const& record) {
  return make_error(ErrorKind::conflict,
                    "The webhook of " + record.target + " was removed meanwhile.");
}

}  // namespace

bool is_switched_off(Json const& hook) {
  std::string const status = hook["alert_status"].string_or("executable");
  return status != "executable" || !hook["disabled_until"].is_null();
}

Result<store::WebhookRecord> Webhooks::make_record(WebhookTarget const& target) {
  auto record =
      new_hook_record({.vault = parts_.vault, .clock = parts_.clock, .random = parts_.random},
                      target.connection, target.place);
  if (target.use == WebhookTarget::Use::run) record.used_at = record.created_at;
  record.path = target.path;
  FAIRLEAD_CHECK(parts_.store.put(record));
  return record;
}

bool Webhooks::is_due(store::WebhookRecord const& record) const {
  Milliseconds const age = parts_.clock.now() - record.checked_at;
  // In the future: the clock was set back since.
  return age < Milliseconds(0) || age >= retry_interval(record);
}

Milliseconds Webhooks::retry_interval(store::WebhookRecord const& record) {
  // What stands and has a reason was not compared: GitLab gave no answer.
  bool const compared = record.status == "verified" && record.reason.empty();
  // A tier or a role in a group seldom changes, and the projects have their own hooks meanwhile.
  bool const refused =
      record.status == "polling" && place_of(record.target).kind == HookPlace::Kind::group;
  return compared || refused ? hook_check_interval : hook_retry_interval;
}

std::string Webhooks::why_unreachable(WebhookTarget const& target) const {
  using PublicUrl = WebhookOptions::PublicUrl;
  bool const near = is_loopback(options_.public_url);
  if (near && is_loopback(target.base_url)) return "";
  if (options_.said == PublicUrl::ours)
    return "the server does not know its public URL: start it with --public-url";
  if (near) return "the server's public URL is one of this machine only";
  return "";
}

std::string Webhooks::url_of(store::WebhookRecord const& record) const {
  return options_.public_url + std::string(hook_path) + record.id;
}

Result<Json> Webhooks::wanted_hook(store::WebhookRecord const& record) {
  FAIRLEAD_TRY(auto const secrets, open_secrets(parts_.vault, record));
  return hook_wanted(record, secrets, url_of(record));
}

// The hook of the record at GitLab, or one that an earlier life of this server left; null if none.
Result<Json> Webhooks::present_hook(action::Api& api, WebhookTarget const& target,
                                    store::WebhookRecord const& record) {
  HookPlace const place = place_of(target.place);
  if (record.remote_id != 0) {
    auto found =
        api.send(action::get("/{}/{}/hooks/{}", place.collection(), place.id, record.remote_id));
    if (found.ok()) return std::move(found->body);
    if (found.error().status != not_found_status) return std::move(found).error();
  }
  std::string const prefix = options_.public_url + std::string(hook_path);
  Json mine;
  auto const look = [&](Json hook) -> Result<void> {
    std::string const& url = hook["url"].as_string();
    if (!url.starts_with(prefix)) return {};
    FAIRLEAD_TRY(auto const owner, parts_.store.find(url.substr(prefix.size())));
    if (!owner || owner->id == record.id) mine = std::move(hook);
    return {};
  };
  FAIRLEAD_CHECK(api.list(action::get("/{}/{}/hooks", place.collection(), place.id),
                          {.limit = hooks_looked_at_max}, look));
  return mine;
}

Result<void> Webhooks::reconcile(WebhookTarget const& target, store::WebhookRecord& record) {
  FAIRLEAD_TRY(auto const api,
               parts_.apis.open_for(target.name, {.workflow = "fairlead/keeper", .call = {}}));
  HookPlace const place = place_of(target.place);
  learn_path(*api, target, record);
  FAIRLEAD_TRY(Json hook, present_hook(*api, target, record));
  FAIRLEAD_TRY(Json const wanted, wanted_hook(record));
  bool const known = hook["id"].as_integer() == record.remote_id && record.remote_id != 0;
  bool const was_silent = record.remote_id != 0 && (!known || is_switched_off(hook));
  bool untried = !known || record.status != "verified" || is_switched_off(hook);
  // GitLab says it has no key any more (a restored backup, a feature switched off): unsigned ones
  // are genuine again until it signs anew.
  bool const unsigned_now = record.is_signed && hook["signing_token_present"].is_bool() &&
                            !hook["signing_token_present"].as_bool();
  if (unsigned_now) record.is_signed = false;
  if (hook.is_null() || !known || unsigned_now || has_drifted(hook, wanted)) {
    auto request = hook.is_null() ? action::post("/{}/{}/hooks", place.collection(), place.id)
                                  : action::put("/{}/{}/hooks/{}", place.collection(), place.id,
                                                hook["id"].as_integer());
    for (auto const& [name, value] : wanted.members()) {
      // On unless said otherwise; later it is the project's own choice.
      if (hook.is_null() || name != "push_events" || value.as_bool()) request.body(name, value);
    }
    FAIRLEAD_TRY(auto answer, api->send(request));
    hook = std::move(answer.body);
    FAIRLEAD_CHECK(id_of(hook, "the webhook"));
    parts_.log.info(
        "a webhook was set up",
        {{"place", target.place}, {"connection", target.name}, {"hook", hook["id"].as_integer()}});
    untried = true;
  }
  record.remote_id = hook["id"].as_integer();
  record.checked_at = parts_.clock.now();
  record.reason.clear();
  if (untried) record.status = "registered";
  // Before its test is delivered.
  if (was_silent) repaired_.emplace(record.id, record.delivered_at.value_or(record.created_at));
  FAIRLEAD_TRY(bool const stays, parts_.store.change(record));
  if (!stays) return withdraw(*api, record);
  if (!untried) return {};
  // A test also switches a disabled hook on again. A project without a pipeline has nothing to test
  // with: then the first delivery verifies the hook.
  auto const tested = api->send(action::post("/{}/{}/hooks/{}/test/pipeline_events",
                                             place.collection(), place.id, record.remote_id));
  if (!tested.ok())
    parts_.log.info("a webhook could not be tried out",
                    {{"place", target.place}, {"error", describe(tested.error())}});
  return {};
}

// Removed here while it was seen to, as by a disconnect: then it must not stand at GitLab either.
Result<void> Webhooks::withdraw(action::Api& api, store::WebhookRecord const& record) {
  auto const gone = remove_at_gitlab(api, record);
  if (!gone.ok())
    parts_.log.warning("a webhook could not be removed at GitLab",
                       {{"place", record.target}, {"error", describe(gone.error())}});
  return removed_meanwhile(record);
}

bool Webhooks::was_refused(store::WebhookRecord const& record,
                           ConnectionId const& connection) const {
  auto const found = refused_.find({record.id, connection});
  if (found == refused_.end()) return false;
  return parts_.clock.now() - found->second < retry_interval(record);
}

void Webhooks::note_failure(store::WebhookRecord& record, Error const& error) {
  std::string const lasting = lasting_reason(place_of(record.target), error);
  record.reason = lasting.empty() ? "GitLab could not be asked: " + error.message : lasting;
  record.checked_at = parts_.clock.now();
  // One that stands delivers on though GitLab's API gave no answer now.
  if (lasting.empty() && record.remote_id != 0 && record.status != "polling") {
    parts_.log.warning("a webhook could not be compared with GitLab: it is tried again",
                       {{"place", record.target}, {"reason", record.reason}});
    return;
  }
  if (refused_.size() >= refused_max) refused_.clear();
  refused_[{record.id, record.connection}] = parts_.clock.now();
  record.status = "polling";
  parts_.log.warning("no webhook: what is waited for is polled",
                     {{"place", record.target}, {"reason", record.reason}});
}

Result<bool> Webhooks::may_keep(ConnectionId const& connection) {
  auto const record = parts_.connections->get(connection);
  if (!record.ok() && record.error().kind != ErrorKind::not_found) return record.error();
  return record.ok() && why_no_keeper(*record).empty();
}

// Its own, or that of another connection to the same GitLab, which is then asked through that one.
// One that the other cannot keep is taken over, if this one may.
Result<std::optional<store::WebhookRecord>> Webhooks::record_for(WebhookTarget& target) {
  FAIRLEAD_TRY(auto own, parts_.store.find_for(target.connection, target.place));
  if (own || parts_.connections == nullptr) return own;
  FAIRLEAD_TRY(auto const all, parts_.connections->list());
  for (auto const& other : all) {
    if (other.id == target.connection || other.base_url != target.base_url) continue;
    FAIRLEAD_TRY(auto theirs, parts_.store.find_for(other.id, target.place));
    if (!theirs) continue;
    FAIRLEAD_TRY(bool const may, may_keep(target.connection));
    // Two that are both refused do not take it from each other before it is tried again.
    if (theirs->status != "polling" || !may || was_refused(*theirs, target.connection)) {
      target.connection = other.id;
      target.name = other.name;
      return theirs;
    }
    FAIRLEAD_TRY(bool const taken,
                 parts_.store.hand_over(theirs->id, theirs->connection, target.connection));
    if (!taken) continue;
    theirs->connection = target.connection;
    theirs->checked_at = Time{};
    return theirs;
  }
  return own;
}

// A place has one hook: the other one stays, and is kept by hand if this one was.
Result<void> Webhooks::merge_into(WebhookTarget const& target, store::WebhookRecord const& record,
                                  store::WebhookRecord& other) {
  using Keep = store::WebhookRecord::Keep;
  if (record.keep == Keep::by_hand && other.keep != Keep::by_hand) {
    FAIRLEAD_CHECK(parts_.store.keep(other.id, {.keep = record.keep, .by = record.kept_by}));
    other.keep = record.keep;
    other.kept_by = record.kept_by;
  }
  FAIRLEAD_CHECK(parts_.store.remove(record.id));
  auto const removed = remove_there(target, record);
  if (!removed.ok())
    parts_.log.warning("a webhook could not be removed at GitLab",
                       {{"place", record.target}, {"error", describe(removed.error())}});
  return {};
}

// Where its connection cannot keep the hook, or was refused and the one that asks cannot either:
// the next one that may does. Says what is missing if there is none.
Result<std::string> Webhooks::settle_keeper(ConnectionId const& asking, WebhookTarget& target,
                                            store::WebhookRecord& record) {
  if (parts_.connections == nullptr) return std::string();
  auto const holder = parts_.connections->get(target.connection);
  std::string why = holder.ok() ? why_no_keeper(*holder) : "";
  bool const refused = record.status == "polling" && record.checked_at != Time{};
  if (why.empty() && (asking == target.connection || !refused)) return why;
  FAIRLEAD_TRY(auto const next,
               next_keeper(*parts_.connections, target.connection, target.base_url));
  if (!next) return why;
  target.connection = next->id;
  target.name = next->name;
  FAIRLEAD_TRY(auto theirs, parts_.store.find_for(next->id, target.place));
  if (theirs) {
    FAIRLEAD_CHECK(merge_into(target, record, *theirs));
    record = std::move(*theirs);
    return std::string();
  }
  FAIRLEAD_TRY(bool const taken, parts_.store.hand_over(record.id, record.connection, next->id));
  if (!taken) return removed_meanwhile(record);
  record.connection = next->id;
  return std::string();
}

Result<void> Webhooks::keep_change(store::WebhookRecord const& record) {
  FAIRLEAD_TRY(bool const stays, parts_.store.change(record));
  return stays ? Result<void>() : Result<void>(removed_meanwhile(record));
}

Result<store::WebhookRecord> Webhooks::polled(store::WebhookRecord record, std::string reason) {
  record.status = "polling";
  record.reason = std::move(reason);
  record.checked_at = parts_.clock.now();
  FAIRLEAD_CHECK(keep_change(record));
  return record;
}

Result<store::WebhookRecord> Webhooks::note_unseen(WebhookTarget const& target,
                                                   std::string reason) {
  FAIRLEAD_TRY(auto record, parts_.store.find_for(target.connection, target.place));
  if (!record) {
    FAIRLEAD_TRY(record, make_record(target));
  }
  return polled(std::move(*record), std::move(reason));
}

// True if the record changed. A kind that is new to the hook is ticked at once.
bool Webhooks::note_wishes(WebhookTarget const& wanted, store::WebhookRecord& record) {
  Time const now = parts_.clock.now();
  bool const runs_wait = wanted.use == WebhookTarget::Use::run;
  bool const stale_use = runs_wait && now - record.used_at > hook_check_interval;
  if (stale_use) record.used_at = now;
  std::string kinds = join_kinds(record.kinds, wanted.kinds);
  bool const more = kinds != record.kinds;
  if (more) record.checked_at = Time{};
  record.kinds = std::move(kinds);
  bool const renamed = !wanted.path.empty() && wanted.path != record.path;
  if (renamed) record.path = wanted.path;
  return stale_use || more || renamed;
}

// For people: a number says little. Where GitLab does not tell, it stays as it was.
void Webhooks::learn_path(action::Api& api, WebhookTarget const& target,
                          store::WebhookRecord& record) {
  HookPlace const place = place_of(record.target);
  if (place.kind == HookPlace::Kind::group || !target.path.empty()) return;
  auto const shown = api.send(action::get("/projects/{}", place.id));
  if (!shown.ok()) return;
  std::string const path = shown->body["path_with_namespace"].string_or("");
  if (!path.empty()) record.path = path;
}

Result<store::WebhookRecord> Webhooks::ensure(WebhookTarget const& wanted) {
  WebhookTarget target = wanted;
  FAIRLEAD_TRY(auto found, record_for(target));
  if (!found) {
    FAIRLEAD_TRY(found, make_record(target));
  }
  store::WebhookRecord record = std::move(*found);
  bool const changed = note_wishes(wanted, record);
  if (!is_due(record)) {
    if (changed) FAIRLEAD_CHECK(keep_change(record));
    return record;
  }
  std::string lacking = why_unreachable(target);
  if (lacking.empty()) {
    FAIRLEAD_TRY(lacking, settle_keeper(wanted.connection, target, record));
  }
  if (!lacking.empty()) {
    auto const api = parts_.apis.open_for(target.name, {.workflow = "fairlead/keeper", .call = {}});
    if (api.ok()) learn_path(**api, target, record);
    return polled(std::move(record), lacking);
  }
  auto done = reconcile(target, record);
  if (!done.ok()) {
    note_failure(record, done.error());
    FAIRLEAD_CHECK(keep_change(record));
    return record;
  }
  // A delivery may have verified it meanwhile.
  FAIRLEAD_TRY(auto const fresh, parts_.store.find(record.id));
  return fresh ? *fresh : record;
}

Result<store::WebhookRecord> Webhooks::check_now(WebhookTarget const& wanted) {
  WebhookTarget target = wanted;
  FAIRLEAD_TRY(auto record, record_for(target));
  if (record) {
    record->checked_at = Time{};
    FAIRLEAD_CHECK(keep_change(*record));
  }
  return ensure(target);
}

Result<void> Webhooks::remove_there(WebhookTarget const& target,
                                    store::WebhookRecord const& record) {
  if (record.remote_id == 0) return {};
  FAIRLEAD_TRY(auto const api,
               parts_.apis.open_for(target.name, {.workflow = "fairlead/keeper", .call = {}}));
  return remove_at_gitlab(*api, record);
}

Result<bool> Webhooks::remove_unused(WebhookTarget const& target) {
  FAIRLEAD_TRY(auto const record, parts_.store.find_for(target.connection, target.place));
  if (!record) return false;
  FAIRLEAD_CHECK(remove_there(target, *record));
  FAIRLEAD_CHECK(parts_.store.remove(record->id));
  return true;
}

Result<bool> Webhooks::remove(WebhookTarget const& wanted) {
  WebhookTarget target = wanted;
  FAIRLEAD_TRY(auto const record, record_for(target));
  if (!record) return false;
  FAIRLEAD_CHECK(parts_.store.remove(record->id));
  FAIRLEAD_CHECK(remove_there(target, *record));
  return true;
}

}  // namespace fairlead::gitlab
