#include "api/endpoint.h"

#include <algorithm>
#include <charconv>

#include "api/paging.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

constexpr int limit_default = 50;

}  // namespace

Result<Json> json_body(net::ServerRequest const& request) {
  std::string_view type = request.headers.get("content-type");
  if (!type.empty() && type.find("json") == std::string_view::npos) {
    Error error = invalid_input(
        "Content-Type", "The body must be JSON, but Content-Type is " + shorten(type, 80) + ".");
    error.remedy = "Send the header \"Content-Type: application/json\".";
    return error;
  }
  if (trim(request.body).empty())
    return invalid_input("", "The request has no body; a JSON object is needed.");
  FAIRLEAD_TRY(auto body, Json::parse(request.body));
  if (!body.is_object()) return invalid_input("", "The body must be a JSON object.");
  return body;
}

Result<void> only_members(Json const& object, std::vector<std::string> const& known) {
  for (auto const& [name, value] : object.members()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string message = "There is no field \"" + shorten(name, 80) + "\" here.";
    if (auto nearest = nearest_name(name, known)) message += " Did you mean \"" + *nearest + "\"?";
    Error error = invalid_input(name, std::move(message));
    error.remedy = "Known fields: " + join(known, ", ") + ".";
    return error;
  }
  return {};
}

Result<bool> flag_of(Json const& object, std::string const& name) {
  if (object[name].is_null()) return false;
  if (object[name].is_bool()) return object[name].as_bool();
  return invalid_input(name, "\"" + name + "\" must be true or false.");
}

Result<std::string> text_of(Json const& object, std::string const& name) {
  if (object[name].is_null()) return std::string();
  if (object[name].is_string()) return object[name].as_string();
  return invalid_input(name, "\"" + name + "\" must be a string.");
}

Result<int> limit_of(net::ServerRequest const& request) {
  std::string_view text = request.query_value("limit");
  if (text.empty()) return limit_default;
  int limit = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (code != std::errc() || end != text.data() + text.size() || limit < 1 || limit > page_rows_max)
    return invalid_input("limit",
                         "limit must be a number from 1 to " + std::to_string(page_rows_max) + ".");
  return limit;
}

}  // namespace fairlead::api
