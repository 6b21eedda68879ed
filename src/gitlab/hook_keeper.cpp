#include "gitlab/hook_keeper.h"

#include <algorithm>

#include "action/scopes.h"

namespace fairlead::gitlab {

std::string why_no_keeper(store::ConnectionRecord const& connection) {
  if (connection.settings["readOnly"].as_bool())
    return "the connection " + connection.name +
           " is kept read-only, and no other one to this GitLab can make webhooks: add one that "
           "may write (scope api, role Maintainer)";
  if (action::grants(connection.scopes, action::Scope::api)) return "";
  return "the connection " + connection.name + " has the scopes " + connection.scopes +
         ", and webhooks need api: reconnect it asking for api, or add a connection that has it";
}

Result<std::optional<store::ConnectionRecord>> next_keeper(store::ConnectionStore& connections,
                                                           ConnectionId const& after,
                                                           std::string const& base_url) {
  FAIRLEAD_TRY(auto all, connections.list());
  auto const at =
      std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.id == after; });
  if (at != all.end()) std::rotate(all.begin(), at + 1, all.end());
  for (auto& one : all) {
    bool const fits = one.id != after && one.base_url == base_url && one.status == "active" &&
                      why_no_keeper(one).empty();
    if (fits) return std::optional(std::move(one));
  }
  return std::optional<store::ConnectionRecord>();
}

Result<std::optional<store::ConnectionRecord>> heir_of(store::ConnectionStore& connections,
                                                       store::ConnectionRecord const& leaving) {
  FAIRLEAD_TRY(auto heir, next_keeper(connections, leaving.id, leaving.base_url));
  if (heir) return heir;
  FAIRLEAD_TRY(auto all, connections.list());
  for (auto& one : all) {
    bool const fits =
        one.id != leaving.id && one.base_url == leaving.base_url && why_no_keeper(one).empty();
    if (fits) return std::optional(std::move(one));
  }
  return heir;
}

}  // namespace fairlead::gitlab
