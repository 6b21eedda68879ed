// A workflow as the engine runs it: the Open Workflow DSL document, parsed and checked, as plain
// data.
//
// Made by workflow::parse (workflow/parse.h) from YAML or JSON text; immutable afterwards and
// shared by all runs of that version. Every task carries its JSON pointer, the same in journal, API
// and messages. Pure; no I/O. Any thread. Source: Open Workflow Specification DSL 1.0.3.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace fairlead::workflow {

struct Task;
class JsonSchema;
// A schema that values are checked against (workflow/json_schema.h); null: none.
using SchemaPtr = std::shared_ptr<JsonSchema const>;
// The tasks of a `do`, in order: names are unique within the list.
using TaskList = std::vector<Task>;

// An expression field's text without ${ }; or a literal.
struct Expression {
  std::string jq;
};
// A duration written out, or "${ ... }" that yields an ISO 8601 duration.
using DurationValue = std::variant<Milliseconds, Expression>;

struct RetryPolicy {
  std::optional<Expression> when;
  std::optional<Expression> except_when;
  Milliseconds delay{0};
  enum class Backoff { constant, linear, exponential } backoff{Backoff::constant};
  std::optional<Milliseconds> jitter_from;
  std::optional<Milliseconds> jitter_to;
  std::optional<int> attempts_max;  // retries after the first attempt
  std::optional<Milliseconds> attempt_duration_max;
  std::optional<Milliseconds> duration_max;
};

struct CallTask {
  std::string function;    // as written: "create-issue:1.0.0@gitlab", "http"
  std::string name;        // "create-issue"
  std::string version;     // "1.0.0", "" if not written
  std::string catalog;     // "gitlab", "default", "" for built-in call kinds
  Json with;               // arguments, expressions inside; an object. "connection" is taken out
  std::string connection;  // a name or "${ ... }"; "": the default connection
  // action: catalogue function (name, version, catalog); function: one of Document::functions
  // (name); the others are calls of the language itself with their arguments in `with`.
  enum class Kind { action, function, http, openapi } kind{Kind::action};
};
struct DoTask {
  std::shared_ptr<TaskList const> tasks;
};
struct SetTask {
  Json value;  // an object with expressions, or one whole-string expression
};
struct SwitchCase {
  std::string name;
  std::optional<Expression> when;  // nothing: the default case
  std::string then;                // flow directive
};
struct SwitchTask {
  std::vector<SwitchCase> cases;
};
struct WaitTask {
  DurationValue duration;
};
struct ErrorFilter {
  std::optional<std::string> type;
  std::optional<int> status;
  std::optional<std::string> title;
  std::optional<std::string> detail;
  std::optional<std::string> instance;
};
struct TryTask {
  std::shared_ptr<TaskList const> tasks;
  ErrorFilter errors;
  std::string as{"error"};
  std::optional<Expression> when;
  std::optional<Expression> except_when;
  std::optional<RetryPolicy> retry;
  std::shared_ptr<TaskList const> handler;  // catch.do; may be null
  std::string then;                         // catch.then; "" is continue
};
struct RaiseTask {
  Json error;  // {type, status, title?, detail?, instance?}, expressions inside
};
struct ForTask {
  std::string each{"item"};
  std::string at{"index"};
  Json in;  // "${ ... }" (the wrapper is added where it was left out), or an array
  std::optional<Expression> while_;
  std::shared_ptr<TaskList const> tasks;
};
struct ForkBranch {
  std::string name;
  std::shared_ptr<Task const> task;
};
struct ForkTask {
  std::vector<ForkBranch> branches;
  enum class Mode { all, compete } mode{Mode::all};
};
struct EmitTask {
  Json event;  // CloudEvents attributes, expressions inside
};
// One event filter: attribute -> literal, regular expression or predicate expression.
struct EventFilter {
  Json with;
  Json correlate;
};
struct ListenTask {
  enum class Mode { one, any, all } mode{Mode::one};
  std::vector<EventFilter> filters;
  std::string read{"data"};
};
struct RunWorkflowTask {
  std::string workflow_namespace;
  std::string name;
  std::string version;  // "" or "latest": newest published
  Json input;
  enum class Await { yes, no } await{Await::yes};
};

using TaskBody = std::variant<CallTask, DoTask, SetTask, SwitchTask, WaitTask, TryTask, RaiseTask,
                              ForTask, ForkTask, EmitTask, ListenTask, RunWorkflowTask>;

struct Task {
  std::string name;
  std::string pointer;                  // "/do/1/repair/try/0/start"
  int line{0};                          // of the name, from 1
  std::optional<Expression> condition;  // if
  // input_from, output_as, export_as: null, one expression as a string "${ ... }" (the wrapper is
  // added where it was left out), or an object with expressions inside.
  Json input_from;
  SchemaPtr input_schema;
  Json output_as;
  SchemaPtr output_schema;
  Json export_as;
  SchemaPtr export_schema;
  std::optional<DurationValue> timeout;
  std::string then;  // "", "continue", "exit", "end" or a task's name in the same list
  Json metadata;
  TaskBody body;
};

struct Schedule {
  std::optional<Milliseconds> every;
  std::optional<std::string> cron;
  std::optional<Milliseconds> after;
  std::vector<EventFilter> on;  // any of them starts a run
  enum class On { any, all } on_mode{On::any};
  std::string read{"data"};  // "data", "envelope" or "raw"
  std::string timezone{"UTC"};
  enum class Overlap { allow, skip } overlap{Overlap::allow};
};

struct Document {
  std::string dsl;
  std::string workflow_namespace;
  std::string name;
  std::string version;
  std::string title;
  std::string summary;
  Json tags;
  Json metadata;
  Json input_from;
  SchemaPtr input_schema;
  Json output_as;
  SchemaPtr output_schema;
  std::optional<DurationValue> timeout;
  std::optional<Schedule> schedule;
  std::vector<std::string> secrets;  // names
  // use.functions by name; named retries, errors and timeouts are put in place by the parser.
  std::map<std::string, std::shared_ptr<Task const>, std::less<>> functions;
  Json authentications;  // use.authentications, an object with expressions inside
  std::shared_ptr<TaskList const> tasks;
  std::string content_hash;  // "sha256:..." of the text, see workflow/version.h
  Json definition;           // the whole text as JSON: $workflow.definition, $task.definition

  // The task at a pointer, also inside functions; nullptr if there is none.
  [[nodiscard]] Task const* task(std::string_view pointer) const;
};

}  // namespace fairlead::workflow
