#include "api/connections.h"

#include "api/connection_gate.h"
#include "api/guard.h"
#include "api/problem.h"
#include "api/sign_in_pages.h"
#include "base/text.h"
#include "connection/care.h"
#include "connection/pending_sign_ins.h"
#include "net/url.h"

namespace fairlead::api {
namespace {

using connection::Connections;
using connection::NewConnection;

constexpr std::string_view start_path = "/oauth/start/";
constexpr Milliseconds refresh_ahead = connection::ConnectionOptions{}.refresh_ahead;

Result<NewConnection> read_new_connection(Json const& body) {
  FAIRLEAD_CHECK(
      only_members(body, {"name", "app", "baseUrl", "clientId", "clientSecret", "accessToken",
                          "scopes", "default", "caPem", "clientCertPem", "clientKeyPem", "proxy"}));
  FAIRLEAD_TRY(auto app, text_of(body, "app"));
  if (!app.empty() && app != "gitlab")
    return invalid_input(
        "app", "There is no app \"" + shorten(app, 40) + "\"; \"gitlab\" is the one there is.");
  NewConnection wanted;
  FAIRLEAD_TRY(auto name, text_of(body, "name"));
  if (!name.empty()) wanted.name = name;
  FAIRLEAD_TRY(wanted.base_url, text_of(body, "baseUrl"));
  FAIRLEAD_TRY(wanted.client_id, text_of(body, "clientId"));
  FAIRLEAD_TRY(auto client_secret, text_of(body, "clientSecret"));
  FAIRLEAD_TRY(auto access_token, text_of(body, "accessToken"));
  wanted.client_secret = Secret(std::move(client_secret));
  wanted.access_token = Secret(std::move(access_token));
  FAIRLEAD_TRY(auto scopes, text_of(body, "scopes"));
  if (!scopes.empty()) wanted.scopes = scopes;
  FAIRLEAD_TRY(auto is_default, flag_of(body, "default"));
  if (is_default) wanted.is_default = NewConnection::Default::yes;
  FAIRLEAD_TRY(wanted.reach.ca_pem, text_of(body, "caPem"));
  FAIRLEAD_TRY(wanted.reach.client_cert_pem, text_of(body, "clientCertPem"));
  FAIRLEAD_TRY(auto client_key, text_of(body, "clientKeyPem"));
  wanted.reach.client_key_pem = Secret(std::move(client_key));
  FAIRLEAD_TRY(wanted.reach.proxy, text_of(body, "proxy"));
  return wanted;
}

// Those the caller may use.
Result<net::ServerResponse> list(Connections& connections, Call const& call) {
  FAIRLEAD_TRY(auto all, connections.list());
  Json items = Json::array();
  for (auto const& record : all)
    if (may_use(call.caller.role, record)) items.push_back(shown_connection(connections, record));
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

Result<net::ServerResponse> create(ConnectionRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_TRY(auto wanted, read_new_connection(body));
  call.note.target = wanted.name;
  FAIRLEAD_TRY(auto record, parts.connections.create(wanted));
  if (record.status == "active") parts.signed_in(record.name);
  auto response = net::json_response(201, shown_connection(parts.connections, record));
  response.headers.add("Location", "/api/v1/connections/" + record.name);
  return response;
}

struct SignInWish {
  bool by_device{false};
  std::string scopes;
};

Result<SignInWish> read_wish(net::ServerRequest const& request) {
  SignInWish wish;
  if (request.body.empty()) return wish;
  FAIRLEAD_TRY(auto body, json_body(request));
  FAIRLEAD_CHECK(only_members(body, {"way", "scopes"}));
  FAIRLEAD_TRY(auto way, text_of(body, "way"));
  if (!way.empty() && way != "browser" && way != "device")
    return invalid_input("way", "\"browser\" and \"device\" are the ways there are.");
  wish.by_device = way == "device";
  FAIRLEAD_TRY(wish.scopes, text_of(body, "scopes"));
  return wish;
}

Result<net::ServerResponse> begin_by_device(ConnectionRoutesParts const& parts, Call const& call,
                                            std::string const& scopes) {
  FAIRLEAD_TRY(auto begun,
               parts.connections.begin_device_sign_in(call.request.param("name"), scopes));
  Json json = Json::object({{"userCode", begun.user_code},
                            {"verificationUri", begun.verification_uri},
                            {"signIn", begun.id},
                            {"expiresAt", format_time(begun.expires_at)}});
  if (!begun.verification_uri_complete.empty())
    json.set("verificationUriComplete", begun.verification_uri_complete);
  return net::json_response(201, json);
}

Result<net::ServerResponse> begin(ConnectionRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const wish, read_wish(call.request));
  if (!wish.scopes.empty()) call.note.detail = Json::object({{"scopes", wish.scopes}});
  if (wish.by_device) return begin_by_device(parts, call, wish.scopes);
  FAIRLEAD_TRY(auto sign_in,
               parts.connections.begin_sign_in(call.request.param("name"),
                                               parts.public_url + "/oauth/callback", wish.scopes));
  return net::json_response(
      201, Json::object({{"startUrl", parts.public_url + std::string(start_path) + sign_in.state},
                         {"signIn", sign_in.id},
                         {"redirectUri", parts.public_url + "/oauth/callback"},
                         {"expiresAt", format_time(sign_in.expires_at)}}));
}

// ---- the two pages ----

net::ServerResponse start_page(ConnectionRoutesParts const& parts,
                               net::ServerRequest const& request) {
  // One that we made, or a new one: nothing else is handed back in a header of ours.
  std::string browser = request.cookie(sign_in_cookie);
  if (!is_sign_in_cookie(browser)) browser = random_token(parts.random, sign_in_cookie_bytes);
  auto target = parts.connections.open_sign_in(request.param("state"), Secret(browser));
  if (!target.ok()) return failure_page(target.error());
  net::ServerResponse response = net::text_response(303, "");
  response.headers.add("Location", *target);
  response.headers.add("Set-Cookie", sign_in_cookie_header(browser, parts.public_url));
  response.headers.add("Referrer-Policy", "no-referrer");
  return response;
}

net::ServerResponse callback_page(ConnectionRoutesParts const& parts,
                                  net::ServerRequest const& request) {
  Connections::Callback callback;
  callback.state = request.query_value("state");
  callback.code = Secret(std::string(request.query_value("code")));
  callback.error = request.query_value("error");
  callback.error_description = request.query_value("error_description");
  callback.browser = Secret(request.cookie(sign_in_cookie));
  auto record = parts.connections.complete_sign_in(callback);
  if (!record.ok()) return failure_page(record.error());
  parts.signed_in(record->name);
  if (request.cookie(session_cookie).empty()) return success_page(*record);
  // Somebody who came from the application goes back to it.
  net::ServerResponse back = net::text_response(303, "");
  back.headers.add("Location",
                   "/settings/apps/gitlab/" + net::percent_encode(record->name) + "?connected=1");
  back.headers.add("Referrer-Policy", "no-referrer");
  return back;
}

// What is under way, and what the last one lacked.
void put_sign_ins(store::ConnectionRecord const& record, Json& json) {
  if (record.settings.contains("signIn")) json.set("lastSignIn", record.settings["signIn"]);
  Json missing = connection::lacking_scopes(record);
  if (!missing.empty()) json.set("missingScopes", std::move(missing));
  auto const device = connection::pending_device(record);
  if (!device) return;
  json.set("pendingSignIn", Json::object({{"signIn", device->id},
                                          {"way", "device"},
                                          {"expiresAt", format_time(device->expires_at)}}));
}

// How its tokens are: state, and what came and comes when.
void put_care(store::ConnectionRecord const& record, Time now, Json& json) {
  auto const care = connection::care_report(record, now);
  json.set("state", record.status == "pending" ? "not-signed-in" : record.status);
  auto put = [&json](char const* name, std::optional<Time> at) {
    json.set(name, at ? Json(format_time(*at)) : Json());
  };
  put("expiresAt", record.token_expires_at);
  put("lastRefreshAt", care.last_refresh_at);
  bool const refreshes = record.status == "active" && !record.sealed_refresh_token.empty();
  put("nextRefreshAt", refreshes && record.token_expires_at
                           ? std::optional(*record.token_expires_at -
                                           connection::refresh_ahead_of(record, refresh_ahead))
                           : std::nullopt);
  put("brokenSince", care.recovered_at ? std::nullopt : care.broken_at);
  json.set("errors24h", care.failures_24h);  // refreshes; shown_connection() adds the calls
}

}  // namespace

Json to_json(store::ConnectionRecord const& record, Time now) {
  Json json = Json::object({{"name", record.name},
                            {"id", record.id.text},
                            {"app", record.app},
                            {"baseUrl", record.base_url},
                            {"auth", record.auth_kind},
                            {"status", record.status},
                            {"default", record.is_default},
                            {"scopes", record.scopes},
                            {"account", record.account},
                            {"clientId", record.client_id},
                            {"createdAt", format_time(record.created_at)},
                            {"updatedAt", format_time(record.updated_at)}});
  if (record.token_expires_at) json.set("tokenExpiresAt", format_time(*record.token_expires_at));
  if (!record.last_error.is_null()) json.set("lastError", record.last_error);
  put_sign_ins(record, json);
  if (record.settings.contains("proxy")) json.set("proxy", record.settings["proxy"]);
  json.set("aliases",
           record.settings.contains("aliases") ? record.settings["aliases"] : Json::array());
  json.set("readOnly", record.settings["readOnly"].as_bool());
  json.set("minimumRole", record.settings["minimumRole"].string_or("viewer"));
  json.set("privateCa", record.settings.contains("caPem"));
  put_care(record, now, json);
  return json;
}

Json shown_connection(Connections& connections, store::ConnectionRecord const& record) {
  Json json = to_json(record, connections.now());
  json.set("errors24h", json["errors24h"].as_integer() + connections.calls_failed(record.id));
  return json;
}

std::vector<Endpoint> connection_endpoints(ConnectionRoutesParts parts) {
  using access::Role;
  using net::Method;
  Connections& connections = parts.connections;
  std::string const one = "/api/v1/connections/{name}";
  auto get_one = [&connections](Call const& call) -> Result<net::ServerResponse> {
    FAIRLEAD_TRY(auto record, connections.get(call.request.param("name")));
    return net::json_response(200, shown_connection(connections, record));
  };
  return {
      {Method::get, "/api/v1/connections", Role::viewer, "List connections",
       [&connections](Call const& call) { return list(connections, call); }},
      {Method::post, "/api/v1/connections", Role::org_admin, "Connect an app",
       [parts](Call const& call) { return create(parts, call); }},
      {Method::get, one, Role::viewer, "Show a connection", get_one},
      {Method::post, one + "/sign-in", Role::org_admin, "Start an OAuth sign-in, or a reconnect",
       [parts](Call const& call) { return begin(parts, call); }},
      {Method::get, std::string(start_path) + "{state}", std::nullopt,
       "Go on to GitLab's consent page",
       [parts](Call const& call) -> Result<net::ServerResponse> {
         return start_page(parts, call.request);
       }},
      {Method::get, "/oauth/callback", std::nullopt, "GitLab's redirect after consent",
       [parts](Call const& call) -> Result<net::ServerResponse> {
         return callback_page(parts, call.request);
       }},
  };
}

}  // namespace fairlead::api
