#include "app/secret_environment.h"

#include <cstdlib>

extern char** environ;  // NOLINT: POSIX

namespace fairlead::app {

access::SecretVariables take_secret_variables() {
  access::SecretVariables taken;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    std::string_view const text = *each;
    auto const sign = text.find('=');
    if (!text.starts_with(access::secret_variable_prefix) || sign == std::string_view::npos)
      continue;
    taken.emplace(std::string(text.substr(0, sign)), Secret(std::string(text.substr(sign + 1))));
  }
  for (auto const& [name, value] : taken)
    ::unsetenv(name.c_str());
  return taken;
}

trace::Variables take_trace_variables() {
  trace::Variables taken;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    std::string_view const text = *each;
    auto const sign = text.find('=');
    if (!text.starts_with(trace::variable_prefix) || sign == std::string_view::npos) continue;
    taken.emplace(std::string(text.substr(0, sign)), Secret(std::string(text.substr(sign + 1))));
  }
  for (auto const& [name, value] : taken)
    if (name.ends_with("_HEADERS")) ::unsetenv(name.c_str());
  return taken;
}

std::vector<std::string> environment_for_command() {
  std::vector<std::string> all;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each)
    all.emplace_back(*each);
  return all;
}

}  // namespace fairlead::app
