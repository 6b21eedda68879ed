// A group as GitLab answers it.
//
// Only `id` must be there. Source: https://docs.gitlab.com/api/groups/ (checked on 19.5; the
// OpenAPI document types id as a string, on the wire it is a number). Value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schema/codec.h"

namespace fairlead::gitlab {

struct Group {
  std::int64_t id{0};
  std::optional<std::string> name;
  std::optional<std::string> full_path;
  std::optional<std::string> full_name;
  std::optional<std::string> visibility;
  std::optional<std::int64_t> parent_id;
  std::optional<std::string> web_url;
  Json rest;

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{field("id", &Group::id, {.label = "Id"}),
                      field("name", &Group::name, {.label = "Name"}),
                      field("full_path", &Group::full_path, {.label = "Full path"}),
                      field("full_name", &Group::full_name, {.label = "Full name"}),
                      field("visibility", &Group::visibility, {.label = "Visibility"}),
                      field("parent_id", &Group::parent_id,
                            {.label = "Parent group", .help = "Absent for a top-level group."}),
                      field("web_url", &Group::web_url, {.label = "Web page"}),
                      schema::rest(&Group::rest)};
  }
};

}  // namespace fairlead::gitlab
