// /oauth/authorize: sign-in, consent page, code. Source: gitlab.md section 8 and RFC 6749 4.1, RFC
// 7636.
#include <algorithm>

#include "base/text.h"
#include "sandbox/form.h"
#include "sandbox/oauth.h"
#include "sandbox/pages.h"

namespace fairlead::sandbox {
namespace {

constexpr std::chrono::minutes code_lifetime{10};

struct Request {
  Application const* application{nullptr};
  std::string redirect_uri;
  std::string state;
  std::vector<std::string> scopes;
  std::string challenge;
  std::string challenge_method;
  std::string nonce;
};

// Without a known client and an exactly registered redirect URI there is nowhere safe to send an
// error to.
Reply error_page(Call& call, std::string_view text) {
  return html_reply(400, html_page(call.world, "An error has occurred",
                                   "<p id=\"error_explanation\">" + escape_html(text) + "</p>"));
}

Reply back(Request const& request, Pairs pairs) {
  if (!request.state.empty()) pairs.emplace_back("state", request.state);
  std::string url = request.redirect_uri;
  for (auto const& [name, value] : pairs) {
    url += (url.find('?') == std::string::npos ? "?" : "&") + name + "=" + encode_percent(value);
  }
  return redirect_to(std::move(url));
}

Reply back_with_error(Request const& request, std::string_view error) {
  return back(request,
              {{"error", std::string(error)}, {"error_description", oauth_error_text(error)}});
}

// A Reply in `refused` if the request is not good.
Request read_request(Call& call, std::optional<Reply>& refused) {
  Params& in = call.in;
  Request request;
  request.application = find_application(call.world, in.text("client_id"));
  request.redirect_uri = in.text("redirect_uri");
  request.state = in.text("state");
  request.challenge = in.text("code_challenge");
  request.challenge_method =
      in.text_or("code_challenge_method", request.challenge.empty() ? "" : "plain");
  request.nonce = in.text("nonce");
  if (request.application == nullptr) {
    refused = error_page(call, oauth_error_text("invalid_client"));
    return request;
  }
  auto const& uris = request.application->redirect_uris;
  if (std::find(uris.begin(), uris.end(), request.redirect_uri) == uris.end()) {
    refused = error_page(call, "The redirect URI included is not valid.");
    return request;
  }
  std::string const fallback =
      request.application->scopes.empty() ? "" : request.application->scopes.front();
  request.scopes = split_scopes(in.text_or("scope", fallback));
  bool const known_method = request.challenge_method.empty() ||
                            request.challenge_method == "plain" ||
                            request.challenge_method == "S256";
  if (in.text("response_type") != "code") {
    refused = back_with_error(
        request, in.filled("response_type") ? "unsupported_response_type" : "invalid_request");
  } else if (!scopes_allowed(*request.application, request.scopes)) {
    refused = back_with_error(request, "invalid_scope");
  } else if (!known_method || (!request.application->confidential && request.challenge.empty())) {
    refused = back_with_error(request, "invalid_request");
  }
  return request;
}

Reply grant(Call& call, Request const& request, User const& user) {
  std::erase_if(call.world.state.codes,
                [&](auto const& entry) { return entry.second.expires_at <= call.now(); });
  std::string const code = random_hex(call.world.random, 32);
  call.world.state.codes[code] = {.application = request.application->uid,
                                  .user_id = user.id,
                                  .redirect_uri = request.redirect_uri,
                                  .scopes = request.scopes,
                                  .challenge = request.challenge,
                                  .challenge_method = request.challenge_method,
                                  .nonce = request.nonce,
                                  .expires_at = call.now() + code_lifetime};
  return back(request, {{"code", code}});
}

std::string fields_of(Call& call, Visit const& visit) {
  std::string fields = hidden_field("authenticity_token", visit.session->form_token);
  for (char const* name : {"client_id", "redirect_uri", "state", "response_type", "scope", "nonce",
                           "code_challenge", "code_challenge_method"}) {
    if (call.in.given(name)) fields += hidden_field(name, call.in.text(name));
  }
  return fields;
}

std::string consent_page(Call& call, Visit const& visit, Request const& request, User const& user) {
  std::string const action = escape_html(call.world.web_url("oauth/authorize"));
  std::string const fields = fields_of(call, visit);
  std::string body = "<p>An application called <b>" + escape_html(request.application->name) +
                     "</b> is requesting access to your account, <b>" + escape_html(user.username) +
                     "</b>. It will be able to:</p><ul>";
  for (std::string const& scope : request.scopes)
    body += "<li><code>" + escape_html(scope) + "</code></li>";
  body += "</ul><p>You will be sent to <code>" + escape_html(request.redirect_uri) + "</code></p>";
  body += "<form id=\"deny\" action=\"" + action + "\" method=\"post\">" +
          hidden_field("_method", "delete") + fields +
          "<button type=\"submit\" name=\"commit\" value=\"Cancel\">Cancel</button></form>";
  body += "<form id=\"authorize\" action=\"" + action + "\" method=\"post\">" + fields +
          "<button type=\"submit\" name=\"commit\" value=\"Authorize\">Authorize " +
          escape_html(request.application->name) + "</button></form>";
  return html_page(call.world, "Authorize " + request.application->name, body);
}

Result<Reply> get_authorize(Call& call) {
  std::optional<Reply> refused;
  Request const request = read_request(call, refused);
  Visit const visit = visit_of(call);
  User* user = call.world.auto_consent_user.empty()
                   ? signed_in(call, visit)
                   : call.world.user_named(call.world.auto_consent_user);
  bool const shown_at_once = refused && refused->status == 400;
  if (shown_at_once) return *refused;
  if (user == nullptr) return ask_to_sign_in(call, visit, call.target);
  if (refused) return *refused;
  if (!call.world.auto_consent_user.empty()) return grant(call, request, *user);
  Reply reply = html_reply(200, consent_page(call, visit, request, *user));
  attach_session(call, visit, reply);
  return reply;
}

enum class Decision { authorize, deny };

Result<Reply> decide(Call& call, Decision decision) {
  Visit const visit = visit_of(call);
  User* user = signed_in(call, visit);
  if (user == nullptr || !form_is_ours(call, visit)) {
    return html_reply(422, html_page(call.world, "The change you requested was rejected",
                                     "<p>Sign in and open the link again.</p>"));
  }
  std::optional<Reply> refused;
  Request const request = read_request(call, refused);
  if (refused) return *refused;
  if (decision == Decision::deny) return back_with_error(request, "access_denied");
  return grant(call, request, *user);
}

Result<Reply> post_authorize(Call& call) {
  return decide(call, call.in.text("_method") == "delete" ? Decision::deny : Decision::authorize);
}
Result<Reply> delete_authorize(Call& call) { return decide(call, Decision::deny); }

}  // namespace

ApiRoutes oauth_authorize_routes() {
  using enum net::Method;
  return {{get, "oauth/authorize", get_authorize},
          {post, "oauth/authorize", post_authorize},
          {delete_, "oauth/authorize", delete_authorize}};
}

}  // namespace fairlead::sandbox
