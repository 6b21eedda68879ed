// What an org admin may change of a connection that is there: its names, how it is reached, what it
// may do.
//
// Nothing given is left as it is. The tokens stay unless the GitLab is another one (origin or
// sub-path of the URL, Application ID): then a new sign-in is needed, so that no token is ever sent
// to a server it was not made for. Values; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "connection/connections.h"

namespace fairlead::connection {

inline constexpr std::size_t aliases_max = 10;

struct ConnectionChange {
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> aliases;  // further names, e.g. of environments
  std::optional<NewConnection::Default> is_default;
  enum class Writes { allowed, refused };
  std::optional<Writes> writes;
  std::optional<std::string> minimum_role;  // the lowest role that may use it; "": any
  std::optional<std::string> base_url;
  std::optional<std::string> client_id;
  std::optional<Secret> client_secret;
  // "" takes it away.
  std::optional<std::string> ca_pem;
  std::optional<std::string> client_cert_pem;
  std::optional<Secret> client_key_pem;
  std::optional<std::string> proxy;
};

}  // namespace fairlead::connection
