#include "connection/server_look.h"

#include <algorithm>

#include "base/text.h"
#include "connection/ask.h"
#include "connection/sealing.h"
#include "connection/settings.h"
#include "net/url.h"

namespace fairlead::connection {
namespace {

constexpr std::string_view version_path = "/api/v4/version";
constexpr std::string_view sign_in_path = "/users/sign_in";

bool is_gitlab(net::HttpResponse const& response) {
  Json const body = body_of(response);
  if (!body.is_object()) return false;
  if (response.status == 200) return body["version"].is_string();
  bool const refused = response.status == 401 || response.status == 403 || response.status == 429;
  return refused && (body.contains("message") || body.contains("error"));
}

bool is_redirect(int status) { return status >= 301 && status <= 308 && status != 304; }

// "/gitlab/users/sign_in" -> "/gitlab", as a whole URL.
std::string root_behind(std::string const& from, net::HttpResponse const& response) {
  auto const base = net::parse_url(from);
  if (!base.ok() || !is_redirect(response.status)) return "";
  auto target = net::resolve_url(*base, response.headers.get("Location"));
  if (!target.ok()) return "";
  auto const end = target->path.find(sign_in_path);
  std::string const api(version_path);
  if (end != std::string::npos) return target->origin() + target->path.substr(0, end);
  if (target->path.ends_with(api))
    return target->origin() + target->path.substr(0, target->path.size() - api.size());
  return "";
}

void add_guess(std::vector<std::string>& guesses, std::string guess, std::string const& base_url) {
  if (guess.empty() || guess == base_url || guesses.size() >= root_guesses_max) return;
  if (std::find(guesses.begin(), guesses.end(), guess) == guesses.end())
    guesses.push_back(std::move(guess));
}

std::vector<std::string> root_guesses(ConnectionParts const& parts,
                                      store::ConnectionRecord const& record,
                                      net::HttpResponse const& answer) {
  std::vector<std::string> guesses;
  add_guess(guesses, root_behind(record.base_url, answer), record.base_url);
  auto const base = net::parse_url(record.base_url);
  if (!base.ok()) return guesses;
  std::string path = base->path;
  if (auto front = ask(parts, record, Secret(), "/"); front.ok())
    add_guess(guesses, root_behind(record.base_url + "/", *front), record.base_url);
  if (path.empty()) add_guess(guesses, base->origin() + "/gitlab", record.base_url);
  if (path.empty()) add_guess(guesses, base->origin() + "/git", record.base_url);
  while (!path.empty() && guesses.size() < root_guesses_max) {
    path.resize(path.rfind('/'));
    add_guess(guesses, base->origin() + path, record.base_url);
  }
  return guesses;
}

std::string find_root(ConnectionParts const& parts, store::ConnectionRecord record,
                      net::HttpResponse const& answer) {
  for (auto const& guess : root_guesses(parts, record, answer)) {
    record.base_url = guess;
    auto const there = ask(parts, record, Secret(), version_path);
    if (there.ok() && is_gitlab(*there)) return guess;
  }
  return "";
}

// Somebody answers for GitLab, or GitLab itself cannot just now: that says nothing of the URL.
std::optional<Error> not_now(ServerLook const& look, net::HttpResponse const& answer) {
  bool const throttled = answer.status == 429;
  if (!throttled && answer.status < 500) return std::nullopt;
  Error error = make_error(throttled ? ErrorKind::rate_limited : ErrorKind::unavailable,
                           look.base_url + std::string(version_path) + " was answered with HTTP " +
                               std::to_string(answer.status) + ".");
  error.status = answer.status;
  error.where = "baseUrl";
  if (throttled) {
    error.cause = "A limit on requests is used up, GitLab's own or that of a proxy before it.";
    error.remedy = "Wait a few minutes; if it comes often, have the limit raised.";
  } else if (answer.status == 511) {
    error.cause = "A gateway of this network wants a sign-in before it lets anything out.";
    error.remedy = "Have the network's administrators let this server through.";
  } else {
    error.cause = "GitLab is down, starting or being maintained, or a proxy cannot reach it.";
    error.remedy = "Try again in a few minutes; if it stays, tell GitLab's administrator.";
  }
  return error;
}

Error another_answer(ServerLook const& look, net::HttpResponse const& answer) {
  std::string_view const type = answer.headers.get("content-type");
  bool const page = type.find("html") != std::string_view::npos;
  Error error = make_error(ErrorKind::corrupt,
                           look.base_url + std::string(version_path) + " was answered with HTTP " +
                               std::to_string(answer.status) + " and " +
                               (page ? "a web page" : "something") + " that is not GitLab's API.");
  error.status = answer.status;
  error.where = "baseUrl";
  error.cause = page ? "A sign-in page or a proxy answers, or the URL is not GitLab's root."
                     : "The URL does not lead to a GitLab.";
  error.remedy = look.root_hint.empty()
                     ? "Give what stands before /api/v4 in your GitLab's addresses, with its "
                       "sub-path if it has one; a sign-in page in front of GitLab must let the API "
                       "through."
                     : "A GitLab answers at " + look.root_hint + ": use that URL.";
  return error;
}

void read_discovery(ServerLook& look, Json const& document) {
  look.issuer = document["issuer"].as_string();
  for (auto const& scope : document["scopes_supported"].items())
    look.scopes.push_back(scope.as_string());
  for (auto const& grant : document["grant_types_supported"].items()) {
    if (grant.as_string().ends_with("device_code")) look.device_sign_in = true;
  }
}

}  // namespace

ServerLook look_at(ConnectionParts const& parts, store::ConnectionRecord const& record) {
  ServerLook look;
  look.base_url = record.base_url;
  auto answer = ask(parts, record, Secret(), version_path);
  if (!answer.ok()) {
    look.fault = std::move(answer).error();
    return look;
  }
  if (record.settings["proxy"].as_string().empty()) look.address = answer->remote_address;
  look.gitlab = is_gitlab(*answer);
  if (!look.gitlab) {
    look.fault = not_now(look, *answer);
    if (look.fault) return look;
    look.root_hint = find_root(parts, record, *answer);
    look.fault = another_answer(look, *answer);
    return look;
  }
  if (answer->status == 200) look.version = body_of(*answer)["version"].as_string();
  if (auto found = ask(parts, record, Secret(), "/.well-known/openid-configuration");
      found.ok() && found->status == 200)
    read_discovery(look, body_of(*found));
  return look;
}

Result<store::ConnectionRecord> record_to_look_at(ConnectionParts const& parts,
                                                  std::string const& base_url, Reach const& reach) {
  FAIRLEAD_CHECK(check_base_url(base_url));
  FAIRLEAD_CHECK(check_reach(reach));
  store::ConnectionRecord record;
  record.id = ConnectionId("probe");
  record.base_url = instance_root(base_url);
  record.settings = Json::object();
  FAIRLEAD_CHECK(put_reach(parts.vault, reach, record));
  return record;
}

}  // namespace fairlead::connection
