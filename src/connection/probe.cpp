#include "connection/probe.h"

#include "base/text.h"
#include "connection/ask.h"

namespace fairlead::connection {
namespace {

Error not_gitlab(net::HttpResponse const& response, std::string const& base_url) {
  Error error = make_error(ErrorKind::corrupt, base_url + "/api/v4/user was answered with HTTP " +
                                                   std::to_string(response.status) +
                                                   " and something that is not GitLab's JSON.");
  std::string_view type = response.headers.get("content-type");
  error.cause = type.find("html") != std::string_view::npos
                    ? "A web page came back: the URL is not GitLab's root (a sub-path missing?), "
                      "or a proxy answered."
                    : "The URL does not lead to a GitLab.";
  error.remedy =
      "Check the GitLab URL: it is what stands before /api/v4, e.g. "
      "https://gitlab.example.com/gitlab.";
  error.where = "base_url";
  error.status = response.status;
  return error;
}

// GitLab says it in one of these, {"message": {"error": "..."}} included.
std::string words_of(Json const& body) {
  for (Json const* words :
       {&body["error_description"], &body["message"], &body["message"]["error"], &body["error"]})
    if (words->is_string() && !words->as_string().empty()) return words->as_string();
  return "";
}

}  // namespace

Result<Json> who_am_i(ConnectionParts const& parts, store::ConnectionRecord const& record,
                      Secret const& token) {
  FAIRLEAD_TRY(auto response, ask(parts, record, token, "/api/v4/user"));
  auto body = Json::parse(response.body);
  if (!body.ok()) body = Json();
  if (response.status == 200 && (*body)["id"].is_integer() && (*body)["username"].is_string())
    return Json::object({{"id", (*body)["id"]},
                         {"username", (*body)["username"]},
                         {"name", (*body)["name"]},
                         {"webUrl", (*body)["web_url"]}});
  bool const passing = response.status == 429 || response.status >= 500;
  if (!passing && (!body->is_object() || response.status == 200))
    return not_gitlab(response, record.base_url);
  std::string const words = words_of(*body);
  ErrorKind kind = response.status == 401 || response.status == 403 ? ErrorKind::denied
                   : response.status == 429                         ? ErrorKind::rate_limited
                   : response.status >= 500                         ? ErrorKind::unavailable
                   : response.status == 404                         ? ErrorKind::not_found
                                                                    : ErrorKind::corrupt;
  Error error =
      make_error(kind, record.base_url + " answered HTTP " + std::to_string(response.status) +
                           " to \"who am I\"" + (words.empty() ? "." : ": " + shorten(words, 300)));
  error.status = response.status;
  error.request_id = response.headers.get("x-request-id");
  if (kind == ErrorKind::rate_limited)
    error.remedy = "Wait a few minutes: the limit on requests is used up. The token may be well.";
  if (kind == ErrorKind::unavailable)
    error.remedy = "Try again in a few minutes: GitLab is not up. The token may be well.";
  bool const blocked = words.find("blocked") != std::string::npos;
  if (kind == ErrorKind::denied && blocked)
    error.remedy = "Ask an administrator of GitLab to unblock the connection's user.";
  if (kind == ErrorKind::denied && !blocked)
    error.remedy =
        "Check that the token is of this GitLab, not expired, and has the scope api, read_api or "
        "read_user.";
  if (kind == ErrorKind::not_found)
    error.remedy =
        "Check the GitLab URL: it is what stands before /api/v4, with its sub-path if it has one.";
  return error;
}

std::optional<TokenFacts> access_token_facts(ConnectionParts const& parts,
                                             store::ConnectionRecord const& record,
                                             Secret const& token) {
  auto response = ask(parts, record, token, "/api/v4/personal_access_tokens/self");
  if (!response.ok() || response->status != 200) return std::nullopt;
  auto body = Json::parse(response->body);
  if (!body.ok() || !(*body)["scopes"].is_array()) return std::nullopt;
  TokenFacts facts;
  for (auto const& scope : (*body)["scopes"].items()) {
    if (!facts.scopes.empty()) facts.scopes += ' ';
    facts.scopes += scope.as_string();
  }
  // A date: the token works until the end of the day before, UTC.
  if ((*body)["expires_at"].is_string())
    facts.expires_at = parse_time((*body)["expires_at"].as_string() + "T00:00:00Z");
  return facts;
}

std::optional<std::string> gitlab_version(ConnectionParts const& parts,
                                          store::ConnectionRecord const& record,
                                          Secret const& token) {
  auto response = ask(parts, record, token, "/api/v4/version");
  if (!response.ok() || response->status != 200) return std::nullopt;
  auto body = Json::parse(response->body);
  if (!body.ok() || !(*body)["version"].is_string()) return std::nullopt;
  return (*body)["version"].as_string();
}

}  // namespace fairlead::connection
