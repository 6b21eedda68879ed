#include "sandbox/faults.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sandbox/limits.h"

namespace fairlead::sandbox {
namespace {

struct KindName {
  FaultKind kind;
  std::string_view name;
};
constexpr std::array<KindName, 15> kind_names{{{FaultKind::throttle, "throttle"},
                                               {FaultKind::application_limit, "application-limit"},
                                               {FaultKind::server_error, "server-error"},
                                               {FaultKind::reset, "reset"},
                                               {FaultKind::slow, "slow"},
                                               {FaultKind::truncated, "truncated"},
                                               {FaultKind::login_page, "login-page"},
                                               {FaultKind::proxy_page, "proxy-page"},
                                               {FaultKind::redirect, "redirect"},
                                               {FaultKind::invalid_grant, "invalid-grant"},
                                               {FaultKind::missing_fields, "missing-fields"},
                                               {FaultKind::clock_skew, "clock-skew"},
                                               {FaultKind::spam, "spam"},
                                               {FaultKind::resource_lock, "resource-lock"},
                                               {FaultKind::custom, "custom"}}};

std::string_view name_of(FaultKind kind) {
  return std::find_if(kind_names.begin(), kind_names.end(),
                      [kind](KindName const& row) { return row.kind == kind; })
      ->name;
}

// These show the true answer, changed: the effect has to happen.
bool needs_effect(FaultKind kind) {
  return kind == FaultKind::slow || kind == FaultKind::truncated ||
         kind == FaultKind::missing_fields || kind == FaultKind::clock_skew;
}

constexpr std::string_view login_html =
    "<!DOCTYPE html>\n<html><head><title>Sign in - GitLab</title></head>\n<body "
    "class=\"login-page\">"
    "<form action=\"/users/sign_in\" method=\"post\"><label>Username or primary email"
    "<input name=\"user[login]\"></label></form></body></html>\n";
constexpr std::string_view proxy_html =
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad "
    "Gateway</h1></center>"
    "\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

Reply without_fields(Reply honest, std::vector<std::string> const& fields) {
  auto json = Json::parse(honest.body);
  if (!json.ok()) return honest;
  for (std::string const& field : fields)
    json->erase(field);
  honest.body = json->dump();
  return honest;
}

Reply invalid_grant_reply() {
  return json_reply(
      400, Json::object({{"error", "invalid_grant"},
                         {"error_description",
                          "The provided authorization grant is invalid, expired, revoked, does not "
                          "match the redirection URI used in the authorization request, or was "
                          "issued to another client."}}));
}

Reply spam_reply() {
  return json_reply(
      409, Json::object({{"needs_captcha_response", true},
                         {"spam_log_id", 42},
                         {"captcha_site_key", "sandbox-site-key"},
                         {"message", Json::object({{"error",
                                                    "Your issue has been recognized as spam. "
                                                    "Please, change the content or solve "
                                                    "the reCAPTCHA to proceed."}})}}));
}

Reply error_reply(int status) {
  std::string const text = status == 500   ? "500 Internal Server Error"
                           : status == 503 ? "503 Service Unavailable"
                                           : std::to_string(status) + " Server Error";
  return json_reply(status, Json::object({{"message", text}}));
}

}  // namespace

Result<Fault> fault_from_json(Json const& json) {
  Fault fault;
  std::string const& name = json["kind"].as_string();
  auto const it = std::find_if(kind_names.begin(), kind_names.end(),
                               [&](KindName const& row) { return row.name == name; });
  if (it == kind_names.end()) return bad_parameters("kind does not have a valid value");
  fault.kind = it->kind;
  fault.method = json["method"].as_string();
  fault.path = json["path"].as_string();
  fault.count = static_cast<int>(json["count"].as_integer(1));
  fault.skip = static_cast<int>(json["skip"].as_integer(0));
  std::string const when = json["when"].string_or(needs_effect(fault.kind) ? "after" : "before");
  if (when != "before" && when != "after")
    return bad_parameters("when does not have a valid value");
  fault.when =
      when == "after" || needs_effect(fault.kind) ? Fault::When::after : Fault::When::before;
  fault.status = static_cast<int>(json["status"].as_integer(0));
  fault.delay = Milliseconds(json["delayMs"].as_integer(0));
  fault.retry_after_seconds = static_cast<int>(json["retryAfterSeconds"].as_integer(60));
  fault.location = json["location"].as_string();
  fault.body = json["body"].as_string();
  fault.content_type = json["contentType"].string_or("application/json");
  for (Json const& field : json["fields"].items())
    fault.fields.push_back(field.as_string());
  return fault;
}

Json to_json(Fault const& fault) {
  return Json::object({{"kind", name_of(fault.kind)},
                       {"method", fault.method},
                       {"path", fault.path},
                       {"count", fault.count},
                       {"skip", fault.skip},
                       {"when", fault.when == Fault::When::after ? "after" : "before"}});
}

Result<void> Faults::add(Fault fault) {
  if (list_.size() >= faults_max)
    return refuse_message(400, "too many faults are waiting; reset them first");
  list_.push_back(std::move(fault));
  return {};
}

std::optional<Fault> Faults::take(std::string_view method, std::string_view path) {
  for (auto it = list_.begin(); it != list_.end(); ++it) {
    bool const fits = (it->method.empty() || it->method == method) &&
                      (it->path.empty() || path.find(it->path) != std::string_view::npos);
    if (!fits) continue;
    if (it->skip > 0) {
      --it->skip;
      continue;
    }
    Fault hit = *it;
    if (--it->count <= 0) list_.erase(it);
    return hit;
  }
  return std::nullopt;
}

FaultyReply apply_fault(Fault const& fault, Reply honest, Time now) {
  FaultyReply out{.reply = std::move(honest), .delay = fault.delay};
  switch (fault.kind) {
    case FaultKind::throttle:
      out.reply = throttled(
          now,
          {.limit = 2'000, .observed = 2'001, .retry_after_seconds = fault.retry_after_seconds});
      break;
    case FaultKind::application_limit:
      out.reply = application_limited();
      break;
    case FaultKind::server_error:
      out.reply = error_reply(fault.status == 0 ? 500 : fault.status);
      break;
    case FaultKind::reset:
      out.reset = true;
      break;
    case FaultKind::slow:
      break;
    case FaultKind::truncated:
      out.cut = true;
      break;
    case FaultKind::login_page:
      out.reply = html_reply(200, std::string(login_html));
      break;
    case FaultKind::proxy_page:
      out.reply = html_reply(fault.status == 0 ? 502 : fault.status, std::string(proxy_html));
      break;
    case FaultKind::redirect:
      out.reply = redirect_to(fault.location);
      break;
    case FaultKind::invalid_grant:
      out.reply = invalid_grant_reply();
      break;
    case FaultKind::missing_fields:
      out.reply = without_fields(std::move(out.reply), fault.fields);
      break;
    case FaultKind::clock_skew:
      out.date_skew = fault.delay;
      out.delay = Milliseconds(0);
      break;
    case FaultKind::spam:
      out.reply = spam_reply();
      break;
    case FaultKind::resource_lock:
      out.reply = to_reply(refuse_message(409, "409 Conflict: Resource lock"));
      break;
    case FaultKind::custom:
      out.reply = {.status = fault.status == 0 ? 200 : fault.status,
                   .content_type = fault.content_type,
                   .body = fault.body,
                   .headers = {}};
      break;
  }
  return out;
}

}  // namespace fairlead::sandbox
