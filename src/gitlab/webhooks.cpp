#include "gitlab/webhooks.h"

#include <array>

#include "action/request.h"
#include "base/text.h"
#include "gitlab/hook_place.h"
#include "net/url.h"

namespace fairlead::gitlab {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr int not_found_status = 404;

vault::SealContext place(store::WebhookRecord const& record, std::string_view column) {
  return {.table = "webhook", .row = record.id, .column = column};
}

bool is_loopback(std::string_view url) {
  auto const parsed = net::parse_url(url);
  if (!parsed.ok()) return false;
  return parsed->host == "localhost" || parsed->host == "::1" || parsed->host == "[::1]" ||
         parsed->host.starts_with("127.");
}

// What GitLab shows of a hook that differs from what we want. Secrets are never shown.
bool has_drifted(Json const& hook, Json const& wanted) {
  for (auto const* name : {"url", "pipeline_events", "issues_events", "enable_ssl_verification"}) {
    if (!(hook[name] == wanted[name])) return true;
  }
  return false;
}

// Why no hook can be made, for a person; "" if it may work another time.
std::string lasting_reason(HookPlace const& place, Error const& error) {
  bool const of_group = place.kind == HookPlace::Kind::group;
  bool const refused = error.kind == ErrorKind::denied || error.kind == ErrorKind::not_found;
  if (refused && of_group)
    return "GitLab allows no webhook of the group: that takes Premium or Ultimate and the role "
           "Owner in the group; each project has its own";
  if (refused)
    return "the connection's user may not make webhooks in the project: that takes the role "
           "Maintainer and the scope api";
  if (error.kind == ErrorKind::invalid_input || error.status == 422)
    return "GitLab refuses the webhook (" + error.message +
           "): addresses in local networks are refused unless an administrator allows them";
  return "";
}

}  // namespace

bool is_switched_off(Json const& hook) {
  std::string const status = hook["alert_status"].string_or("executable");
  return status != "executable" || !hook["disabled_until"].is_null();
}

Result<HookSecrets> open_secrets(vault::Vault& vault, store::WebhookRecord const& record) {
  HookSecrets secrets;
  FAIRLEAD_TRY(secrets.token, vault.open(place(record, "token"), record.sealed_token));
  FAIRLEAD_TRY(secrets.signing_token,
               vault.open(place(record, "signing_token"), record.sealed_signing_token));
  return secrets;
}

Result<int> reseal_webhooks(store::WebhookStore& webhooks, vault::Vault& vault, int limit) {
  FAIRLEAD_TRY(auto const all, webhooks.list());
  int resealed = 0;
  for (auto record : all) {
    if (resealed >= limit) break;
    if (!vault.is_outdated(record.sealed_token)) continue;
    FAIRLEAD_TRY(auto const secrets, open_secrets(vault, record));
    std::string const former = record.sealed_token;
    record.sealed_token = vault.seal(place(record, "token"), secrets.token);
    record.sealed_signing_token = vault.seal(place(record, "signing_token"), secrets.signing_token);
    FAIRLEAD_CHECK(webhooks.reseal(record, former));
    ++resealed;
  }
  return resealed;
}

Result<store::WebhookRecord> Webhooks::make_record(WebhookTarget const& target) {
  Time const now = parts_.clock.now();
  store::WebhookRecord record;
  record.id = uuid7(parts_.random, now);
  record.connection = target.connection;
  record.target = target.place;
  record.status = "polling";
  record.reason = "no webhook was made yet";
  record.created_at = now;
  record.used_at = now;
  std::string key(secret_bytes, '\0');
  parts_.random.fill(std::as_writable_bytes(std::span(key)));
  record.sealed_token =
      parts_.vault.seal(place(record, "token"), Secret(random_token(parts_.random, secret_bytes)));
  record.sealed_signing_token =
      parts_.vault.seal(place(record, "signing_token"), Secret("whsec_" + base64_encode(key)));
  wipe(key);
  // Before GitLab hears of it: its first delivery may come at once.
  FAIRLEAD_CHECK(parts_.store.put(record));
  return record;
}

bool Webhooks::is_due(store::WebhookRecord const& record) const {
  Milliseconds const since = parts_.clock.now() - record.checked_at;
  // A tier or a role in a group seldom changes, and the projects have their own hooks meanwhile.
  bool const refused =
      record.status == "polling" && place_of(record.target).kind == HookPlace::Kind::group;
  bool const seldom = record.status == "verified" || refused;
  return since >= (seldom ? hook_check_interval : hook_retry_interval);
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
  return Json::object({{"url", url_of(record)},
                       {"name", "Fairlead"},
                       {"description", "Wakes workflow runs. Kept by Fairlead."},
                       {"token", secrets.token.reveal()},
                       {"signing_token", secrets.signing_token.reveal()},
                       {"push_events", false},
                       {"pipeline_events", true},
                       {"issues_events", true},
                       {"enable_ssl_verification", true}});
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
      if (hook.is_null() || name != "push_events") request.body(name, value);
    }
    FAIRLEAD_TRY(auto answer, api->send(request));
    hook = std::move(answer.body);
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
  FAIRLEAD_CHECK(parts_.store.put(record));
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

void Webhooks::note_failure(store::WebhookRecord& record, Error const& error) {
  std::string const lasting = lasting_reason(place_of(record.target), error);
  record.status = "polling";
  record.reason = lasting.empty() ? "GitLab could not be asked: " + error.message : lasting;
  record.checked_at = parts_.clock.now();
  parts_.log.warning("no webhook: what is waited for is polled",
                     {{"place", record.target}, {"reason", record.reason}});
}

// Its own, or that of another connection to the same GitLab, which is then asked through that one.
// One that the other cannot keep is taken over.
Result<std::optional<store::WebhookRecord>> Webhooks::record_for(WebhookTarget& target) {
  FAIRLEAD_TRY(auto own, parts_.store.find_for(target.connection, target.place));
  if (own || parts_.connections == nullptr) return own;
  FAIRLEAD_TRY(auto const all, parts_.connections->list());
  for (auto const& other : all) {
    if (other.id == target.connection || other.base_url != target.base_url) continue;
    FAIRLEAD_TRY(auto theirs, parts_.store.find_for(other.id, target.place));
    if (!theirs) continue;
    if (theirs->status != "polling") {
      target.connection = other.id;
      target.name = other.name;
      return theirs;
    }
    theirs->connection = target.connection;
    theirs->checked_at = Time{};
    FAIRLEAD_CHECK(parts_.store.put(*theirs));
    return theirs;
  }
  return own;
}

Result<store::WebhookRecord> Webhooks::ensure(WebhookTarget const& wanted) {
  WebhookTarget target = wanted;
  FAIRLEAD_TRY(auto found, record_for(target));
  if (!found) {
    FAIRLEAD_TRY(found, make_record(target));
  }
  store::WebhookRecord record = std::move(*found);
  Time const now = parts_.clock.now();
  bool const stale_use = now - record.used_at > hook_check_interval;
  if (stale_use) record.used_at = now;
  if (!is_due(record)) {
    if (stale_use) FAIRLEAD_CHECK(parts_.store.put(record));
    return record;
  }
  std::string const unreachable = why_unreachable(target);
  if (!unreachable.empty()) {
    record.status = "polling";
    record.reason = unreachable;
    record.checked_at = now;
    FAIRLEAD_CHECK(parts_.store.put(record));
    return record;
  }
  auto done = reconcile(target, record);
  if (!done.ok()) {
    note_failure(record, done.error());
    FAIRLEAD_CHECK(parts_.store.put(record));
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
    FAIRLEAD_CHECK(parts_.store.put(*record));
  }
  return ensure(target);
}

Result<void> Webhooks::remove_at_gitlab(WebhookTarget const& target,
                                        store::WebhookRecord const& record) {
  if (record.remote_id == 0) return {};
  HookPlace const place = place_of(target.place);
  FAIRLEAD_TRY(auto const api,
               parts_.apis.open_for(target.name, {.workflow = "fairlead/keeper", .call = {}}));
  auto const gone =
      api->send(action::del("/{}/{}/hooks/{}", place.collection(), place.id, record.remote_id));
  if (!gone.ok() && gone.error().status != not_found_status) return gone.error();
  return {};
}

Result<bool> Webhooks::remove_unused(WebhookTarget const& target) {
  FAIRLEAD_TRY(auto const record, parts_.store.find_for(target.connection, target.place));
  if (!record || parts_.clock.now() - record->used_at < hook_unused_max) return false;
  FAIRLEAD_CHECK(remove_at_gitlab(target, *record));
  FAIRLEAD_CHECK(parts_.store.remove(record->id));
  return true;
}

Result<bool> Webhooks::remove(WebhookTarget const& wanted) {
  WebhookTarget target = wanted;
  FAIRLEAD_TRY(auto const record, record_for(target));
  if (!record) return false;
  FAIRLEAD_CHECK(parts_.store.remove(record->id));
  FAIRLEAD_CHECK(remove_at_gitlab(target, *record));
  return true;
}

}  // namespace fairlead::gitlab
