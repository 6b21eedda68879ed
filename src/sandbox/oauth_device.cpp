// Device authorization grant (RFC 8628) as GitLab offers it since 17.9: code, and a page where a
// person types it in.
#include "base/text.h"
#include "sandbox/form.h"
#include "sandbox/oauth.h"
#include "sandbox/pages.h"

namespace fairlead::sandbox {
namespace {

constexpr std::chrono::seconds device_lifetime{300};

Result<Reply> post_authorize_device(Call& call) {
  Application const* application = find_application(call.world, call.in.text("client_id"));
  if (application == nullptr) return oauth_error("invalid_client");
  DeviceGrant grant;
  grant.application = application->uid;
  grant.scopes = split_scopes(call.in.text_or("scope", "api"));
  if (!scopes_allowed(*application, grant.scopes)) return oauth_error("invalid_scope");
  for (char const c : random_hex(call.world.random, 4)) {
    grant.user_code.push_back(static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
  }
  grant.expires_at = call.now() + device_lifetime;
  std::string const device_code = random_token(call.world.random, 32);
  std::string const page = call.world.web_url("oauth/device");
  Json const json =
      Json::object({{"device_code", device_code},
                    {"user_code", grant.user_code},
                    {"verification_uri", page},
                    {"verification_uri_complete", page + "?user_code=" + grant.user_code},
                    {"expires_in", device_lifetime.count()},
                    {"interval", 5}});
  call.world.state.device_grants[device_code] = std::move(grant);
  return json_reply(200, json);
}

Result<Reply> get_device(Call& call) {
  Visit const visit = visit_of(call);
  if (signed_in(call, visit) == nullptr) return ask_to_sign_in(call, visit, call.target);
  std::string body = "<form id=\"device\" action=\"" +
                     escape_html(call.world.web_url("oauth/device")) + "\" method=\"post\">";
  body += hidden_field("authenticity_token", visit.session->form_token);
  body += "<p><label>Code shown by the device<br><input name=\"user_code\" value=\"" +
          escape_html(call.in.text("user_code")) + "\"></label></p>";
  body +=
      "<button type=\"submit\" name=\"commit\" value=\"Authorize\">Authorize</button>"
      "<button type=\"submit\" name=\"commit\" value=\"Deny\">Deny</button></form>";
  Reply reply = html_reply(200, html_page(call.world, "Authorize a device", body));
  attach_session(call, visit, reply);
  return reply;
}

Result<Reply> post_device(Call& call) {
  Visit const visit = visit_of(call);
  User const* user = signed_in(call, visit);
  if (user == nullptr || !form_is_ours(call, visit))
    return ask_to_sign_in(call, visit, "/oauth/device");
  for (auto& [code, grant] : call.world.state.device_grants) {
    bool const fits = equals_ignoring_case(grant.user_code, trim(call.in.text("user_code")));
    if (!fits || grant.expires_at <= call.now()) continue;
    grant.denied = call.in.text("commit") == "Deny";
    if (!grant.denied) grant.user_id = user->id;
    return html_reply(200,
                      html_page(call.world, grant.denied ? "Device denied" : "Device authorized",
                                "<p>You can go back to the device.</p>"));
  }
  return html_reply(
      422, html_page(call.world, "Unknown code", "<p>The code is unknown or too old.</p>"));
}

}  // namespace

ApiRoutes oauth_device_routes() {
  using enum net::Method;
  return {{post, "oauth/authorize_device", post_authorize_device},
          {get, "oauth/device", get_device},
          {post, "oauth/device", post_device}};
}

}  // namespace fairlead::sandbox
