#include "base/error.h"

#include <array>
#include <utility>

namespace fairlead {
namespace {

constexpr std::array<std::pair<ErrorKind, std::string_view>, 11> kind_names{{
    {ErrorKind::invalid_input, "invalid_input"},
    {ErrorKind::not_found, "not_found"},
    {ErrorKind::denied, "denied"},
    {ErrorKind::conflict, "conflict"},
    {ErrorKind::rate_limited, "rate_limited"},
    {ErrorKind::unavailable, "unavailable"},
    {ErrorKind::timed_out, "timed_out"},
    {ErrorKind::cancelled, "cancelled"},
    {ErrorKind::uncertain, "uncertain"},
    {ErrorKind::corrupt, "corrupt"},
    {ErrorKind::internal, "internal"},
}};

void set_if_any(Json& json, std::string_view name, std::string const& text) {
  if (!text.empty()) json.set(name, text);
}

// Appends one sentence and sees to its full stop.
void append_sentence(std::string& out, std::string_view prefix, std::string_view text) {
  if (text.empty()) return;
  if (!out.empty()) out += ' ';
  out += prefix;
  out += text;
  if (std::string_view(".!?").find(out.back()) == std::string_view::npos) out += '.';
}

}  // namespace

std::string_view to_string(ErrorKind kind) {
  for (auto const& [value, name] : kind_names) {
    if (value == kind) return name;
  }
  return "internal";
}

std::optional<ErrorKind> error_kind_from(std::string_view name) {
  for (auto const& [value, known] : kind_names) {
    if (known == name) return value;
  }
  return std::nullopt;
}

Json to_json(Error const& error) {
  Json json = Json::object({{"kind", to_string(error.kind)}});
  set_if_any(json, "title", error.title);
  json.set("message", error.message);
  set_if_any(json, "cause", error.cause);
  set_if_any(json, "remedy", error.remedy);
  set_if_any(json, "where", error.where);
  if (error.status != 0) json.set("status", error.status);
  set_if_any(json, "requestId", error.request_id);
  if (error.retry_after) json.set("retryAfterMs", error.retry_after->count());
  if (!error.details.is_null()) json.set("details", error.details);
  return json;
}

Error error_from_json(Json const& json) {
  Error error;
  error.kind = error_kind_from(json["kind"].as_string()).value_or(ErrorKind::internal);
  error.title = json["title"].as_string();
  error.message = json["message"].as_string();
  error.cause = json["cause"].as_string();
  error.remedy = json["remedy"].as_string();
  error.where = json["where"].as_string();
  error.status = static_cast<int>(json["status"].as_integer());
  error.request_id = json["requestId"].as_string();
  if (json["retryAfterMs"].is_number()) {
    error.retry_after = std::chrono::milliseconds(json["retryAfterMs"].as_integer());
  }
  error.details = json["details"];
  return error;
}

std::string describe(Error const& error) {
  std::string head = error.title;
  if (!error.where.empty()) head += (head.empty() ? "" : ": ") + error.where;
  if (!error.message.empty()) head += (head.empty() ? "" : ": ") + error.message;
  std::string out;
  append_sentence(out, "", head.empty() ? to_string(error.kind) : std::string_view(head));
  append_sentence(out, "Why: ", error.cause);
  append_sentence(out, "What to do: ", error.remedy);
  if (!error.request_id.empty()) out += " (request id " + error.request_id + ")";
  return out;
}

Error make_error(ErrorKind kind, std::string message) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  return error;
}

Error invalid_input(std::string where, std::string message) {
  Error error;
  error.kind = ErrorKind::invalid_input;
  error.where = std::move(where);
  error.message = std::move(message);
  return error;
}

}  // namespace fairlead
