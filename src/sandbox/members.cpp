// Members of groups and projects. Source: doc/api/members.md (19.5), lib/api/members.rb.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"
#include "sandbox/roster.h"

namespace fairlead::sandbox {
namespace {

constexpr std::size_t people_max = 100;

Result<Reply> list_page(Call& call, std::map<Number, Member> const& members) {
  std::string const query = call.in.text("query");
  auto const wanted = call.in.integers("user_ids");
  auto const skipped = call.in.integers("skip_users");
  FAIRLEAD_CHECK(call.in.check());
  std::vector<Member const*> rows;
  for (auto const& [id, member] : members) {
    User const* user = call.world.user(id);
    if (user == nullptr || expired(call.world, member)) continue;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), id) == wanted.end()) continue;
    if (std::find(skipped.begin(), skipped.end(), id) != skipped.end()) continue;
    bool const fits = contains_ignoring_case(user->name, query) ||
                      contains_ignoring_case(user->username, query) ||
                      equals_ignoring_case(user->email, query);
    if (fits) rows.push_back(&member);
  }
  return page_reply(
      call, rows.size(), {}, [&](std::size_t i) { return member_json(call.world, *rows[i]); },
      [&](std::size_t i) { return rows[i]->user_id; });
}

Result<Reply> list_members(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  return list_page(call, place.roster().members);
}

Result<Reply> list_all_members(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  return list_page(call, all_members(call.world, place));
}

Result<Reply> member_reply(Call& call, std::map<Number, Member> const& members) {
  FAIRLEAD_TRY(Number const id, call.number_argument(1, "user_id"));
  auto const it = members.find(id);
  if (it == members.end() || expired(call.world, it->second)) return not_found();
  return json_reply(200, member_json(call.world, it->second));
}

Result<Reply> get_member(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  return member_reply(call, place.roster().members);
}

Result<Reply> get_any_member(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  return member_reply(call, all_members(call.world, place));
}

// The people named by user_id or username; with a comma the answer has another shape.
struct Wanted {
  std::vector<std::string> names;
  bool by_name{false};
  bool many{false};
};

Result<Wanted> read_wanted(Call& call) {
  Params& in = call.in;
  in.require("access_level");
  in.integer("access_level");
  if (!in.given("user_id") && !in.given("username")) {
    in.complain("user_id, username are missing, exactly one parameter must be provided");
  }
  if (in.given("user_id") && in.given("username"))
    in.complain("user_id, username are mutually exclusive");
  in.date("expires_at");
  FAIRLEAD_CHECK(in.check());
  Wanted wanted;
  wanted.by_name = in.given("username");
  std::string_view const key = wanted.by_name ? "username" : "user_id";
  wanted.names = in.list(key);
  wanted.many = in.raw(key).is_string() && in.raw(key).as_string().find(',') != std::string::npos;
  if (wanted.names.size() > people_max)
    return refuse_message(400, "Too many users specified (limit is 100)");
  return wanted;
}

User* person(World& world, Wanted const& wanted, std::string const& name) {
  if (wanted.by_name) return world.user_named(name);
  for (auto& [id, user] : world.state.users) {
    if (std::to_string(id) == name) return &user;
  }
  return nullptr;
}

Member new_member(Call& call, Number user_id) {
  return {.user_id = user_id,
          .access_level = call.in.integer("access_level").value_or(0),
          .created_by = call.user()->id,
          .created_at = call.now(),
          .expires_on = call.in.date("expires_at")};
}

Result<Reply> add_many(Call& call, Place const& place, Wanted const& wanted) {
  Json errors = Json::object();
  for (std::string const& name : wanted.names) {
    User const* user = person(call.world, wanted, name);
    if (user == nullptr) {
      errors.set(name, "User not found");
      continue;
    }
    Member const member = new_member(call, user->id);
    auto const complaint = complaint_about(call.world, place, user->id, member);
    if (place.roster().members.contains(user->id)) {
      errors.set(user->username, "User already exists in source");
    } else if (complaint) {
      errors.set(user->username, complaint->text);
    } else {
      place.roster().members[user->id] = member;
    }
  }
  if (errors.empty()) return json_reply(201, Json::object({{"status", "success"}}));
  return json_reply(201, Json::object({{"status", "error"}, {"message", std::move(errors)}}));
}

Result<Reply> add_member(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  FAIRLEAD_CHECK(check_manages(call, place));
  FAIRLEAD_TRY(Wanted const wanted, read_wanted(call));
  if (wanted.many) return add_many(call, place, wanted);
  User const* user =
      wanted.names.empty() ? nullptr : person(call.world, wanted, wanted.names.front());
  if (user == nullptr) return no_such("User");
  bool const owns_namespace =
      place.project != nullptr && place.project->namespace_id == user->namespace_id;
  if (place.roster().members.contains(user->id) || owns_namespace) {
    return refuse_message(409, "Member already exists");
  }
  Member const member = new_member(call, user->id);
  if (auto const complaint = complaint_about(call.world, place, user->id, member)) {
    return invalid_model(complaint->field, complaint->text);
  }
  if (member.access_level == level::owner &&
      level_in(call.world, place, call.user()) < level::owner) {
    return forbidden();
  }
  place.roster().members[user->id] = member;
  return json_reply(201, member_json(call.world, member));
}

Result<Member*> direct_member(Call& call, Place const& place) {
  FAIRLEAD_TRY(Number const id, call.number_argument(1, "user_id"));
  auto const it = place.roster().members.find(id);
  if (it == place.roster().members.end()) return not_found();
  return &it->second;
}

Result<Reply> edit_member(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  FAIRLEAD_CHECK(check_manages(call, place));
  FAIRLEAD_TRY(Member * member, direct_member(call, place));
  call.in.require("access_level");
  auto const access_level = call.in.integer("access_level");
  std::string const expires = call.in.date("expires_at");
  FAIRLEAD_CHECK(call.in.check());
  Member draft = *member;
  draft.access_level = *access_level;
  if (call.in.given("expires_at")) draft.expires_on = expires;
  if (auto const complaint = complaint_about(call.world, place, member->user_id, draft)) {
    return invalid_model(complaint->field, complaint->text);
  }
  bool const owner_rights = level_in(call.world, place, call.user()) >= level::owner;
  if (!owner_rights &&
      (draft.access_level >= level::owner || member->access_level >= level::owner)) {
    return forbidden();
  }
  *member = draft;
  return json_reply(200, member_json(call.world, *member));
}

Result<Reply> remove_member(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  FAIRLEAD_TRY(Member * member, direct_member(call, place));
  Number const id = member->user_id;
  if (id != call.user()->id) FAIRLEAD_CHECK(check_manages(call, place));
  auto const& members = place.roster().members;
  auto const owners = std::count_if(members.begin(), members.end(), [](auto const& entry) {
    return entry.second.access_level == level::owner;
  });
  bool const top_group = place.group != nullptr && place.group->parent_id == 0;
  if (top_group && member->access_level == level::owner && owners == 1) return forbidden();
  if (place.group != nullptr && !call.in.flag("skip_subresources")) {
    for (auto& [number, project] : call.world.state.projects) {
      auto const chain = group_chain(call.world, project.namespace_id);
      bool const inside =
          std::any_of(chain.begin(), chain.end(), [&](Group* g) { return g == place.group; });
      if (inside) project.roster.members.erase(id);
    }
  }
  place.roster().members.erase(id);
  return no_content();
}

void add_routes(ApiRoutes& routes, std::array<std::string_view, 4> const& patterns) {
  using enum net::Method;
  auto const& [plain, all, one, one_of_all] = patterns;
  routes.push_back({get, plain, list_members, Need::nothing});
  routes.push_back({post, plain, add_member, Need::signed_in});
  routes.push_back({get, all, list_all_members, Need::nothing});
  routes.push_back({get, one, get_member, Need::nothing});
  routes.push_back({put, one, edit_member, Need::signed_in});
  routes.push_back({delete_, one, remove_member, Need::signed_in});
  routes.push_back({get, one_of_all, get_any_member, Need::nothing});
}

}  // namespace

Json member_json(World& world, Member const& member) {
  Json json = user_json(world, world.user(member.user_id));
  json.erase("public_email");
  json.set("access_level", member.access_level);
  json.set("created_at", format_time(member.created_at));
  if (User const* by = world.user(member.created_by)) json.set("created_by", user_json(world, by));
  json.set("expires_at", text_or_null(member.expires_on));
  json.set("membership_state", "active");
  return json;
}

ApiRoutes member_routes() {
  ApiRoutes routes;
  add_routes(routes, {"projects/:id/members", "projects/:id/members/all",
                      "projects/:id/members/:user_id", "projects/:id/members/all/:user_id"});
  add_routes(routes, {"groups/:id/members", "groups/:id/members/all", "groups/:id/members/:user_id",
                      "groups/:id/members/all/:user_id"});
  return routes;
}

}  // namespace fairlead::sandbox
