#include "sandbox/issue_change.h"

#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

constexpr std::size_t title_max = 255;
constexpr std::size_t description_max = 1'048'576;

void put_labels(World& world, Project& project, Issue& issue,
                std::vector<std::string> const& names) {
  issue.label_ids.clear();
  for (std::string const& name : names) {
    Number const id = label_named(world, project, name).id;
    if (std::find(issue.label_ids.begin(), issue.label_ids.end(), id) == issue.label_ids.end()) {
      issue.label_ids.push_back(id);
    }
  }
}

void add_label(World& world, Project& project, Issue& issue, std::string const& name) {
  Number const id = label_named(world, project, name).id;
  if (std::find(issue.label_ids.begin(), issue.label_ids.end(), id) == issue.label_ids.end()) {
    issue.label_ids.push_back(id);
  }
}

void remove_label(Project const& project, Issue& issue, std::string const& name) {
  std::erase_if(issue.label_ids, [&](Number id) {
    Label const* label = find_label(project, id);
    return label != nullptr && label->name == name;
  });
}

void apply_labels(Call& call, Project& project, Issue& issue) {
  if (call.in.given("labels")) put_labels(call.world, project, issue, call.in.list("labels"));
  for (std::string const& name : call.in.list("add_labels"))
    add_label(call.world, project, issue, name);
  for (std::string const& name : call.in.list("remove_labels"))
    remove_label(project, issue, name);
}

// Who cannot see the project is dropped without a word; the Free tier keeps the first only.
void put_assignees(Call& call, Project& project, Issue& issue, std::vector<Number> const& ids) {
  std::vector<Number> kept;
  for (Number const id : ids) {
    User const* user = call.world.user(id);
    bool const fits =
        user != nullptr && user->state == "active" && may_see(call.world, project, user);
    if (fits && std::find(kept.begin(), kept.end(), id) == kept.end()) kept.push_back(id);
  }
  if (call.world.options.tier == SandboxOptions::Tier::free && kept.size() > 1) kept.resize(1);
  issue.assignee_ids = std::move(kept);
}

Result<void> apply_milestone(Call& call, Project& project, Issue& issue) {
  if (call.in.given("milestone_id")) {
    Number const id = call.in.integer("milestone_id").value_or(0);
    issue.milestone_id = find_milestone(project, id) == nullptr ? 0 : id;
  }
  if (!call.in.given("milestone")) return {};
  std::string const title = call.in.text("milestone");
  if (title.empty()) {
    issue.milestone_id = 0;
    return {};
  }
  for (Milestone const& milestone : project.milestones) {
    if (milestone.title == title) {
      issue.milestone_id = milestone.id;
      return {};
    }
  }
  return bad_parameters("milestone does not exist");
}

void apply_dates(Params& in, Issue& issue) {
  if (in.given("due_date")) issue.due_date = in.date("due_date");
  if (in.given("start_date")) issue.start_date = in.date("start_date");
}

void apply_owner_fields(Call& call, Project& project, Issue& issue) {
  if (level_in(call.world, project, call.user()) < level::owner) return;  // ignored for others
  if (auto const created = call.in.time("created_at")) {
    issue.created_at = *created;
    project.issues_out_of_order = true;
  }
}

// One "/word rest" line; false if the word is no quick action of ours.
bool run_one(Call& call, Project& project, Issue& issue, std::string const& word,
             std::string const& rest) {
  World& world = call.world;
  auto const users = [&] {
    std::vector<Number> ids;
    for (std::string const& part : split(rest, ' ')) {
      std::string_view name = trim(part);
      if (name == "me") name = call.user()->username;
      if (name.starts_with('@')) name.remove_prefix(1);
      if (User const* user = world.user_named(name)) ids.push_back(user->id);
    }
    return ids;
  };
  auto const labels = [&] {
    std::vector<std::string> names;
    for (std::string const& part : split(rest, '~')) {
      std::string_view name = trim(part);
      if (name.starts_with('"') && name.ends_with('"') && name.size() > 1)
        name = name.substr(1, name.size() - 2);
      if (!name.empty()) names.emplace_back(name);
    }
    return names;
  };
  if (word == "close")
    return set_issue_state(world, project, issue, *call.user(), IssueState::closed), true;
  if (word == "reopen")
    return set_issue_state(world, project, issue, *call.user(), IssueState::opened), true;
  if (word == "confidential") return issue.confidential = true, true;
  if (word == "title" && !rest.empty()) return issue.title = rest, true;
  if (word == "due" && valid_date(rest)) return issue.due_date = rest, true;
  if (word == "lock") return issue.discussion_locked = true, true;
  if (word == "unlock") return issue.discussion_locked = false, true;
  if (word == "assign") return put_assignees(call, project, issue, users()), true;
  if (word == "unassign") return issue.assignee_ids.clear(), true;
  if (word == "label" || word == "labels") {
    for (std::string const& name : labels())
      add_label(world, project, issue, name);
    return true;
  }
  if (word == "unlabel" || word == "remove_label") {
    if (rest.empty()) issue.label_ids.clear();
    for (std::string const& name : labels())
      remove_label(project, issue, name);
    return true;
  }
  if (word == "relabel") return put_labels(world, project, issue, labels()), true;
  return false;
}

}  // namespace

void check_issue_words(Params& in) {
  in.word("state_event", "", {"close", "reopen"});
  in.word("issue_type", "", {"issue", "incident", "test_case", "requirement", "task", "ticket"});
  in.word("severity", "", {"unknown", "low", "medium", "high", "critical"});
  in.at_most_one_of({"milestone_id", "milestone"});
  in.integer("assignee_id");
  in.integers("assignee_ids");
  in.integer("milestone_id");
  in.integer("weight");
  in.boolean("confidential");
  in.boolean("discussion_locked");
  in.list("labels");
  in.date("due_date");
  in.date("start_date");
  in.time("created_at");
}

Result<void> apply_issue_fields(Call& call, Project& project, Issue& issue) {
  Params& in = call.in;
  if (in.given("title")) {
    std::string const title(trim(in.text("title")));
    if (title.empty()) return invalid_model("title", "can't be blank");
    if (code_points(title) > title_max)
      return invalid_model("title", "is too long (maximum is 255 characters)");
    issue.title = title;
  }
  if (in.given("description")) {
    std::string text = in.text("description");
    if (code_points(text) > description_max) {
      return invalid_model("description", "is too long (maximum is 1048576 characters)");
    }
    run_quick_actions(call, project, issue, text);
    issue.description = in.raw("description").is_null() ? std::nullopt : std::optional(text);
  }
  if (in.filled("issue_type")) issue.type = in.text("issue_type");
  if (in.filled("severity") && issue.type == "incident") issue.severity = in.text("severity");
  if (auto const confidential = in.boolean("confidential")) issue.confidential = *confidential;
  bool const planner = at_least_planner(level_in(call.world, project, call.user()));
  if (!planner) return {};
  apply_labels(call, project, issue);
  if (in.given("assignee_ids")) {
    put_assignees(call, project, issue, in.integers("assignee_ids"));
  } else if (in.given("assignee_id")) {
    put_assignees(call, project, issue, {in.integer("assignee_id").value_or(0)});
  }
  FAIRLEAD_CHECK(apply_milestone(call, project, issue));
  apply_dates(in, issue);
  if (in.given("discussion_locked")) issue.discussion_locked = in.boolean("discussion_locked");
  if (in.given("weight") && call.world.options.tier == SandboxOptions::Tier::ultimate) {
    issue.weight = in.integer("weight");
  }
  apply_owner_fields(call, project, issue);
  return {};
}

bool run_quick_actions(Call& call, Project& project, Issue& issue, std::string& text) {
  if (text.find('/') == std::string::npos) return false;
  std::vector<std::string> kept;
  bool any = false;
  bool in_code = false;
  for (std::string const& line : split(text, '\n')) {
    std::string_view const plain = trim(line);
    if (plain.starts_with("```")) in_code = !in_code;
    if (!in_code && plain.size() > 1 && plain.front() == '/') {
      std::size_t const blank = plain.find(' ');
      std::string const word =
          to_lower_ascii(plain.substr(1, blank == std::string_view::npos ? blank : blank - 1));
      std::string const rest(blank == std::string_view::npos ? std::string_view{}
                                                             : trim(plain.substr(blank)));
      if (run_one(call, project, issue, word, rest)) {
        any = true;
        continue;
      }
    }
    kept.push_back(line);
  }
  if (any) text = std::string(trim(join(kept, "\n")));
  return any;
}

}  // namespace fairlead::sandbox
