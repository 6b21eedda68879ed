#include "action/scopes.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace fairlead::action {

bool grants(std::string_view granted, Scope needed) {
  if (granted.empty() || needed == Scope::none) return true;
  static constexpr std::array wider{Scope::read_user, Scope::read_api, Scope::api};
  auto const words = split(granted, ' ');
  auto const from = std::find(wider.begin(), wider.end(), needed);
  return std::any_of(from, wider.end(), [&](Scope scope) {
    return std::find(words.begin(), words.end(), to_string(scope)) != words.end();
  });
}

bool only_reads(std::vector<Request> const& requests) {
  return !requests.empty() && std::all_of(requests.begin(), requests.end(), [](Request const& one) {
    return one.method == net::Method::get || one.method == net::Method::head;
  });
}

Scope needed_by(std::vector<Request> const& requests, Scope declared) {
  return declared == Scope::api && only_reads(requests) ? Scope::read_api : declared;
}

}  // namespace fairlead::action
