#include <set>

#include "base/text.h"
#include "expression/evaluator.h"
#include "workflow/read.h"

namespace fairlead::workflow {
namespace {

// Puts names into scope for as long as it lives.
class Scope {
 public:
  explicit Scope(Reader& reader) : reader_(reader), size_(reader.scope.size()) {}
  ~Scope() { reader_.scope.resize(size_); }
  Scope(Scope const&) = delete;
  Scope& operator=(Scope const&) = delete;
  void add(std::string name) { reader_.scope.push_back(std::move(name)); }

 private:
  Reader& reader_;
  std::size_t size_;
};

// The name of a loop variable or of an error, as usable after a $ in jq.
std::string variable_name(Reader& reader, Place const& parent, std::string_view key,
                          std::string_view fallback) {
  auto const place = Reader::get(parent, key);
  if (!place) return std::string(fallback);
  auto name = reader.text(*place, "'" + std::string(key) + "'");
  if (name.empty()) return std::string(fallback);
  if (expression::is_variable_name(name)) return name;
  reader.error(*place,
               {"wrong-value",
                "'" + shorten(name, 60) +
                    "' cannot be a variable: letters, digits and _ only, not beginning with a "
                    "digit, and no word of jq (and, if, end, ...).",
                name});
  return std::string(fallback);
}

ErrorFilter read_filter(Reader& reader, Place const& place) {
  ErrorFilter filter;
  if (!reader.mapping(place, "'errors'", {"with"})) return filter;
  auto const with = Reader::get(place, "with");
  if (!with || !reader.mapping(*with, "'errors.with'",
                               {"type", "status", "title", "detail", "details", "instance"})) {
    return filter;
  }
  auto const text = [&](std::string_view key) -> std::optional<std::string> {
    auto const member = Reader::get(*with, key);
    if (!member) return std::nullopt;
    return reader.text(*member, "'" + std::string(key) + "'");
  };
  filter.type = text("type");
  filter.title = text("title");
  filter.detail = with->node->find("details") != nullptr ? text("details") : text("detail");
  filter.instance = text("instance");
  if (auto const status = Reader::get(*with, "status")) {
    filter.status = reader.whole_number(*status, "'status'", 100);
  }
  return filter;
}

std::optional<RetryPolicy> retry_of(Context context, Place const& place) {
  auto& reader = context.reader;
  if (!place.node->is_string()) return read_retry(reader, place);
  auto const& name = place.node->scalar.as_string();
  auto const found = context.shared.retries.find(name);
  if (found != context.shared.retries.end()) return found->second;
  std::vector<std::string> names;
  for (auto const& [known, policy] : context.shared.retries)
    names.push_back(known);
  auto const near = nearest_name(name, names);
  reader.error(place, {"unknown-name",
                       "There is no '" + shorten(name, 60) + "' in 'use.retries'." +
                           (near ? " Did you mean '" + *near + "'?" : std::string()),
                       name, near.value_or("")});
  return std::nullopt;
}

void read_backoff(Reader& reader, Place const& place, RetryPolicy& policy) {
  if (!reader.mapping(place, "'backoff'", {"constant", "linear", "exponential"})) return;
  if (place.node->members.size() != 1) {
    reader.error(place,
                 {"wrong-value", "'backoff' is exactly one of constant, linear, exponential."});
    return;
  }
  auto const& member = place.node->members[0];
  auto const inner = place.member(member);
  if (!inner.node->is_null() && reader.is_mapping(inner, "'" + member.key + "'") &&
      !inner.node->members.empty()) {
    reader.error(inner, {"unknown-key",
                         "'" + member.key +
                             "' takes no settings: exponential doubles up to one hour, "
                             "linear adds the delay each time. Write '" +
                             member.key + ": {}'.",
                         inner.node->members[0].key});
  }
  if (member.key == "linear") policy.backoff = RetryPolicy::Backoff::linear;
  if (member.key == "exponential") policy.backoff = RetryPolicy::Backoff::exponential;
}

void read_limit(Reader& reader, Place const& place, RetryPolicy& policy) {
  if (!reader.mapping(place, "'limit'", {"attempt", "duration"})) return;
  if (auto const total = Reader::get(place, "duration"))
    policy.duration_max = reader.duration(*total);
  auto const attempt = Reader::get(place, "attempt");
  if (!attempt || !reader.mapping(*attempt, "'limit.attempt'", {"count", "duration"})) return;
  if (auto const count = Reader::get(*attempt, "count")) {
    policy.attempts_max = reader.whole_number(*count, "'count'", 0);
  }
  if (auto const each = Reader::get(*attempt, "duration")) {
    policy.attempt_duration_max = reader.duration(*each);
  }
}

SwitchCase read_case(Reader& reader, Place const& place, std::string const& name,
                     std::vector<std::string> const& siblings) {
  SwitchCase one;
  one.name = name;
  if (!reader.mapping(place, "a case of 'switch'", {"when", "then"})) return one;
  one.when = reader.optional_expression(place, "when");
  if (auto const then = reader.require(place, "then", "A case of 'switch'")) {
    one.then = read_directive(reader, *then, siblings);
  }
  return one;
}

}  // namespace

RetryPolicy read_retry(Reader& reader, Place const& place) {
  RetryPolicy policy;
  Scope scope(reader);
  scope.add("error");
  if (!reader.mapping(place, "'retry'",
                      {"when", "exceptWhen", "delay", "backoff", "limit", "jitter"})) {
    return policy;
  }
  policy.when = reader.optional_expression(place, "when");
  policy.except_when = reader.optional_expression(place, "exceptWhen");
  if (auto const delay = Reader::get(place, "delay")) {
    policy.delay = reader.duration(*delay).value_or(Milliseconds(0));
  }
  if (auto const backoff = Reader::get(place, "backoff")) read_backoff(reader, *backoff, policy);
  if (auto const limit = Reader::get(place, "limit")) read_limit(reader, *limit, policy);
  auto const jitter = Reader::get(place, "jitter");
  if (jitter && reader.mapping(*jitter, "'jitter'", {"from", "to"})) {
    if (auto const from = reader.require(*jitter, "from", "'jitter'")) {
      policy.jitter_from = reader.duration(*from);
    }
    if (auto const to = reader.require(*jitter, "to", "'jitter'")) {
      policy.jitter_to = reader.duration(*to);
    }
    if (policy.jitter_from && policy.jitter_to && *policy.jitter_from > *policy.jitter_to) {
      reader.error(*jitter, {"wrong-value", "'jitter.from' is longer than 'jitter.to'."});
    }
  }
  return policy;
}

TaskBody read_switch(Context context, Place const& task, std::vector<std::string> const& siblings) {
  auto& reader = context.reader;
  SwitchTask body;
  auto const list = *Reader::get(task, "switch");
  if (!reader.sequence(list, "'switch'")) return body;
  if (list.node->items.empty()) {
    reader.error(list, {"wrong-value", "'switch' is empty: it needs at least one case."});
  }
  std::set<std::string> names;
  int defaults = 0;
  for (std::size_t i = 0; i < list.node->items.size(); ++i) {
    auto const item = list.item(i);
    if (item.node->members.size() != 1) {
      reader.error(item, {"wrong-type",
                          "Each case of 'switch' is one name with 'when' and 'then': "
                          "'- name:', then both indented below it."});
      continue;
    }
    auto const& member = item.node->members[0];
    auto const place = item.member(member);
    if (!names.insert(member.key).second) {
      reader.error_at(member.at, place.pointer,
                      {"duplicate", "Two cases are named '" + member.key + "'.", member.key});
    }
    body.cases.push_back(read_case(reader, place, member.key, siblings));
    if (!body.cases.back().when && place.node->find("when") == nullptr && ++defaults == 2) {
      reader.error(place, {"duplicate", "Two cases have no 'when'; only one can be the default."});
    }
  }
  return body;
}

TaskBody read_try(Context context, Place const& task, std::vector<std::string> const& siblings) {
  auto& reader = context.reader;
  TryTask body;
  body.tasks =
      std::make_shared<TaskList const>(read_task_list(context, *Reader::get(task, "try"), "'try'"));
  auto const place = reader.require(task, "catch", "'try'");
  if (!place || !reader.mapping(*place, "'catch'",
                                {"errors", "as", "when", "exceptWhen", "retry", "do", "then"})) {
    return body;
  }
  if (place->node->members.empty()) {
    reader.error(*place, {"wrong-value",
                          "'catch' is empty, so errors would vanish. Say what to do: "
                          "'retry', 'do' or 'then', perhaps for some 'errors' only."});
  }
  if (auto const errors = Reader::get(*place, "errors")) body.errors = read_filter(reader, *errors);
  body.as = variable_name(reader, *place, "as", "error");
  Scope scope(reader);
  scope.add(body.as);
  body.when = reader.optional_expression(*place, "when");
  body.except_when = reader.optional_expression(*place, "exceptWhen");
  if (auto const retry = Reader::get(*place, "retry")) body.retry = retry_of(context, *retry);
  if (auto const handler = Reader::get(*place, "do")) {
    body.handler =
        std::make_shared<TaskList const>(read_task_list(context, *handler, "'catch.do'"));
  }
  if (auto const then = Reader::get(*place, "then")) {
    body.then = read_directive(reader, *then, siblings);
  }
  return body;
}

TaskBody read_for(Context context, Place const& task) {
  auto& reader = context.reader;
  ForTask body;
  auto const place = *Reader::get(task, "for");
  if (reader.mapping(place, "'for'", {"each", "in", "at"})) {
    body.each = variable_name(reader, place, "each", "item");
    body.at = variable_name(reader, place, "at", "index");
    if (auto const in = reader.require(place, "in", "'for'")) {
      body.in = in->node->kind == YamlNode::Kind::sequence ? reader.value(*in)
                                                           : reader.transform(*in, "'for.in'");
    }
  }
  Scope scope(reader);
  scope.add(body.each);
  scope.add(body.at);
  body.while_ = reader.optional_expression(task, "while");
  auto const list = reader.require(task, "do", "'for'");
  body.tasks = list ? std::make_shared<TaskList const>(read_task_list(context, *list, "'do'"))
                    : std::make_shared<TaskList const>();
  reader.kinds.push_back({"for", task});
  return body;
}

// Branches stand beside each other: there is no way from one to another.
void check_branch(Reader& reader, Place const& branches, Task const& branch) {
  auto const& then = branch.then;
  if (then.empty() || then == "continue" || then == "exit" || then == "end") return;
  for (std::size_t i = 0; i < branches.node->items.size(); ++i) {
    auto const item = branches.item(i);
    auto const* member = item.node->find(branch.name);
    if (member == nullptr) continue;
    reader.error(*Reader::get(item.member(*member), "then"),
                 {"wrong-value",
                  "'then' of a branch cannot name another branch: all of them run at once. Put the "
                  "tasks into one 'do' to run them one after the other.",
                  then});
  }
}

TaskBody read_fork(Context context, Place const& task) {
  auto& reader = context.reader;
  ForkTask body;
  reader.kinds.push_back({"fork", task});
  auto const place = *Reader::get(task, "fork");
  if (!reader.mapping(place, "'fork'", {"branches", "compete"})) return body;
  if (auto const compete = Reader::get(place, "compete")) {
    body.mode = reader.boolean(*compete, "'compete'").value_or(false) ? ForkTask::Mode::compete
                                                                      : ForkTask::Mode::all;
  }
  auto const branches = reader.require(place, "branches", "'fork'");
  if (!branches) return body;
  for (auto& task_of : read_task_list(context, *branches, "'branches'")) {
    check_branch(reader, *branches, task_of);
    auto name = task_of.name;
    body.branches.push_back({std::move(name), std::make_shared<Task const>(std::move(task_of))});
  }
  return body;
}

Json read_error(Reader& reader, Place const& place) {
  if (!reader.mapping(place, "an error", {"type", "status", "title", "detail", "instance"})) {
    return Json::object();
  }
  reader.require(place, "type", "An error");
  reader.require(place, "status", "An error");
  return reader.value(place);
}

TaskBody read_raise(Context context, Place const& task) {
  auto& reader = context.reader;
  RaiseTask body;
  auto const place = *Reader::get(task, "raise");
  if (!reader.mapping(place, "'raise'", {"error"})) return body;
  auto const error = reader.require(place, "error", "'raise'");
  if (!error) return body;
  if (!error->node->is_string()) {
    body.error = read_error(reader, *error);
    return body;
  }
  auto const& name = error->node->scalar.as_string();
  auto const found = context.shared.errors.find(name);
  if (found != context.shared.errors.end()) {
    body.error = found->second;
    return body;
  }
  std::vector<std::string> names;
  for (auto const& [known, unused] : context.shared.errors)
    names.push_back(known);
  auto const near = nearest_name(name, names);
  reader.error(*error, {"unknown-name",
                        "There is no '" + shorten(name, 60) + "' in 'use.errors'." +
                            (near ? " Did you mean '" + *near + "'?" : std::string()),
                        name, near.value_or("")});
  return body;
}

}  // namespace fairlead::workflow
