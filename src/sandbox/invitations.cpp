// Invitations by e-mail or user id: 201 even when nothing came of it. Source:
// doc/api/invitations.md (19.5).
#include <algorithm>

#include "base/text.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"
#include "sandbox/roster.h"

namespace fairlead::sandbox {
namespace {

constexpr std::size_t people_max = 100;

Json invitation_json(Call& call, Invitation const& invitation) {
  World& world = call.world;
  User const* by = world.user(invitation.created_by);
  Json json = Json::object({{"access_level", invitation.access_level},
                            {"created_at", format_time(invitation.created_at)},
                            {"expires_at", text_or_null(invitation.expires_on)},
                            {"invite_email", invitation.email},
                            {"user_name", Json()}});
  if (call.admin()) json.set("invite_token", invitation.token);
  json.set("created_by_name", by == nullptr ? Json() : Json(by->name));
  return json;
}

bool valid_email(std::string const& email) {
  std::size_t const at = email.find('@');
  return at != std::string::npos && at > 0 && at + 1 < email.size() &&
         email.find('@', at + 1) == std::string::npos && email.find(' ') == std::string::npos;
}

struct Request {
  std::vector<std::string> emails;
  std::vector<Number> user_ids;
  Number access_level{0};
  std::string expires_on;
};

Result<Request> read_request(Call& call) {
  Params& in = call.in;
  in.require("access_level");
  Request request;
  request.access_level = in.integer("access_level").value_or(0);
  if (in.filled("access_level") && !known_level(request.access_level)) {
    in.complain("access_level does not have a valid value");
  }
  request.emails = in.list("email");
  request.user_ids = in.integers("user_id");
  request.expires_on = in.date("expires_at");
  for (std::string const& email : request.emails) {
    if (!valid_email(email)) {
      in.complain("email contains an invalid email address");
      break;
    }
  }
  FAIRLEAD_CHECK(in.check());
  if (!in.given("email") && !in.given("user_id")) {
    return refuse_message(400,
                          "400 Bad request - Must provide either email or user_id as a parameter");
  }
  return request;
}

Json whole_error(std::string_view text) {
  return Json::object({{"status", "error"}, {"message", text}});
}

std::string capital(Complaint const& complaint) {
  return (complaint.field == "expires_at" ? "Expires at " : "Access level ") + complaint.text;
}

// Existing people are added, or their level is set, at once; "" or what went wrong.
std::string add_person(Call& call, Place const& place, User const& user, Request const& request) {
  if (user.bot)
    return "The member's email address is not linked to a SAML account or bots cannot be added";
  Member wanted{.user_id = user.id,
                .access_level = request.access_level,
                .created_by = call.user()->id,
                .created_at = call.now(),
                .expires_on = request.expires_on};
  if (auto const complaint = complaint_about(call.world, place, user.id, wanted))
    return capital(*complaint);
  auto const existing = place.roster().members.find(user.id);
  if (existing != place.roster().members.end()) wanted.created_at = existing->second.created_at;
  place.roster().members[user.id] = wanted;
  return {};
}

std::string invite(Call& call, Place const& place, std::string const& email,
                   Request const& request) {
  if (User const* user = call.world.user_with_email(email))
    return add_person(call, place, *user, request);
  if (!request.expires_on.empty() && request.expires_on < format_date(call.now())) {
    return "Expires at cannot be a date in the past";
  }
  auto& list = place.roster().invitations;
  bool const there = std::any_of(list.begin(), list.end(), [&](Invitation const& invitation) {
    return equals_ignoring_case(invitation.email, email);
  });
  if (there) return "Invite email has already been taken";
  list.push_back({.email = email,
                  .token = random_token(call.world.random, 20),
                  .access_level = request.access_level,
                  .created_by = call.user()->id,
                  .created_at = call.now(),
                  .expires_on = request.expires_on});
  return {};
}

Result<Reply> create_invitations(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  FAIRLEAD_CHECK(check_manages(call, place));
  FAIRLEAD_TRY(Request const request, read_request(call));
  if (request.emails.empty() && request.user_ids.empty())
    return json_reply(201, whole_error("Emails cannot be blank"));
  if (request.emails.size() + request.user_ids.size() > people_max) {
    return json_reply(201, whole_error("Too many users specified (limit is 100)"));
  }
  Json errors = Json::object();
  for (std::string const& email : request.emails) {
    std::string const error = invite(call, place, email, request);
    if (!error.empty()) errors.set(email, error);
  }
  for (Number const id : request.user_ids) {
    User const* user = call.world.user(id);
    if (user == nullptr) continue;  // silently nobody, as the real finder
    std::string const error = add_person(call, place, *user, request);
    if (!error.empty()) errors.set(user->username, error);
  }
  if (errors.empty()) return json_reply(201, Json::object({{"status", "success"}}));
  return json_reply(201, Json::object({{"status", "error"}, {"message", std::move(errors)}}));
}

Result<Reply> list_invitations(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  FAIRLEAD_CHECK(check_manages(call, place));
  std::string const query = call.in.text("query");
  std::vector<Invitation const*> rows;
  for (Invitation const& invitation : place.roster().invitations) {
    if (query.empty() || equals_ignoring_case(invitation.email, query)) rows.push_back(&invitation);
  }
  return page_reply(
      call, rows.size(), {}, [&](std::size_t i) { return invitation_json(call, *rows[i]); },
      [](std::size_t i) { return static_cast<Number>(i); });
}

Result<Invitation*> find_invitation(Call& call, Place const& place) {
  for (Invitation& invitation : place.roster().invitations) {
    if (equals_ignoring_case(invitation.email, call.arguments.at(1))) return &invitation;
  }
  return not_found();
}

Result<Reply> edit_invitation(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  FAIRLEAD_CHECK(check_manages(call, place));
  FAIRLEAD_TRY(Invitation * invitation, find_invitation(call, place));
  auto const access_level = call.in.integer("access_level");
  std::string const expires = call.in.date("expires_at");
  if (access_level && !known_level(*access_level))
    call.in.complain("access_level does not have a valid value");
  FAIRLEAD_CHECK(call.in.check());
  if (access_level) invitation->access_level = *access_level;
  if (call.in.given("expires_at")) invitation->expires_on = expires;
  return json_reply(200, invitation_json(call, *invitation));
}

Result<Reply> delete_invitation(Call& call) {
  FAIRLEAD_TRY(Place const place, find_place(call));
  FAIRLEAD_CHECK(check_manages(call, place));
  FAIRLEAD_TRY(Invitation * invitation, find_invitation(call, place));
  std::string const email = invitation->email;
  std::erase_if(place.roster().invitations,
                [&](Invitation const& other) { return other.email == email; });
  return no_content();
}

}  // namespace

ApiRoutes invitation_routes() {
  using enum net::Method;
  ApiRoutes routes;
  for (auto const& [plain, one] :
       {std::pair("groups/:id/invitations", "groups/:id/invitations/:email"),
        std::pair("projects/:id/invitations", "projects/:id/invitations/:email")}) {
    routes.push_back({get, plain, list_invitations, Need::signed_in});
    routes.push_back({post, plain, create_invitations, Need::signed_in});
    routes.push_back({put, one, edit_invitation, Need::signed_in});
    routes.push_back({delete_, one, delete_invitation, Need::signed_in});
  }
  return routes;
}

}  // namespace fairlead::sandbox
