#include "gitlab/hook_wanted.h"

#include <algorithm>

#include "base/text.h"
#include "gitlab/hook_kinds.h"
#include "gitlab/hook_place.h"

namespace fairlead::gitlab {
namespace {

// Fields of the kinds that the record names, where the place has them.
void tick_kinds(Json& hook, store::WebhookRecord const& record) {
  bool const of_group = place_of(record.target).kind == HookPlace::Kind::group;
  auto const named = split(record.kinds, ' ');
  for (auto const& kind : hook_kinds()) {
    bool const has_it = of_group || kind.at == HookKind::At::project;
    if (has_it && std::find(named.begin(), named.end(), kind.name) != named.end())
      hook.set(std::string(kind.field), true);
  }
}

}  // namespace

// Secrets are never shown, nor are
// kinds of events that this GitLab does not have.
bool has_drifted(Json const& hook, Json const& wanted) {
  for (auto const* name : {"url", "pipeline_events", "issues_events", "enable_ssl_verification"}) {
    if (!(hook[name] == wanted[name])) return true;
  }
  for (auto const& kind : hook_kinds()) {
    bool const ticked = wanted[kind.field].as_bool();
    if (ticked && hook.contains(kind.field) && !hook[kind.field].as_bool()) return true;
  }
  return false;
}

Json hook_wanted(store::WebhookRecord const& record, HookSecrets const& secrets,
                 std::string const& url) {
  Json hook = Json::object({{"url", url},
                            {"name", "Fairlead"},
                            {"description", "Wakes workflow runs. Kept by Fairlead."},
                            {"token", secrets.token.reveal()},
                            {"signing_token", secrets.signing_token.reveal()},
                            {"push_events", false},
                            {"pipeline_events", true},
                            {"issues_events", true},
                            {"enable_ssl_verification", true}});
  tick_kinds(hook, record);
  return hook;
}

}  // namespace fairlead::gitlab
