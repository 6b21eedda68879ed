// Users and the token's own user. Source: doc/api/users.md, doc/api/personal_access_tokens.md
// (19.5).
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Json own_user_json(World& world, User const& user) {
  Json json = user_json(world, &user);
  json.set("created_at", format_time(user.created_at));
  json.set("bio", user.bio);
  for (char const* name :
       {"location", "linkedin", "twitter", "discord", "website_url", "github", "job_title",
        "pronouns", "organization", "work_information", "local_time"}) {
    json.set(name,
             name == std::string_view("local_time") || name == std::string_view("work_information")
                 ? Json()
                 : Json(""));
  }
  json.set("skype", "");
  json.set("bot", user.bot);
  json.set("followers", 0);
  json.set("following", 0);
  json.set("is_followed", false);
  json.set("last_sign_in_at", format_time(user.created_at));
  json.set("confirmed_at", format_time(user.created_at));
  json.set("last_activity_on", format_date(world.now()));
  json.set("email", user.email);
  json.set("theme_id", 3);
  json.set("color_scheme_id", 1);
  json.set("projects_limit", 100'000);
  json.set("current_sign_in_at", format_time(user.created_at));
  json.set("identities", Json::array());
  json.set("can_create_group", user.can_create_group);
  json.set("can_create_project", true);
  json.set("two_factor_enabled", false);
  json.set("external", user.external);
  json.set("private_profile", false);
  json.set("commit_email", user.email);
  json.set("namespace_id", user.namespace_id);
  return json;
}

Result<Reply> get_own_user(Call& call) {
  Json json = own_user_json(call.world, *call.user());
  if (call.admin()) {
    json.set("is_admin", true);
    json.set("note", Json());
  }
  return json_reply(200, json);
}

Result<Reply> get_user(Call& call) {
  FAIRLEAD_TRY(Number const id, call.number_argument(0, "id"));
  User const* user = call.world.user(id);
  if (user == nullptr) return no_such("User");
  if (call.admin()) {
    Json json = own_user_json(call.world, *user);
    json.set("is_admin", user->admin);
    return json_reply(200, json);
  }
  Json json = user_json(call.world, user);
  json.set("created_at", format_time(user->created_at));
  json.set("bio", user->bio);
  json.set("bot", user->bot);
  json.set("followers", 0);
  json.set("following", 0);
  return json_reply(200, json);
}

// Public words match in part; a private e-mail only whole, or in part for admins.
bool matches_search(User const& user, std::string const& search, bool admin) {
  return contains_ignoring_case(user.username, search) ||
         contains_ignoring_case(user.name, search) ||
         contains_ignoring_case(user.public_email, search) ||
         equals_ignoring_case(user.email, search) ||
         (admin && contains_ignoring_case(user.email, search));
}

struct UserFilter {
  std::string username;
  std::string search;
  std::optional<Time> created_after;
  std::optional<Time> created_before;
  bool active{false};
  bool blocked{false};
  bool external{false};
  bool humans{false};
  bool exclude_active{false};
  bool exclude_external{false};
  bool exclude_humans{false};
  bool without_project_bots{false};
  bool admins{false};
};

UserFilter read_filter(Call& call) {
  Params& in = call.in;
  return {.username = in.text("username"),
          .search = in.text("search"),
          .created_after = in.time("created_after"),
          .created_before = in.time("created_before"),
          .active = in.flag("active"),
          .blocked = in.flag("blocked"),
          .external = in.flag("external"),
          .humans = in.flag("humans"),
          .exclude_active = in.flag("exclude_active"),
          .exclude_external = in.flag("exclude_external"),
          .exclude_humans = in.flag("exclude_humans"),
          .without_project_bots = in.flag("without_project_bots"),
          .admins = in.flag("admins") && call.admin()};
}

bool matches(UserFilter const& filter, User const& user, bool admin) {
  if (!filter.username.empty() && !equals_ignoring_case(user.username, filter.username))
    return false;
  if (!filter.search.empty() && !matches_search(user, filter.search, admin)) return false;
  if (filter.active && user.state != "active") return false;
  if (filter.blocked && user.state != "blocked") return false;
  if (filter.external && !user.external) return false;
  if (filter.humans && user.bot) return false;
  if (filter.exclude_active && user.state == "active") return false;
  if (filter.exclude_external && user.external) return false;
  if (filter.exclude_humans && !user.bot) return false;
  if (filter.without_project_bots && user.bot) return false;
  if (filter.admins && !user.admin) return false;
  if (filter.created_after && user.created_at < *filter.created_after) return false;
  return !filter.created_before || user.created_at <= *filter.created_before;
}

Result<Reply> list_users(Call& call) {
  std::string const order =
      call.in.word("order_by", "id", {"id", "name", "username", "created_at", "updated_at"});
  std::string const sort = call.in.word("sort", "desc", {"asc", "desc"});
  UserFilter const filter = read_filter(call);
  FAIRLEAD_CHECK(call.in.check());
  if (call.user() == nullptr && filter.username.empty()) {
    return forbidden("Not authorized to access /api/v4/users");
  }
  std::vector<User const*> rows;
  for (auto const& [id, user] : call.world.state.users) {
    if (matches(filter, user, call.admin())) rows.push_back(&user);
  }
  if (order == "name") {
    std::stable_sort(rows.begin(), rows.end(), [](auto* a, auto* b) { return a->name < b->name; });
  } else if (order == "username") {
    std::stable_sort(rows.begin(), rows.end(),
                     [](auto* a, auto* b) { return a->username < b->username; });
  }
  if (sort == "desc") std::reverse(rows.begin(), rows.end());
  PageRules const rules{.offset_limited_type = "User",
                        .defaults = {{"order_by", order}, {"sort", sort}},
                        .keyset = PageRules::Keyset::by_cursor};
  return page_reply(
      call, rows.size(), rules,
      [&](std::size_t i) {
        Json json = user_json(call.world, rows[i]);
        if (call.admin()) {
          json.set("email", rows[i]->email);
          json.set("is_admin", rows[i]->admin);
          json.set("external", rows[i]->external);
          json.set("bot", rows[i]->bot);
          json.set("created_at", format_time(rows[i]->created_at));
        }
        return json;
      },
      [&](std::size_t i) { return rows[i]->id; });
}

// Admins add people; a free user name and e-mail are needed.
Result<Reply> create_user(Call& call) {
  if (!call.admin()) return forbidden();
  call.in.require("email");
  call.in.require("username");
  call.in.require("name");
  std::string const email = call.in.text("email");
  std::string const username = call.in.text("username");
  FAIRLEAD_CHECK(call.in.check());
  if (call.world.user_named(username) != nullptr || call.world.group_at(username) != nullptr) {
    return refuse_message(409, "Username has already been taken");
  }
  if (call.world.user_with_email(email) != nullptr)
    return refuse_message(409, "Email has already been taken");
  User user;
  user.id = call.world.next_id("user");
  user.namespace_id = call.world.next_id("namespace");
  user.username = username;
  user.name = call.in.text("name");
  user.email = email;
  user.password = call.in.text("password");
  user.external = call.in.flag("external");
  user.created_at = call.now();
  User const& stored = call.world.state.users[user.id] = user;
  Json json = own_user_json(call.world, stored);
  json.set("is_admin", stored.admin);
  return json_reply(201, json);
}

enum class Blocking { block, unblock };

Result<Reply> change_block(Call& call, Blocking wanted) {
  if (!call.admin()) return forbidden();
  FAIRLEAD_TRY(Number const id, call.number_argument(0, "id"));
  User* user = call.world.user(id);
  if (user == nullptr) return no_such("User");
  user->state = wanted == Blocking::block ? "blocked" : "active";
  return json_reply(201, Json(true));
}

Result<Reply> block_user(Call& call) { return change_block(call, Blocking::block); }
Result<Reply> unblock_user(Call& call) { return change_block(call, Blocking::unblock); }

Result<Reply> list_memberships(Call& call) {
  if (!call.admin()) return forbidden();
  FAIRLEAD_TRY(Number const id, call.number_argument(0, "user_id"));
  if (call.world.user(id) == nullptr) return no_such("User");
  std::string const type = call.in.word("type", "", {"Project", "Namespace"});
  FAIRLEAD_CHECK(call.in.check());
  std::vector<Json> rows;
  auto const add = [&](auto const& place, char const* kind) {
    auto const it = place.roster.members.find(id);
    if (it == place.roster.members.end() || (!type.empty() && type != kind)) return;
    rows.push_back(Json::object({{"source_id", place.id},
                                 {"source_name", place.name},
                                 {"source_type", kind},
                                 {"access_level", it->second.access_level}}));
  };
  for (auto const& [number, project] : call.world.state.projects)
    add(project, "Project");
  for (auto const& [number, group] : call.world.state.groups)
    add(group, "Namespace");
  return page_reply(
      call, rows.size(), {}, [&](std::size_t i) { return rows[i]; },
      [](std::size_t i) { return static_cast<Number>(i); });
}

Result<Reply> get_own_token(Call& call) {
  if (call.caller.kind != Caller::Kind::personal_token) return unauthorized();
  PersonalToken const& token = call.world.state.personal_tokens.find(call.caller.token)->second;
  Json scopes = Json::array();
  for (std::string const& scope : token.scopes)
    scopes.push_back(scope);
  return json_reply(200, Json::object({{"id", token.id},
                                       {"name", token.name},
                                       {"revoked", token.revoked},
                                       {"created_at", format_time(token.created_at)},
                                       {"description", Json()},
                                       {"scopes", std::move(scopes)},
                                       {"user_id", token.user_id},
                                       {"last_used_at", time_or_null(token.last_used_at)},
                                       {"active", true},
                                       {"expires_at", text_or_null(token.expires_on)}}));
}

Result<Reply> revoke_own_token(Call& call) {
  if (call.caller.kind != Caller::Kind::personal_token) return unauthorized();
  call.world.state.personal_tokens.find(call.caller.token)->second.revoked = true;
  return no_content();
}

}  // namespace

Json user_json(World& world, User const* user) {
  if (user == nullptr) return {};
  return Json::object({{"id", user->id},
                       {"username", user->username},
                       {"public_email", user->public_email},
                       {"name", user->name},
                       {"state", user->state},
                       {"locked", false},
                       {"avatar_url", world.web_url("uploads/-/system/user/avatar/" +
                                                    std::to_string(user->id) + "/avatar.png")},
                       {"web_url", world.web_url(user->username)}});
}

ApiRoutes user_routes() {
  using enum net::Method;
  return {{get, "user", get_own_user, Need::user_read},
          {get, "users", list_users, Need::nothing},
          {post, "users", create_user, Need::signed_in},
          {get, "users/:id", get_user, Need::user_read},
          {post, "users/:id/block", block_user, Need::signed_in},
          {post, "users/:id/unblock", unblock_user, Need::signed_in},
          {get, "users/:user_id/memberships", list_memberships, Need::signed_in},
          {get, "personal_access_tokens/self", get_own_token, Need::any_token},
          {delete_, "personal_access_tokens/self", revoke_own_token, Need::any_token}};
}

}  // namespace fairlead::sandbox
