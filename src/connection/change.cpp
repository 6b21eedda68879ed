// Connections::change.
#include "connection/change.h"

#include "base/text.h"
#include "connection/care.h"
#include "connection/live_connection.h"
#include "connection/sealing.h"
#include "connection/settings.h"

namespace fairlead::connection {
namespace {

Result<void> check(ConnectionChange const& wish, net::AddressList const& allowed_http) {
  if (wish.name) FAIRLEAD_CHECK(check_name("name", *wish.name));
  if (wish.base_url) {
    FAIRLEAD_CHECK(check_base_url(*wish.base_url));
    FAIRLEAD_CHECK(check_scheme(*wish.base_url, allowed_http));
  }
  Reach reach;
  reach.ca_pem = wish.ca_pem.value_or("");
  reach.client_cert_pem = wish.client_cert_pem.value_or("");
  reach.proxy = wish.proxy.value_or("");
  FAIRLEAD_CHECK(check_reach(reach));
  if (!wish.aliases) return {};
  if (wish.aliases->size() > aliases_max)
    return invalid_input("aliases",
                         "A connection has at most " + std::to_string(aliases_max) + " aliases.");
  for (auto const& alias : *wish.aliases)
    FAIRLEAD_CHECK(check_name("aliases", alias));
  return {};
}

// A name means one connection, whether it is its name or an alias.
Result<void> check_free(std::vector<store::ConnectionRecord> const& all,
                        store::ConnectionRecord const& record, std::string const& name) {
  for (auto const& other : all) {
    if (other.id == record.id) continue;
    bool taken = other.name == name;
    for (auto const& alias : other.settings["aliases"].items())
      taken = taken || alias.as_string() == name;
    if (!taken) continue;
    Error error = make_error(ErrorKind::conflict, "\"" + name + "\" means the connection \"" +
                                                      other.name + "\" already.");
    error.where = "name";
    error.remedy = "Choose another name, or take it away from \"" + other.name + "\" first.";
    return error;
  }
  return {};
}

void set_or_erase(Json& settings, std::string_view name, std::optional<std::string> const& value) {
  if (!value) return;
  if (value->empty())
    settings.erase(name);
  else
    settings.set(name, *value);
}

void set_settings(ConnectionChange const& wish, Json& settings) {
  if (!settings.is_object()) settings = Json::object();
  set_or_erase(settings, "caPem", wish.ca_pem);
  set_or_erase(settings, "clientCertPem", wish.client_cert_pem);
  set_or_erase(settings, "proxy", wish.proxy);
  set_or_erase(settings, "minimumRole", wish.minimum_role);
  if (wish.writes) settings.set("readOnly", *wish.writes == ConnectionChange::Writes::refused);
  if (!wish.aliases) return;
  Json aliases = Json::array();
  for (auto const& alias : *wish.aliases)
    aliases.push_back(alias);
  settings.set("aliases", std::move(aliases));
}

// Its tokens are of another GitLab or application: they must not be sent to the new one.
void forget_tokens(store::ConnectionRecord& record, std::string const& why) {
  record.sealed_access_token.clear();
  record.sealed_refresh_token.clear();
  record.token_expires_at.reset();
  record.account = Json();
  note_forgotten(record);
  if (record.status == "pending") return;
  record.status = "needs-sign-in";
  Error error =
      make_error(ErrorKind::denied, "Connection \"" + record.name + "\" is not signed in: " + why);
  error.title = "Connection not finished";  // runs wait for it
  error.remedy = "Reconnect it from Settings > App Store > GitLab.";
  record.last_error = to_json(error);
}

Result<void> apply(vault::Vault& vault, ConnectionChange const& wish,
                   store::ConnectionRecord& record) {
  if (wish.name) record.name = *wish.name;
  if (wish.is_default) record.is_default = *wish.is_default == NewConnection::Default::yes;
  set_settings(wish, record.settings);
  if (wish.client_key_pem) {
    FAIRLEAD_TRY(record.sealed_client_key,
                 seal_column(vault, record.id.text, "client_key", *wish.client_key_pem));
  }
  if (wish.client_secret) {
    FAIRLEAD_TRY(record.sealed_client_secret,
                 seal_column(vault, record.id.text, "client_secret", *wish.client_secret));
  }
  if (wish.client_id && *wish.client_id != record.client_id) {
    record.client_id = *wish.client_id;
    forget_tokens(record, "its OAuth application was changed.");
  }
  if (wish.base_url && instance_root(*wish.base_url) != record.base_url) {
    record.base_url = instance_root(*wish.base_url);
    forget_tokens(record, "its GitLab URL was changed.");
  }
  return {};
}

}  // namespace

Result<store::ConnectionRecord> Connections::change(std::string_view name,
                                                    ConnectionChange const& wish) {
  FAIRLEAD_CHECK(check(wish, options_.allowed_http));
  FAIRLEAD_TRY(auto const record, parts_.store.find(name));
  if (wish.client_id && record.auth_kind != "oauth")
    return invalid_input("clientId", "\"" + record.name + "\" uses an access token.");
  FAIRLEAD_TRY(auto const all, parts_.store.list());
  if (wish.name) FAIRLEAD_CHECK(check_free(all, record, *wish.name));
  for (auto const& alias : wish.aliases.value_or(std::vector<std::string>{}))
    FAIRLEAD_CHECK(check_free(all, record, alias));
  FAIRLEAD_TRY(auto stored, live(record.id)->change([&](auto& now) -> Result<void> {
    return apply(parts_.vault, wish, now);
  }));
  parts_.log.info("connection changed", {{"connection", stored.name}, {"was", record.name}});
  return stored;
}

}  // namespace fairlead::connection
