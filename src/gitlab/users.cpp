#include "gitlab/users.h"

#include "base/text.h"

namespace fairlead::gitlab {
namespace {

constexpr std::int64_t candidates_max = 20;

Error not_found_user(UserRef const& user, std::string_view where) {
  Error error;
  error.kind = ErrorKind::not_found;
  error.where = where;
  if (user.is_email()) {
    error.message = "GitLab shows no user with the e-mail address " + user.text;
    error.cause = "There is none, or the address is private: then only administrators can find it.";
    error.remedy =
        "Give the user name or id; somebody new is invited by e-mail with invite-group-member.";
  } else {
    error.message = "there is no user @" + user.text + " in GitLab";
    error.remedy = "Check the spelling; it is the user name, not the display name.";
  }
  return error;
}

// Whether the row was found by its address, and not because its name happens to hold that text.
bool fits(Json const& row, std::string const& email) {
  for (auto const* field : {"email", "public_email", "commit_email"}) {
    if (equals_ignoring_case(row[field].as_string(), email)) return true;
  }
  bool const by_name =
      to_lower_ascii(row["name"].as_string()).find(to_lower_ascii(email)) != std::string::npos;
  return !by_name;
}

Result<Json::Array> search(action::Api& api, char const* parameter, std::string const& text) {
  Json::Array rows;
  auto const take = [&](Json row) -> Result<void> {
    rows.push_back(std::move(row));
    return {};
  };
  action::Request const request = action::get("/users").query(parameter, text);
  FAIRLEAD_CHECK(api.list(request, {.limit = candidates_max}, take));
  return rows;
}

}  // namespace

Result<std::optional<Json>> find_user(action::Api& api, UserRef const& user,
                                      std::string_view where) {
  FAIRLEAD_TRY(auto rows, search(api, user.is_email() ? "search" : "username", user.text));
  std::optional<Json> found;
  for (Json& row : rows) {
    bool const right = user.is_email()
                           ? fits(row, user.text)
                           : equals_ignoring_case(row["username"].as_string(), user.text);
    if (!right) continue;
    if (found) {
      auto error = invalid_input(std::string(where), user.text + " fits several users: @" +
                                                         (*found)["username"].as_string() +
                                                         " and @" + row["username"].as_string());
      error.remedy = "Give the user name or id.";
      return error;
    }
    found = std::move(row);
  }
  return found;
}

Result<void> resolve(action::Lookup const& lookup, UserRef& user, std::string_view where) {
  if (user.id > 0 || lookup.api == nullptr) return {};
  FAIRLEAD_TRY(auto const found, find_user(*lookup.api, user, where));
  if (!found || !(*found)["id"].is_integer()) return not_found_user(user, where);
  user.id = (*found)["id"].as_integer();
  return {};
}

Result<void> resolve(action::Lookup const& lookup, std::vector<UserRef>& users,
                     std::string_view where) {
  for (std::size_t i = 0; i < users.size(); ++i) {
    FAIRLEAD_CHECK(resolve(lookup, users[i], std::string(where) + "[" + std::to_string(i) + "]"));
  }
  return {};
}

}  // namespace fairlead::gitlab
