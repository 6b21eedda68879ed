// A user as GitLab answers it to everybody: without the e-mail address, which only administrators
// get.
//
// Source: https://docs.gitlab.com/api/users/ (checked on 19.5). Value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schema/codec.h"

namespace fairlead::gitlab {

struct User {
  std::int64_t id{0};
  std::optional<std::string> username;
  std::optional<std::string> name;
  std::optional<std::string> state;
  std::optional<std::string> public_email;
  std::optional<std::string> web_url;
  Json rest;

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{
        field("id", &User::id, {.label = "Id"}),
        field("username", &User::username, {.label = "User name"}),
        field("name", &User::name, {.label = "Name"}),
        field("state", &User::state,
              {.label = "State", .help = "active, blocked, deactivated, ..."}),
        field("public_email", &User::public_email,
              {.label = "Public e-mail", .help = "Empty unless the user made it public."}),
        field("web_url", &User::web_url, {.label = "Profile"}),
        schema::rest(&User::rest)};
  }
};

}  // namespace fairlead::gitlab
