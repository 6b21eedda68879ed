#include "gitlab/member.h"

#include "base/text.h"
#include "net/url.h"

namespace fairlead::gitlab {

Step next_step(IfMember policy, AccessLevel current, AccessLevel wanted) {
  if (policy == IfMember::fail) return Step::fail;
  if (policy == IfMember::keep || current == wanted) return Step::keep;
  if (policy == IfMember::set) return Step::change;
  switch (compare(current, wanted)) {
    case Comparison::lower:
      return Step::change;
    case Comparison::unknown:
      return Step::unclear;
    case Comparison::same:
    case Comparison::higher:
      break;
  }
  return Step::keep;
}

Error incomparable(AccessLevel current, AccessLevel wanted) {
  auto error =
      make_error(ErrorKind::conflict, "The user has " + words_for(current) +
                                          " and should have at least " + words_for(wanted) +
                                          ", but neither of these levels includes the other.");
  error.remedy = "Choose if_member = set to replace the level, or keep to leave it.";
  return error;
}

MembersOf members_of(ProjectRef const& project) {
  return {.root = action::path("/projects/{}", project), .words = "the project " + project.text};
}

MembersOf members_of(GroupRef const& group) {
  return {.root = action::path("/groups/{}", group), .words = "the group " + group.text};
}

bool place_is_missing(Error const& error) {
  auto const lower = to_lower_ascii(error.message);
  return lower.find("project not found") != std::string::npos ||
         lower.find("group not found") != std::string::npos;
}

Result<std::optional<Json>> find_member(action::Api& api, MembersOf const& of, std::int64_t user_id,
                                        Membership which) {
  std::string const list = which == Membership::direct ? "/members/" : "/members/all/";
  auto response =
      api.send({.method = net::Method::get, .path = of.root + list + std::to_string(user_id)});
  if (response.ok()) return std::optional<Json>(std::move(response->body));
  bool const none =
      response.error().kind == ErrorKind::not_found && !place_is_missing(response.error());
  if (!none) return std::move(response).error();
  return std::optional<Json>();
}

bool refused_as_inherited(Error const& error) {
  return error.status == 400 && error.message.find("inherited membership") != std::string::npos;
}

}  // namespace fairlead::gitlab
