#include "store/people.h"

namespace fairlead::store {

Error username_taken(std::string_view username) {
  Error error = make_error(ErrorKind::conflict, "There is a user \"" + std::string(username) +
                                                    "\", or one with this GitLab "
                                                    "account, already.");
  error.where = "username";
  error.remedy = "Choose another username.";
  return error;
}

Error setup_is_over() {
  Error error = make_error(ErrorKind::conflict, "This Fairlead was set up already.");
  error.remedy = "Sign in, or ask an org admin for an account.";
  return error;
}

Error no_such_link() {
  Error error = make_error(ErrorKind::not_found,
                           "This link was used already, has expired, or was replaced by a newer.");
  error.title = "The link does not work any more";
  error.remedy =
      "The first org admin's link is printed by `fairlead serve` at its start; a link for a new "
      "password comes from an org admin.";
  return error;
}

Error user_changed(std::string_view username) {
  Error error = make_error(ErrorKind::conflict, "The user \"" + std::string(username) +
                                                    "\" was changed by somebody else meanwhile.");
  error.remedy = "Look at it again, then repeat the change.";
  return error;
}

Error last_org_admin(std::string_view username) {
  Error error =
      make_error(ErrorKind::conflict, "\"" + std::string(username) +
                                          "\" is the last org admin who can sign in: without one "
                                          "nobody could manage this Fairlead.");
  error.remedy =
      "Make somebody else org admin first; who was invited has to set a password before they "
      "count.";
  return error;
}

bool is_active_org_admin(UserRecord const& user) {
  return user.role == "org-admin" && user.standing == UserRecord::Standing::active;
}

bool is_ready_org_admin(UserRecord const& user) {
  return is_active_org_admin(user) && !(user.password_hash.empty() && user.subject.empty());
}

bool takes_org_admin(UserRecord const& before, UserRecord const& after) {
  if (!is_active_org_admin(before)) return false;
  return !is_active_org_admin(after) || (is_ready_org_admin(before) && !is_ready_org_admin(after));
}

}  // namespace fairlead::store
