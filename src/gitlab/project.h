// A project as GitLab answers it.
//
// Only `id` must be there: what else there is depends on tier, role and `simple`. Fields we do not
// name pass through, with runners_token and the like masked. Source:
// https://docs.gitlab.com/api/projects/ (checked on 19.5). Value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schema/codec.h"

namespace fairlead::gitlab {

struct Project {
  std::int64_t id{0};
  std::optional<std::string> name;
  std::optional<std::string> path;
  std::optional<std::string> path_with_namespace;
  std::optional<std::string> description;
  std::optional<std::string> visibility;
  std::optional<std::string> default_branch;
  std::optional<bool> archived;
  std::optional<std::string> created_at;
  std::optional<std::string> web_url;
  std::optional<bool> created;
  Json rest;

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{
        field("id", &Project::id, {.label = "Id", .help = "Unique in the whole GitLab."}),
        field("name", &Project::name, {.label = "Name"}),
        field("path", &Project::path, {.label = "Path", .help = "The last part of the full path."}),
        field("path_with_namespace", &Project::path_with_namespace,
              {.label = "Full path", .help = "With all groups: ops/incidents."}),
        field("description", &Project::description, {.label = "Description"}),
        field("visibility", &Project::visibility, {.label = "Visibility"}),
        field("default_branch", &Project::default_branch,
              {.label = "Default branch", .help = "Null as long as the repository is empty."}),
        field("archived", &Project::archived, {.label = "Archived"}),
        field("created_at", &Project::created_at, {.label = "Created"}),
        field("web_url", &Project::web_url, {.label = "Web page"}),
        field(
            "created", &Project::created,
            {.label = "Created now",
             .help = "After create-project: false if there was one already and it was returned."}),
        schema::rest(&Project::rest)};
  }
};

}  // namespace fairlead::gitlab
