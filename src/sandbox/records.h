// What the sandbox remembers: users, groups, projects, issues, pipelines, hooks and OAuth grants,
// as plain records.
//
// Everything lives in one `State` behind the one mutex of `World`; nothing is written to disk. Ids
// follow GitLab: `id` is global per kind, `iid` counts per project. Records hold ids, never
// pointers to each other. Value types; hold the mutex.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace fairlead::sandbox {

using Number = std::int64_t;

// GitLab's role numbers (doc/api/members, 19.5). 15 and 25 are side roles: never compare them by
// size.
namespace level {
inline constexpr Number none = 0;
inline constexpr Number minimal = 5;
inline constexpr Number guest = 10;
inline constexpr Number planner = 15;
inline constexpr Number reporter = 20;
inline constexpr Number security_manager = 25;
inline constexpr Number developer = 30;
inline constexpr Number maintainer = 40;
inline constexpr Number owner = 50;
}  // namespace level

struct User {
  Number id{0};
  Number namespace_id{0};  // the user's personal namespace; shares its numbers with groups
  std::string username;
  std::string name;
  std::string email;
  std::string public_email;
  std::string password;
  std::string state{"active"};
  std::string bio;
  Time created_at;
  bool admin{false};
  bool bot{false};
  bool external{false};
  bool can_create_group{true};
};

struct PersonalToken {
  Number id{0};
  Number user_id{0};
  std::string name;
  std::vector<std::string> scopes;
  std::string expires_on;  // date or "": never
  Time created_at;
  std::optional<Time> last_used_at;
  bool revoked{false};
};

struct Member {
  Number user_id{0};
  Number access_level{0};
  Number created_by{0};  // 0: nobody
  Time created_at;
  std::string expires_on;  // date or ""
};

struct Invitation {
  std::string email;
  std::string token;
  Number access_level{0};
  Number created_by{0};
  Time created_at;
  std::string expires_on;
};

// People with access, the same for groups and projects.
struct Roster {
  std::map<Number, Member> members;  // by user id
  std::vector<Invitation> invitations;
};

struct Label {
  Number id{0};
  std::string name;
  std::string color;
  std::string description;
  std::optional<Number> priority;
};

struct Milestone {
  Number id{0};
  Number iid{0};
  std::string title;
  std::string description;
  std::string due_date;    // date or ""
  std::string start_date;  // date or ""
  Time created_at;
  Time updated_at;
  bool closed{false};
};

struct Commit {
  std::string sha;
  std::string message;
  Time created_at;
};

struct Branch {
  std::string name;
  Commit commit;
  bool protected_{false};
};

struct Issue {
  Number id{0};
  Number iid{0};
  Number author_id{0};
  Number closed_by{0};
  Number milestone_id{0};
  std::optional<Number> weight;
  Time created_at;
  Time updated_at;
  std::optional<Time> closed_at;
  std::string title;
  std::optional<std::string> description;
  std::vector<Number> label_ids;
  std::vector<Number> assignee_ids;
  std::string due_date;
  std::string start_date;
  std::string type{"issue"};
  std::string severity{"unknown"};
  int user_notes{0};
  std::optional<bool> discussion_locked;
  bool confidential{false};
};

struct Note {
  Number id{0};
  Number author_id{0};
  std::string body;
  Time created_at;
  Time updated_at;
  bool system{false};
  bool internal{false};
};

// One delivery of a hook, as its log shows it.
struct HookLog {
  Number id{0};
  std::string url;
  std::string event;  // "Pipeline Hook"
  Json headers;
  std::string body;
  std::string status;  // "200", "internal error" if nobody answered
  std::string key;     // Idempotency-Key
  std::string event_uuid;
  Time created_at;
};

struct Hook {
  Number id{0};
  std::string url;
  std::string name;
  std::string description;
  std::string token;
  std::string signing_token;  // whsec_...
  std::string uuid;
  std::string branch_filter;
  std::map<std::string, bool, std::less<>> events;  // "pipeline_events" -> on
  Time created_at;
  bool verify_tls{true};
  int failures_in_row{0};
  std::optional<Time> disabled_until;
  std::deque<HookLog> log;  // newest first
};

struct Project {
  Number id{0};
  Number namespace_id{0};  // of a group or of a user
  Number creator_id{0};
  std::string name;
  std::string path;
  std::string full_path;
  std::optional<std::string> description;
  std::string visibility{"private"};
  std::string default_branch;  // "": empty repository
  std::string runners_token;
  std::string merge_method{"merge"};
  std::string ci_config_path;
  std::string import_status{"none"};
  std::string variables_role{"developer"};  // ci_pipeline_variables_minimum_override_role
  std::vector<std::string> topics;
  Time created_at;
  Time updated_at;
  Time last_activity_at;
  std::string marked_for_deletion_on;
  bool archived{false};
  bool issues_enabled{true};
  bool has_ci_config{false};
  bool starred{false};
  Roster roster;
  std::map<std::string, Branch, std::less<>> branches;
  std::map<std::string, Commit, std::less<>> tags;
  std::vector<Label> labels;
  std::vector<Milestone> milestones;
  std::vector<Issue> issues;                  // by iid, rising
  std::map<Number, std::vector<Note>> notes;  // by issue id
  std::vector<Number> pipeline_ids;           // rising
  std::vector<Hook> hooks;
  Number next_issue_iid{1};
  Number next_milestone_iid{1};
  Number next_pipeline_iid{1};
  Number open_issues{0};
  bool issues_out_of_order{false};  // somebody set created_at: lists must sort
};

struct Group {
  Number id{0};
  Number parent_id{0};  // 0: top level
  std::string name;
  std::string path;
  std::string full_path;
  std::string full_name;
  std::string description;
  std::string visibility{"private"};
  Time created_at;
  std::string marked_for_deletion_on;
  Roster roster;
  std::vector<Hook> hooks;
};

// One step of a pipeline or job: at `at` it becomes `status`.
struct Step {
  Time at;
  std::string status;
};

struct Job {
  Number id{0};
  Number pipeline_id{0};
  Number project_id{0};
  std::string name;
  std::string stage;
  std::string status{"created"};
  std::string outcome{"success"};  // what it will end as once it runs
  std::string trace;               // written when the job ends
  std::string failure_reason;
  Time created_at;
  std::optional<Time> queued_at;
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  bool allow_failure{false};
  bool retried{false};
  bool erased{false};
};

struct PipelineVariable {
  std::string key;
  std::string value;
  std::string type{"env_var"};
};

struct Pipeline {
  Number id{0};
  Number iid{0};
  Number project_id{0};
  Number user_id{0};
  std::string ref;
  std::string sha;
  std::string source{"api"};
  std::string name;
  std::string status{"created"};
  std::vector<PipelineVariable> variables;
  Json inputs;
  std::vector<Number> job_ids;  // in stage order, retried ones included
  Time created_at;
  Time updated_at;
  std::optional<Time> queued_at;
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  std::optional<std::string> coverage;
  std::optional<std::string> yaml_errors;
  Number generation{0};  // rises with every new plan; steps of an older plan are dropped
  Milliseconds run_time{0};
  bool tag{false};
  bool warnings{false};
};

struct Application {
  Number id{0};
  std::string uid;
  std::string secret;
  std::string name;
  std::vector<std::string> redirect_uris;
  std::vector<std::string> scopes;
  bool confidential{true};
};

struct AuthorizationCode {
  std::string application;  // uid
  Number user_id{0};
  std::string redirect_uri;
  std::vector<std::string> scopes;
  std::string challenge;
  std::string challenge_method;
  std::string nonce;
  Time expires_at;
  bool used{false};
};

struct AccessToken {
  std::string value;
  std::string refresh;
  std::string application;  // uid
  Number user_id{0};        // 0: client credentials
  std::vector<std::string> scopes;
  Time created_at;
  Milliseconds lifetime{0};
  bool revoked{false};
};

struct DeviceGrant {
  std::string application;
  std::string user_code;
  std::vector<std::string> scopes;
  Number user_id{0};  // set once a person has agreed
  Time expires_at;
  std::optional<Time> polled_at;
  bool denied{false};
};

struct Session {
  Number user_id{0};  // 0: not signed in yet
  std::string form_token;
  std::string return_to;
};

struct State {
  std::map<Number, User> users;
  std::map<Number, Group> groups;
  std::map<Number, Project> projects;
  std::map<Number, Pipeline> pipelines;
  std::map<Number, Job> jobs;
  std::unordered_map<std::string, Number> group_paths;    // full path, lower case -> id
  std::unordered_map<std::string, Number> project_paths;  // full path, lower case -> id
  std::unordered_map<std::string, Number> moved_paths;    // former full path, lower case -> id
  std::map<std::string, PersonalToken, std::less<>> personal_tokens;
  std::map<std::string, Application, std::less<>> applications;
  std::map<std::string, AuthorizationCode, std::less<>> codes;
  std::map<std::string, AccessToken, std::less<>> access_tokens;
  std::map<std::string, std::string, std::less<>> refresh_tokens;  // refresh -> access
  std::map<std::string, DeviceGrant, std::less<>> device_grants;
  std::map<std::string, Session, std::less<>> sessions;
  std::map<std::string, Number, std::less<>> last_ids;  // per kind, see World::next_id
};

}  // namespace fairlead::sandbox
