#include "api/connection_care.h"

#include "access/role.h"
#include "api/connections.h"
#include "base/text.h"
#include "connection/change.h"
#include "net/fault_stage.h"

namespace fairlead::api {
namespace {

using connection::ConnectionChange;
using connection::DoctorStep;
using connection::NewConnection;
using connection::ServerLook;

Json step_json(DoctorStep const& step) {
  Json json = Json::object({{"id", step.id},
                            {"title", step.title},
                            {"state", connection::to_string(step.state)},
                            {"detail", step.detail}});
  if (!step.fix.empty()) json.set("fix", step.fix);
  if (!step.certificates.empty()) {
    Json shown = Json::array();
    for (auto const& one : step.certificates)
      shown.push_back(one);
    json.set("certificates", std::move(shown));
  }
  return json;
}

Result<net::ServerResponse> test(ConnectionCareParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto steps, parts.doctor.examine(call.request.param("name")));
  Json items = Json::array();
  bool ok = true;
  for (auto const& step : steps) {
    items.push_back(step_json(step));
    ok = ok && step.state != DoctorStep::State::failed;
  }
  return net::json_response(200, Json::object({{"ok", ok}, {"steps", std::move(items)}}));
}

// Where in that GitLab an application is made, by who may.
Json application_pages(std::string const& root) {
  return Json::object({{"user", root + "/-/user_settings/applications"},
                       {"group", root + "/groups/<group>/-/settings/applications"},
                       {"instance", root + "/admin/applications"}});
}

Json tls_json(ServerLook const& look, std::string const& base_url) {
  auto const stage = look.fault ? net::fault_stage(*look.fault) : net::FaultStage::none;
  bool const reached = stage == net::FaultStage::none;
  if (!base_url.starts_with("https:"))
    return Json::object({{"used", false}, {"state", reached ? "none" : "unknown"}});
  std::string const state = stage == net::FaultStage::tls ? "refused"
                            : reached                     ? "good"
                                                          : "unknown";
  return Json::object({{"used", true}, {"state", state}});
}

Json look_json(ConnectionCareParts const& parts, ServerLook const& look) {
  auto const stage = look.fault ? net::fault_stage(*look.fault) : net::FaultStage::none;
  Json json = Json::object(
      {{"baseUrl", look.base_url},
       {"reachable", stage == net::FaultStage::none},
       {"gitlab", look.gitlab},
       {"tls", tls_json(look, look.base_url)},
       {"deviceSignIn", look.device_sign_in},
       {"redirectUri", parts.doctor.redirect_uri()},
       {"applicationPageUrl", look.base_url + "/-/user_settings/applications"},
       {"applicationPages", application_pages(look.base_url)},
       {"accessTokenPageUrl", look.base_url + "/-/user_settings/personal_access_tokens"}});
  if (!look.version.empty()) json.set("version", look.version);
  if (!look.address.empty()) json.set("address", look.address);
  if (!look.issuer.empty()) json.set("issuer", look.issuer);
  if (!look.root_hint.empty()) json.set("rootPathHint", look.root_hint);
  Json scopes = Json::array();
  for (auto const& scope : look.scopes)
    scopes.push_back(scope);
  json.set("scopesSupported", std::move(scopes));
  if (look.fault) {
    Json problem = to_json(*look.fault);
    if (stage != net::FaultStage::none) problem.set("stage", net::to_string(stage));
    json.set("problem", std::move(problem));
  }
  return json;
}

Result<net::ServerResponse> probe(ConnectionCareParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(
      only_members(body, {"baseUrl", "caPem", "clientCertPem", "clientKeyPem", "proxy"}));
  FAIRLEAD_TRY(auto base_url, text_of(body, "baseUrl"));
  connection::Reach reach;
  FAIRLEAD_TRY(reach.ca_pem, text_of(body, "caPem"));
  FAIRLEAD_TRY(reach.client_cert_pem, text_of(body, "clientCertPem"));
  FAIRLEAD_TRY(auto key, text_of(body, "clientKeyPem"));
  reach.client_key_pem = Secret(std::move(key));
  FAIRLEAD_TRY(reach.proxy, text_of(body, "proxy"));
  FAIRLEAD_TRY(auto look, parts.doctor.probe(base_url, reach));
  return net::json_response(200, look_json(parts, look));
}

Result<std::optional<std::string>> given_text(Json const& body, std::string const& name) {
  if (!body.contains(name)) return std::optional<std::string>();
  if (body[name].is_null()) return std::optional<std::string>("");
  FAIRLEAD_TRY(auto text, text_of(body, name));
  return std::optional<std::string>(std::move(text));
}

Result<std::optional<Secret>> given_secret(Json const& body, std::string const& name) {
  FAIRLEAD_TRY(auto text, given_text(body, name));
  if (!text) return std::optional<Secret>();
  return std::optional<Secret>(Secret(*std::move(text)));
}

Result<void> read_names(Json const& body, ConnectionChange& wish) {
  FAIRLEAD_TRY(wish.name, given_text(body, "name"));
  if (!body.contains("aliases")) return {};
  if (!body["aliases"].is_array()) return invalid_input("aliases", "\"aliases\" must be a list.");
  wish.aliases.emplace();
  for (auto const& alias : body["aliases"].items()) {
    if (!alias.is_string()) return invalid_input("aliases", "An alias must be a text.");
    wish.aliases->push_back(alias.as_string());
  }
  return {};
}

Result<void> read_use(Json const& body, ConnectionChange& wish) {
  FAIRLEAD_TRY(bool const is_default, flag_of(body, "default"));
  if (body.contains("default"))
    wish.is_default = is_default ? NewConnection::Default::yes : NewConnection::Default::no;
  FAIRLEAD_TRY(bool const read_only, flag_of(body, "readOnly"));
  if (body.contains("readOnly"))
    wish.writes = read_only ? ConnectionChange::Writes::refused : ConnectionChange::Writes::allowed;
  FAIRLEAD_TRY(wish.minimum_role, given_text(body, "minimumRole"));
  if (wish.minimum_role && !wish.minimum_role->empty() && !access::role_from(*wish.minimum_role))
    return invalid_input("minimumRole", "There is no role \"" + shorten(*wish.minimum_role, 40) +
                                            "\": use viewer, operator, author or org-admin.");
  return {};
}

Result<ConnectionChange> read_change(Json const& body) {
  FAIRLEAD_CHECK(only_members(
      body, {"name", "aliases", "default", "readOnly", "minimumRole", "baseUrl", "clientId",
             "clientSecret", "caPem", "clientCertPem", "clientKeyPem", "proxy"}));
  ConnectionChange wish;
  FAIRLEAD_CHECK(read_names(body, wish));
  FAIRLEAD_CHECK(read_use(body, wish));
  FAIRLEAD_TRY(wish.base_url, given_text(body, "baseUrl"));
  FAIRLEAD_TRY(wish.client_id, given_text(body, "clientId"));
  FAIRLEAD_TRY(wish.client_secret, given_secret(body, "clientSecret"));
  FAIRLEAD_TRY(wish.ca_pem, given_text(body, "caPem"));
  FAIRLEAD_TRY(wish.client_cert_pem, given_text(body, "clientCertPem"));
  FAIRLEAD_TRY(wish.client_key_pem, given_secret(body, "clientKeyPem"));
  FAIRLEAD_TRY(wish.proxy, given_text(body, "proxy"));
  return wish;
}

Result<net::ServerResponse> change(ConnectionCareParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_TRY(auto wish, read_change(body));
  FAIRLEAD_TRY(auto record, parts.connections.change(call.request.param("name"), wish));
  return net::json_response(200, shown_connection(parts.connections, record));
}

}  // namespace

std::vector<Endpoint> connection_care_endpoints(ConnectionCareParts parts) {
  using access::Role;
  using net::Method;
  std::string const one = "/api/v1/connections/{name}";
  return {
      {Method::post, "/api/v1/connections/probe", Role::org_admin,
       "Look at a GitLab before connecting it",
       [parts](Call const& call) { return probe(parts, call); }},
      {Method::patch, one, Role::org_admin, "Change a connection",
       [parts](Call const& call) { return change(parts, call); }},
      {Method::post, one + "/test", Role::operator_, "Test the connection step by step",
       [parts](Call const& call) { return test(parts, call); }},
  };
}

}  // namespace fairlead::api
