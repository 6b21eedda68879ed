#include "sandbox/world.h"

#include "base/text.h"

namespace fairlead::sandbox {
namespace {

template <class Map>
auto* find_record(Map& map, Number id) {
  auto const it = map.find(id);
  return it == map.end() ? nullptr : &it->second;
}

}  // namespace

Time SandboxClock::now() const {
  std::lock_guard const lock(mutex_);
  return (mode_ == SandboxOptions::Time::manual ? start_ : base_.now()) + ahead_;
}

void SandboxClock::advance(Milliseconds by) {
  std::lock_guard const lock(mutex_);
  ahead_ += by;
}

User* World::user(Number id) { return find_record(state.users, id); }
Group* World::group(Number id) { return find_record(state.groups, id); }
Project* World::project(Number id) { return find_record(state.projects, id); }

User* World::user_named(std::string_view username) {
  for (auto& [id, user] : state.users) {
    if (equals_ignoring_case(user.username, username)) return &user;
  }
  return nullptr;
}

User* World::user_with_email(std::string_view email) {
  for (auto& [id, user] : state.users) {
    if (equals_ignoring_case(user.email, email)) return &user;
  }
  return nullptr;
}

Group* World::group_at(std::string_view full_path) {
  auto const it = state.group_paths.find(to_lower_ascii(full_path));
  return it == state.group_paths.end() ? nullptr : group(it->second);
}

Project* World::project_at(std::string_view full_path) {
  auto const it = state.project_paths.find(to_lower_ascii(full_path));
  return it == state.project_paths.end() ? nullptr : project(it->second);
}

User* World::owner_of_namespace(Number namespace_id) {
  for (auto& [id, user] : state.users) {
    if (user.namespace_id == namespace_id) return &user;
  }
  return nullptr;
}

std::string World::namespace_path(Number namespace_id) {
  if (Group const* found = group(namespace_id)) return found->full_path;
  User const* user = owner_of_namespace(namespace_id);
  return user == nullptr ? std::string() : user->username;
}

std::string World::namespace_name(Number namespace_id) {
  if (Group const* found = group(namespace_id)) return found->full_name;
  User const* user = owner_of_namespace(namespace_id);
  return user == nullptr ? std::string() : user->name;
}

}  // namespace fairlead::sandbox
