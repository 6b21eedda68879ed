#include "trace/url_shown.h"

#include <algorithm>
#include <array>

#include "net/url.h"

namespace fairlead::trace {
namespace {

constexpr std::string_view api = "/api/v4/";
constexpr std::string_view hidden = "REDACTED";

// Sorted. A word that is missing here is hidden; nothing breaks.
constexpr std::array<std::string_view, 84> words{"access_requests",
                                                 "access_tokens",
                                                 "all",
                                                 "applications",
                                                 "approvals",
                                                 "approve",
                                                 "archive",
                                                 "artifacts",
                                                 "award_emoji",
                                                 "badges",
                                                 "blame",
                                                 "boards",
                                                 "branches",
                                                 "bridges",
                                                 "cancel",
                                                 "commits",
                                                 "compare",
                                                 "contributors",
                                                 "custom_attributes",
                                                 "deploy_keys",
                                                 "deploy_tokens",
                                                 "deployments",
                                                 "descendant_groups",
                                                 "discussions",
                                                 "environments",
                                                 "epics",
                                                 "erase",
                                                 "events",
                                                 "export",
                                                 "files",
                                                 "fork",
                                                 "forks",
                                                 "groups",
                                                 "hooks",
                                                 "import",
                                                 "invitations",
                                                 "issues",
                                                 "iterations",
                                                 "jobs",
                                                 "keys",
                                                 "labels",
                                                 "languages",
                                                 "latest",
                                                 "links",
                                                 "lint",
                                                 "members",
                                                 "merge",
                                                 "merge_requests",
                                                 "merge_trains",
                                                 "metadata",
                                                 "milestones",
                                                 "namespaces",
                                                 "notes",
                                                 "packages",
                                                 "personal_access_tokens",
                                                 "pipeline",
                                                 "pipeline_schedules",
                                                 "pipelines",
                                                 "play",
                                                 "projects",
                                                 "protected_branches",
                                                 "protected_tags",
                                                 "raw",
                                                 "rebase",
                                                 "registry",
                                                 "releases",
                                                 "repository",
                                                 "resend",
                                                 "retry",
                                                 "runners",
                                                 "search",
                                                 "self",
                                                 "services",
                                                 "share",
                                                 "snippets",
                                                 "subgroups",
                                                 "tags",
                                                 "test_report_summary",
                                                 "todos",
                                                 "trace",
                                                 "tree",
                                                 "users",
                                                 "variables",
                                                 "wikis"};
static_assert(std::is_sorted(words.begin(), words.end()));

// Each segment that is no known word becomes `mark`.
std::string shown_path(std::string_view path, std::string_view mark) {
  std::string shown;
  while (!path.empty()) {
    auto const slash = path.find('/');
    auto const segment = path.substr(0, slash);
    bool const known = std::binary_search(words.begin(), words.end(), segment);
    shown += known || segment.empty() ? segment : mark;
    if (slash == std::string_view::npos) break;
    shown += '/';
    path.remove_prefix(slash + 1);
  }
  return shown;
}

}  // namespace

UrlShown show_url(std::string_view url, bool to_gitlab) {
  auto const parsed = net::parse_url(url);
  if (!parsed.ok()) return {};
  UrlShown shown{
      .full = parsed->origin(), .template_ = "", .host = parsed->host, .port = parsed->port};
  std::string_view const path = parsed->path;
  auto const at = to_gitlab ? path.find(api) : std::string_view::npos;
  if (at != std::string_view::npos) {
    auto const below = path.substr(at + api.size());
    // The instance's own sub-path is no secret of a run.
    shown.full += std::string(path.substr(0, at + api.size())) + shown_path(below, hidden);
    shown.template_ = std::string(api) + shown_path(below, "{id}");
  } else if (path.empty() || path == "/") {
    shown.full += path;
  } else {
    shown.full += "/" + std::string(hidden);
  }
  return shown;
}

}  // namespace fairlead::trace
