#include "gitlab/publish_checks.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "action/request.h"
#include "base/text.h"
#include "gitlab/access_level.h"
#include "gitlab/member.h"
#include "gitlab/refs.h"
#include "workflow/publish_checks.h"

namespace fairlead::gitlab {
namespace {

using action::Role;
using workflow::Problem;
using workflow::Task;

// Below this level anybody who sees a public project may do it, member or not.
constexpr Role least_checked = Role::reporter;

// GitLab's numbers. https://docs.gitlab.com/api/members/ (checked on 19.5)
std::int64_t level_of(Role role) {
  switch (role) {
    case Role::none:
      return 0;
    case Role::guest:
      return 10;
    case Role::planner:
      return 15;
    case Role::reporter:
      return 20;
    case Role::developer:
      return 30;
    case Role::maintainer:
      return 40;
    case Role::owner:
    case Role::admin:
      return 50;
  }
  return 0;
}

// What an action causes, as the webhook tells of it.
struct Caused {
  std::string_view action;
  std::string_view event_type;
};
constexpr std::array caused_events{Caused{"create-issue", "com.gitlab.issue"},
                                   Caused{"update-issue", "com.gitlab.issue"},
                                   Caused{"comment-issue", "com.gitlab.note"},
                                   Caused{"trigger-pipeline", "com.gitlab.pipeline"},
                                   Caused{"add-project-member", "com.gitlab.member"},
                                   Caused{"remove-project-member", "com.gitlab.member"}};

// What is known of one connection; opened once.
struct Opened {
  std::shared_ptr<action::Api> api;  // null: it cannot be used
  std::int64_t user{0};
  enum class Kind { plain, admin } kind{Kind::plain};
};

class Check {
 public:
  Check(workflow::Document const& document, action::Catalogue const& catalogue,
        action::ApiProvider& apis)
      : document_(document), catalogue_(catalogue), apis_(apis) {}

  std::vector<Problem> run() {
    auto const tasks = workflow::all_tasks(document_);
    for (auto const& [task, reached] : tasks) {
      auto const* call = std::get_if<workflow::CallTask>(&task->body);
      if (call == nullptr || call->catalog != "gitlab") continue;
      auto const found = catalogue_.find(call->catalog, call->name, call->version);
      if (!found.ok()) continue;
      look_at({*task, *call, (*found)->info});
      own_event(*task, *call);
    }
    return std::move(problems_);
  }

 private:
  struct Step {
    Task const& task;
    workflow::CallTask const& call;
    action::ActionInfo const& info;
  };

  void warn(Task const& task, std::string_view below, std::string_view code, std::string message) {
    problems_.push_back({.severity = Problem::Severity::warning,
                         .code = std::string(code),
                         .line = task.line,
                         .column = 1,
                         .pointer = task.pointer + std::string(below),
                         .message = std::move(message),
                         .wrong_key = {},
                         .nearest = {}});
  }

  void look_at(Step const& step) {
    if (step.info.scope == action::Scope::none) return;
    Json const connection = workflow::literal_of(document_, step.call.connection);
    if (!connection.is_string()) return;
    auto const& opened = open(step.task, connection.as_string());
    if (opened.api == nullptr || opened.kind == Opened::Kind::admin) return;
    for (auto const* kind : {"project", "group"}) {
      auto const place = place_of(step, kind, opened);
      if (place.empty()) continue;
      if (level_of(step.info.role) >= level_of(least_checked))
        check_role(step, opened, {kind, place});
      if (step.call.name == "trigger-pipeline") check_branch(step, opened, place);
    }
  }

  Opened const& open(Task const& task, std::string const& name) {
    auto const [entry, isnew] = connections_.try_emplace(name);
    auto& opened = entry->second;
    if (!isnew) return opened;
    auto api = apis_.open(name);
    auto account = api.ok() ? (*api)->account() : Result<Json>(api.error());
    if (!account.ok()) {
      auto const& error = account.error();
      warn(task, "", "connection",
           "A run would stop here now: " + error.message +
               (error.remedy.empty() ? "" : " " + error.remedy));
      return opened;
    }
    opened.api = std::move(*api);
    opened.user = (*account)["id"].as_integer();
    if ((*account)["is_admin"].as_bool()) opened.kind = Opened::Kind::admin;
    return opened;
  }

  // Id or full path; "" if only a run knows.
  std::string place_of(Step const& step, std::string_view kind, Opened const& opened) {
    Json const value = workflow::literal_of(document_, step.call.with[kind]);
    if (value.is_integer()) return std::to_string(value.as_integer());
    auto text = std::string(trim(value.string_or("")));
    if (text.find("://") == std::string::npos) return text;
    auto const pasted = read_pasted_url(text, opened.api->base_url());
    return pasted.ok() ? pasted->path : "";
  }

  bool may_ask(Step const& step) {
    if (++asked_ <= lookups_max) return true;
    if (asked_ == lookups_max + 1)
      warn(step.task, "", "not-checked",
           "Roles and branches from here on were not checked: the workflow names more places than "
           "one check looks at (" +
               std::to_string(lookups_max) + ").");
    return false;
  }

  struct Where {
    std::string kind;
    std::string place;
  };

  // The user's level there; nothing: none, or not known, which a warning said.
  std::optional<std::int64_t> level_at(Step const& step, Opened const& opened, Where const& where) {
    auto const key = step.call.connection + "\n" + where.kind + "\n" + where.place;
    if (auto const known = levels_.find(key); known != levels_.end()) return known->second;
    if (!may_ask(step)) return std::nullopt;
    auto const of = where.kind == "project" ? members_of(ProjectRef{where.place})
                                            : members_of(GroupRef{where.place});
    auto member = find_member(*opened.api, of, opened.user, Membership::with_inherited);
    auto& level = levels_[key];
    if (!member.ok()) {
      warn(step.task, "/with/" + where.kind, "role",
           member.error().kind == ErrorKind::not_found
               ? "There is no " + where.kind + " " + where.place +
                     " that the connection's user may see."
               : "The role in " + of.words + " is not known: " + member.error().message);
    } else {
      level = *member ? (**member)["access_level"].as_integer() : 0;
    }
    return level;
  }

  void check_role(Step const& step, Opened const& opened, Where const& where) {
    auto const level = level_at(step, opened, where);
    auto const needed = level_of(step.info.role);
    if (!level) return;
    bool const lower = compare({*level}, {needed}) == Comparison::lower;
    if (*level != 0 && !lower) return;
    warn(step.task, "/with/" + where.kind, "role",
         step.call.name + " needs the role " + words_for({needed}) + " in the " + where.kind + " " +
             where.place + "; the connection's user " +
             (*level == 0 ? "is no member of it" : "has " + words_for({*level})) +
             ". Let an owner of it raise the role, or use another connection.");
  }

  void check_branch(Step const& step, Opened const& opened, std::string const& project) {
    Json const ref = workflow::literal_of(document_, step.call.with["ref"]);
    if (!ref.is_string() || ref.as_string().empty()) return;
    auto const key = step.call.connection + "\n" + project + "\n" + ref.as_string();
    if (!branches_.insert(key).second || !may_ask(step)) return;
    auto const branch = opened.api->send(
        {.method = net::Method::get,
         .path = action::path("/projects/{}/repository/branches/{}", project, ref.as_string())});
    // A tag, or a project that cannot be seen, which the role's check tells better.
    if (!branch.ok()) return;
    bool const refused = branch->body["protected"].as_bool() && branch->body.contains("can_push") &&
                         !branch->body["can_push"].as_bool() &&
                         !branch->body["developers_can_merge"].as_bool();
    if (!refused) return;
    warn(step.task, "/with/ref", "protected-branch",
         "The branch " + ref.as_string() + " of " + project +
             " is protected and the connection's user may not push to it: GitLab runs no pipeline "
             "on it for that user. Allow the user in Settings > Repository > Protected branches.");
  }

  void own_event(Task const& task, workflow::CallTask const& call) {
    if (!document_.schedule) return;
    for (auto const& filter : document_.schedule->on) {
      // Whoever looks at the data has thought of it.
      if (filter.with.contains("data") || filter.with.contains("subject")) continue;
      auto const& type = filter.with["type"].string_or("");
      bool const causes = std::any_of(
          caused_events.begin(), caused_events.end(),
          [&](Caused const& row) { return row.action == call.name && row.event_type == type; });
      if (!causes) continue;
      warn(task, "", "own-event",
           "'" + call.name + "' causes a " + type +
               " event, which starts this workflow again if it is of a project it listens to. "
               "Narrow the filter in schedule.on, as by `data`.");
      return;
    }
  }

  workflow::Document const& document_;
  action::Catalogue const& catalogue_;
  action::ApiProvider& apis_;
  std::vector<Problem> problems_;
  std::map<std::string, Opened> connections_;  // by name
  std::map<std::string, std::optional<std::int64_t>> levels_;
  std::set<std::string> branches_;
  int asked_{0};
};

}  // namespace

std::vector<Problem> publish_problems(workflow::Document const& document,
                                      action::Catalogue const& catalogue,
                                      action::ApiProvider& apis) {
  return Check(document, catalogue, apis).run();
}

}  // namespace fairlead::gitlab
