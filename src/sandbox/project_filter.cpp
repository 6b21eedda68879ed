#include "sandbox/project_filter.h"

#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

struct Filter {
  std::string search;
  std::string visibility;
  std::string deletion_on;
  std::vector<std::string> topics;
  std::optional<bool> archived;
  std::optional<bool> active;
  std::optional<Number> min_level;
  std::optional<Number> id_after;
  std::optional<Number> id_before;
  std::optional<Time> activity_after;
  std::optional<Time> activity_before;
  std::optional<Time> updated_after;
  std::optional<Time> updated_before;
  bool owned{false};
  bool membership{false};
  bool starred{false};
  bool with_issues{false};
  bool namespaces_too{false};
};

Filter read_filter(Params& in) {
  return {.search = in.text("search"),
          .visibility = in.word("visibility", "", {"private", "internal", "public"}),
          .deletion_on = in.date("marked_for_deletion_on"),
          .topics = in.list("topic"),
          .archived = in.boolean("archived"),
          .active = in.boolean("active"),
          .min_level = in.integer("min_access_level"),
          .id_after = in.integer("id_after"),
          .id_before = in.integer("id_before"),
          .activity_after = in.time("last_activity_after"),
          .activity_before = in.time("last_activity_before"),
          .updated_after = in.time("updated_after"),
          .updated_before = in.time("updated_before"),
          .owned = in.flag("owned"),
          .membership = in.flag("membership"),
          .starred = in.flag("starred"),
          .with_issues = in.flag("with_issues_enabled"),
          .namespaces_too = in.flag("search_namespaces")};
}

bool text_matches(Filter const& filter, Project const& project) {
  if (filter.search.empty()) return true;
  if (filter.namespaces_too && contains_ignoring_case(project.full_path, filter.search))
    return true;
  return contains_ignoring_case(project.name, filter.search) ||
         contains_ignoring_case(project.path, filter.search) ||
         contains_ignoring_case(project.description.value_or(""), filter.search);
}

bool time_matches(Filter const& filter, Project const& project) {
  if (filter.activity_after && project.last_activity_at < *filter.activity_after) return false;
  if (filter.activity_before && project.last_activity_at > *filter.activity_before) return false;
  if (filter.updated_after && project.updated_at < *filter.updated_after) return false;
  return !filter.updated_before || project.updated_at <= *filter.updated_before;
}

bool state_matches(Filter const& filter, Project const& project) {
  if (!filter.visibility.empty() && project.visibility != filter.visibility) return false;
  if (filter.archived && project.archived != *filter.archived) return false;
  bool const active = !project.archived && project.marked_for_deletion_on.empty();
  if (filter.active && active != *filter.active) return false;
  if (!filter.deletion_on.empty() && project.marked_for_deletion_on != filter.deletion_on)
    return false;
  if (filter.id_after && project.id <= *filter.id_after) return false;
  if (filter.id_before && project.id >= *filter.id_before) return false;
  if (filter.starred && !project.starred) return false;
  if (filter.with_issues && !project.issues_enabled) return false;
  return std::all_of(filter.topics.begin(), filter.topics.end(), [&](std::string const& topic) {
    return std::find(project.topics.begin(), project.topics.end(), topic) != project.topics.end();
  });
}

bool role_matches(Filter const& filter, Call& call, Project const& project) {
  if (!filter.owned && !filter.membership && !filter.min_level) return true;
  if (call.user() == nullptr) return false;
  User const& user = *call.user();
  bool const own = user.namespace_id == project.namespace_id;
  Grant const grant = best_grant(call.world, project, user.id);
  Number const role = own ? level::owner : grant.member == nullptr ? 0 : grant.member->access_level;
  if (filter.owned && role < level::owner) return false;
  if (filter.membership && role == 0) return false;
  return !filter.min_level || role >= *filter.min_level;
}

void order(std::vector<Project const*>& rows, std::string const& by, std::string const& sort) {
  auto const less = [&by](Project const* a, Project const* b) {
    if (by == "name") return to_lower_ascii(a->name) < to_lower_ascii(b->name);
    if (by == "path") return a->path < b->path;
    if (by == "updated_at") return a->updated_at < b->updated_at;
    if (by == "last_activity_at") return a->last_activity_at < b->last_activity_at;
    if (by == "created_at" && a->created_at != b->created_at) return a->created_at < b->created_at;
    return a->id < b->id;
  };
  std::stable_sort(rows.begin(), rows.end(), less);
  if (sort == "desc") std::reverse(rows.begin(), rows.end());
}

}  // namespace

Result<Reply> list_projects_of(Call& call, ProjectScope const& scope) {
  Params& in = call.in;
  std::string const by =
      in.word("order_by", "created_at",
              {"id", "name", "path", "created_at", "updated_at", "last_activity_at", "similarity",
               "star_count", "storage_size", "repository_size", "wiki_size", "packages_size"});
  std::string const sort = in.word("sort", "desc", {"asc", "desc"});
  in.word("min_access_level", "", {"10", "15", "20", "25", "30", "40", "50"});
  Filter const filter = read_filter(in);
  bool const simple = in.flag("simple") || call.user() == nullptr;
  FAIRLEAD_CHECK(in.check());
  std::vector<Project const*> rows;
  for (auto const& [id, project] : call.world.state.projects) {
    bool const inside =
        scope.namespaces.empty() || std::find(scope.namespaces.begin(), scope.namespaces.end(),
                                              project.namespace_id) != scope.namespaces.end();
    if (inside && may_see(call.world, project, call.user()) && text_matches(filter, project) &&
        time_matches(filter, project) && state_matches(filter, project) &&
        role_matches(filter, call, project)) {
      rows.push_back(&project);
    }
  }
  order(rows, by, sort);
  if (in.text("pagination") == "keyset" && by != "id") {
    return refuse(405, Json::object({{"error",
                                      "Keyset pagination is not yet available for this type of "
                                      "request"}}));
  }
  PageRules const rules{.offset_limited_type = "Project",
                        .defaults = {{"membership", "false"},
                                     {"order_by", by},
                                     {"owned", "false"},
                                     {"simple", "false"},
                                     {"sort", sort},
                                     {"starred", "false"}},
                        .keyset = PageRules::Keyset::by_id};
  auto const detail = simple ? ProjectDetail::simple : ProjectDetail::listed;
  return page_reply(
      call, rows.size(), rules, [&](std::size_t i) { return project_json(call, *rows[i], detail); },
      [&](std::size_t i) { return rows[i]->id; });
}

}  // namespace fairlead::sandbox
