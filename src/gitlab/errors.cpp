#include "gitlab/errors.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "base/text.h"
#include "gitlab/rate_limit.h"

namespace fairlead::gitlab {
namespace {

constexpr std::size_t words_code_points_max = 2'000;
constexpr std::size_t page_title_code_points_max = 120;
constexpr std::string_view connect_again = "Connect again from Settings > App Store > GitLab";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// For people: no tokens, no line breaks, not endless.
std::string clean(std::string_view text) {
  std::string out(trim(text));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return mask_tokens(shorten(replace_invalid_utf8(out), words_code_points_max));
}

std::string text_of(Json const& value) {
  return value.is_string() ? value.as_string() : value.is_null() ? "" : value.dump();
}

// Text or an array of texts.
std::string sentences(Json const& value) {
  if (!value.is_array()) return text_of(value);
  std::vector<std::string> parts;
  for (Json const& item : value.items())
    parts.push_back(text_of(item));
  return join(parts, "; ");
}

// Shape 2: {"name": ["has already been taken"], "base": ["..."]}; shape 7: {"error": "..."}.
Words words_by_field(Json const& message) {
  Words words;
  std::vector<std::string> parts;
  for (auto const& [name, value] : message.members()) {
    bool const whole = name == "base" || (name == "error" && value.is_string());
    if (!value.is_array() && !value.is_string()) continue;
    parts.push_back(whole ? sentences(value) : name + " " + sentences(value));
    if (whole) continue;
    Json texts = Json::array();
    if (value.is_string()) texts.push_back(clean(value.as_string()));
    for (Json const& item : value.items())
      texts.push_back(clean(text_of(item)));
    words.fields.set(name, std::move(texts));
  }
  words.text = join(parts, "; ");
  return words;
}

bool is_field_name(std::string_view name) {
  auto const allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '[' || c == ']' ||
           c == '.';
  };
  return !name.empty() && name.front() >= 'a' && std::all_of(name.begin(), name.end(), allowed);
}

bool is_predicate(std::string_view text) {
  constexpr std::array<std::string_view, 6> verbs{"is ",       "are ",  "does ",
                                                  "contains ", "must ", "should "};
  return std::any_of(verbs.begin(), verbs.end(), [&](auto verb) { return text.starts_with(verb); });
}

// Shape 4: "title is missing, labels is invalid" or "a, b are mutually exclusive", joined by
// commas.
Json fields_of_sentence(std::string_view text) {
  Json fields;
  std::vector<std::string> names;
  for (std::string const& piece : split(text, ',')) {
    std::string_view const words = trim(piece);
    auto const blank = words.find(' ');
    std::string_view const name = words.substr(0, blank);
    std::string_view const predicate =
        blank == std::string_view::npos ? "" : words.substr(blank + 1);
    if (!is_field_name(name)) return fields;
    names.emplace_back(name);
    if (predicate.empty()) continue;
    if (!is_predicate(predicate)) return fields;
    for (std::string const& field : names)
      fields.set(field, Json::array({clean(predicate)}));
    names.clear();
  }
  return fields;
}

// The text between <title> and </title>, or the first words of a plain text.
std::string page_title(std::string_view body) {
  std::string const lower = to_lower_ascii(body.substr(0, 64 << 10));
  auto const open = lower.find("<title");
  auto const begin = open == std::string::npos ? open : lower.find('>', open);
  if (begin == std::string::npos) return "";
  auto const end = std::min(lower.find('<', begin), lower.size());
  return shorten(clean(body.substr(begin + 1, end - begin - 1)), page_title_code_points_max);
}

Json body_of(net::HttpResponse const& response) {
  if (is_html(response)) return {};
  auto parsed = Json::parse(response.body);
  return parsed.ok() ? std::move(parsed).value() : Json();
}

// GitLab's words, or those of whoever answered in its place.
Words words_of(net::HttpResponse const& response, Json const& body) {
  if (body.is_object()) return gitlab::words_of(body);
  if (is_html(response)) {
    auto const title = page_title(response.body);
    return {title.empty() ? "an HTML page" : "an HTML page titled \"" + title + "\"", {}};
  }
  return {shorten(clean(response.body), page_title_code_points_max), {}};
}

bool all_taken(Json const& fields) {
  auto const& members = fields.members();
  return !members.empty() && std::all_of(members.begin(), members.end(), [](auto const& member) {
    return contains(member.second.at(0).as_string(), "already been taken");
  });
}

// Older servers say it with 400, and only in words.
bool asks_to_slow_down(std::string_view words) {
  auto const lower = to_lower_ascii(words);
  return contains(lower, "try again later") &&
         (contains(lower, "too many") || contains(lower, "rate limit"));
}

void explain_bad_request(Error& error, Words const& words, Json const& body) {
  error.kind = ErrorKind::invalid_input;
  if (body["needs_captcha_response"].as_bool()) {
    error.kind = ErrorKind::denied;
    error.cause = "GitLab's spam check stopped it and wants a person to solve a captcha.";
    error.remedy =
        "Create it in GitLab's own pages, or ask an administrator of GitLab to trust the "
        "connection's user.";
  } else if (asks_to_slow_down(words.text)) {
    error.kind = ErrorKind::rate_limited;
    error.retry_after = limit_window;
    error.remedy = "Wait a minute; it is safe to send it again then.";
  } else if (all_taken(words.fields)) {
    error.kind = ErrorKind::conflict;
    error.remedy = "Choose another one, or use the one that exists.";
  } else if (!words.fields.empty()) {
    error.where = words.fields.members().front().first;
    error.remedy = "Correct the field and send it again.";
  }
}

void explain_unauthorized(Error& error, net::HttpResponse const& response) {
  error.kind = ErrorKind::denied;
  switch (refusal_of(response)) {
    case connection::Refusal::expired:
      error.cause = "The access token has expired.";
      break;
    case connection::Refusal::revoked:
      error.cause = "The access token was revoked.";
      break;
    case connection::Refusal::unknown:
      error.cause = "GitLab does not know this access token.";
      break;
  }
  error.remedy = std::string(connect_again) + ".";
}

void explain_missing_scope(Error& error, Call const& call, Json const& body) {
  std::vector<std::string> needed;
  Json list = Json::array();
  for (std::string const& scope : split(body["scope"].as_string(), ' ')) {
    if (scope.empty()) continue;
    needed.push_back(clean(scope));
    list.push_back(needed.back());
  }
  // Classic OAuth applications have no scope for writes that is smaller.
  if (needed.empty()) needed.emplace_back(call.reads() ? "read_api" : "api");
  std::string const names = join(needed, " or ");
  bool const granted = std::any_of(needed.begin(), needed.end(), [&](std::string const& scope) {
    return contains(" " + call.scopes + " ", " " + scope + " ");
  });
  if (!list.empty()) error.details.set("missingScopes", std::move(list));
  if (granted) {
    error.cause = "It needs the scope " + names + "; the connection was given " + call.scopes +
                  ", so the token was changed in GitLab since.";
    error.remedy = std::string(connect_again) + ".";
    return;
  }
  error.cause = "It needs the scope " + names + "; the connection has " +
                (call.scopes.empty() ? "another one" : call.scopes) + ".";
  error.remedy = std::string(connect_again) + " with the scope " + names + ".";
}

void explain_forbidden(Error& error, Call const& call, Json const& body, Words const& words) {
  error.kind = ErrorKind::denied;
  if (!body.is_object()) {  // GitLab itself refuses in JSON
    error.cause = "A firewall or proxy before GitLab refused it; GitLab did not see the request.";
    error.remedy = "Have whoever runs that firewall let this server's calls to /api/v4 through.";
    return;
  }
  auto const lower = to_lower_ascii(words.text);
  if (body["error"].as_string() == "insufficient_scope")
    return explain_missing_scope(error, call, body);
  if (contains(lower, "terms of service")) {
    error.remedy = "Sign in to GitLab as the connection's user and accept the terms.";
  } else if (contains(lower, "blocked") || contains(lower, "deactivated")) {
    error.remedy = "Ask an administrator of GitLab to unblock the connection's user.";
  } else if (contains(lower, "confirm")) {
    error.remedy = "Confirm the e-mail address of the connection's user in GitLab.";
  } else {
    error.cause =
        "The connection's user may see it but has no role that allows this, or the feature is "
        "switched off.";
    error.remedy =
        "Ask a maintainer or owner for a higher role, or for the feature to be switched on.";
  }
}

void explain_conflict(Error& error, net::HttpResponse const& response, Json const& body) {
  error.kind = ErrorKind::conflict;
  if (is_lock_conflict(response)) {
    error.kind = ErrorKind::unavailable;
    error.cause = "Somebody else was changing it at the same moment.";
    error.remedy = "Send it again; nothing was changed.";
  } else if (body["needs_captcha_response"].as_bool()) {
    explain_bad_request(error, {}, body);
  }
}

void explain_server_error(Error& error, Call const& call, net::HttpResponse const& response,
                          Time now) {
  bool const unsure = !call.reads() && response.status != 501 && response.status != 511;
  error.kind = unsure ? ErrorKind::uncertain : ErrorKind::unavailable;
  error.retry_after =
      response.headers.contains("Retry-After") ? asked_wait(response, now) : std::nullopt;
  error.cause = response.status >= 520 || is_html(response)
                    ? "A proxy before GitLab could not reach it, or GitLab is being maintained."
                    : "GitLab itself failed.";
  error.remedy =
      unsure ? "It may have taken effect: look before it is sent again."
      : error.request_id.empty()
          ? "Try again later; if it stays, tell GitLab's administrator."
          : "Try again later; if it stays, show the request id to GitLab's administrator.";
  if (response.status != 511) return;  // RFC 6585: nothing behind the gateway was reached
  error.cause = "A gateway of this network wants somebody to sign in before it lets anything out.";
  error.remedy = "Have the network's administrators let this server through.";
}

void explain_redirect(Error& error, Call const& call) {
  error.kind = call.reads() ? ErrorKind::corrupt : ErrorKind::conflict;
  error.cause = "The project or group was moved, or the connection's URL is not GitLab's own.";
  error.remedy = "Use the numeric id or the new path, and check the connection's URL.";
}

void explain_not_found(Error& error) {
  error.kind = ErrorKind::not_found;
  error.cause = "It does not exist, or the connection's user may not see it.";
  error.remedy = "Check the id or path, and that the connection's user is a member.";
}

void explain(Error& error, Call const& call, net::HttpResponse const& response, Json const& body,
             Words const& words, Time now) {
  int const status = response.status;
  error.kind = ErrorKind::invalid_input;
  if (status >= 300 && status < 400) return explain_redirect(error, call);
  if (status == 401) return explain_unauthorized(error, response);
  if (status == 403) return explain_forbidden(error, call, body, words);
  if (status == 404 || status == 410) return explain_not_found(error);
  if (status == 409 || status == 412) return explain_conflict(error, response, body);
  if (status == 413) {
    error.remedy = "Send less: GitLab or a proxy before it limits the size.";
  } else if (status == 429) {
    error.kind = ErrorKind::rate_limited;
    error.retry_after = wait_after_429(response, now);
    error.remedy = "Wait " + format_duration(*error.retry_after) + "; nothing was done.";
  } else if (status == 405) {
    // Shape 1 refuses by state (membership locked); shape 5 means that there is no such call.
    error.kind = body["message"].is_null() ? ErrorKind::invalid_input : ErrorKind::denied;
  } else if (status >= 500) {
    explain_server_error(error, call, response, now);
  } else if (status == 400 || status == 422) {
    explain_bad_request(error, words, body);
  }
}

}  // namespace

std::string Call::text() const { return std::string(net::to_string(method)) + " " + path; }

Words words_of(Json const& body) {
  Json const& message = body["message"];
  Json const& error = body["error"];
  Words words;
  if (message.is_object()) {
    words = words_by_field(message);
  } else if (!message.is_null()) {
    words.text = sentences(message);
  } else if (error.is_object()) {
    words = words_by_field(error);
  } else if (body["error_description"].is_string()) {
    words.text = error.string_or("error") + ": " + body["error_description"].as_string();
  } else if (!error.is_null()) {
    words.text = sentences(error);
    words.fields = fields_of_sentence(words.text);
  } else if (!body.empty()) {
    words.text = body.dump();
  }
  words.text = clean(words.text);
  return words;
}

Error decode_error(Call const& call, net::HttpResponse const& response, Time now) {
  Json const body = body_of(response);
  Words const words = words_of(response, body);
  Error error;
  error.status = response.status;
  error.request_id = request_id_of(response);
  error.message = (body.is_object() ? "GitLab answered " : "The server answered ") +
                  std::to_string(response.status) + " to " + call.text();
  if (!words.text.empty()) error.message += ": " + words.text;
  if (!words.fields.empty()) error.details.set("fields", words.fields);
  explain(error, call, response, body, words, now);
  return error;
}

bool is_html(net::HttpResponse const& response) {
  auto const type = to_lower_ascii(response.headers.get("Content-Type"));
  if (type.starts_with("text/html") || type.starts_with("application/xhtml")) return true;
  // Some proxies forget the type.
  auto const start = to_lower_ascii(trim(response.body.substr(0, 64)));
  return type.empty() && (start.starts_with("<!doctype html") || start.starts_with("<html"));
}

Error not_the_api(Call const& call, net::HttpResponse const& response) {
  Error error;
  error.kind = ErrorKind::corrupt;
  error.status = response.status;
  error.request_id = request_id_of(response);
  error.where = call.base_url;
  error.message = call.text() + " was answered " + std::to_string(response.status) + " with ";
  if (is_html(response)) {
    error.message += words_of(response, {}).text + " instead of JSON";
    error.cause =
        "The connection's URL does not point at GitLab's root, or a sign-in page or proxy stands "
        "before it.";
  } else {
    error.message += "something that is not the JSON it should be";
    error.cause = "The answer was cut off or changed on its way, or this is not GitLab.";
  }
  error.remedy =
      "Open the connection's URL with /api/v4/version behind it in a browser and correct it: " +
      call.base_url;
  return error;
}

connection::Refusal refusal_of(net::HttpResponse const& response) {
  Json const body = body_of(response);
  auto const lower = to_lower_ascii(body["error_description"].as_string());
  if (contains(lower, "expired")) return connection::Refusal::expired;
  if (contains(lower, "revoked")) return connection::Refusal::revoked;
  return connection::Refusal::unknown;
}

bool is_lock_conflict(net::HttpResponse const& response) {
  return response.status == 409 && contains(response.body, "Resource lock");
}

std::string request_id_of(net::HttpResponse const& response) {
  auto const id = response.headers.get("X-Request-Id");
  if (!id.empty()) return clean(id);
  auto const meta = Json::parse(response.headers.get("X-Gitlab-Meta"));
  return meta.ok() ? clean(meta.value()["correlation_id"].as_string()) : "";
}

}  // namespace fairlead::gitlab
