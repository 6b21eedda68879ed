#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "workflow/read.h"

namespace fairlead::workflow {
namespace {

constexpr std::array<std::string_view, 12> kind_keys{
    "call", "do", "emit", "for", "fork", "listen", "raise", "run", "set", "switch", "try", "wait"};

struct Kind {
  std::string_view key;       // empty: none was found
  std::string_view second{};  // another one beside it
};

Kind kind_of(YamlNode const& task) {
  Kind kind;
  for (auto const key : kind_keys) {
    if (task.find(key) == nullptr) continue;
    if (kind.key.empty()) {
      kind.key = key;
    } else if (!(kind.key == "do" && key == "for")) {
      kind.second = key;
    } else {
      kind.key = key;
    }
  }
  return kind;
}

// All keys that a task of the kind may have.
Words const& keys_of(std::string_view kind) {
#define FAIRLEAD_KEYS(...) \
  { __VA_ARGS__, "if", "input", "output", "export", "timeout", "then", "metadata" }
  static std::map<std::string_view, Words> const keys{
      {"call", FAIRLEAD_KEYS("call", "with")}, {"do", FAIRLEAD_KEYS("do")},
      {"emit", FAIRLEAD_KEYS("emit")},         {"for", FAIRLEAD_KEYS("for", "while", "do")},
      {"fork", FAIRLEAD_KEYS("fork")},         {"listen", FAIRLEAD_KEYS("listen", "foreach")},
      {"raise", FAIRLEAD_KEYS("raise")},       {"run", FAIRLEAD_KEYS("run")},
      {"set", FAIRLEAD_KEYS("set")},           {"switch", FAIRLEAD_KEYS("switch")},
      {"try", FAIRLEAD_KEYS("try", "catch")},  {"wait", FAIRLEAD_KEYS("wait")}};
#undef FAIRLEAD_KEYS
  return keys.at(kind);
}

void no_kind(Reader& reader, Place const& place, std::string const& name, Position name_at) {
  static Words const words{"call",  "do",  "emit", "for",    "fork", "listen",
                           "raise", "run", "set",  "switch", "try",  "wait"};
  std::string near;
  std::string wrong;
  for (auto const& member : place.node->members) {
    near = Reader::nearest(member.key, words);
    wrong = member.key;
    if (!near.empty()) break;
  }
  auto message = "The task '" + shorten(name, 60) + "' does not say what to do.";
  message += near.empty() ? " It needs one of: call, do, emit, for, fork, listen, raise, run, set, "
                            "switch, try, wait."
                          : " Did you mean '" + near + "' in place of '" + wrong + "'?";
  if (near.empty()) wrong.clear();
  reader.error_at(name_at, place.pointer, {"missing-key", std::move(message), wrong, near});
}

TaskBody read_do(Context context, Place const& task) {
  DoTask body;
  auto const list = Reader::get(task, "do");
  body.tasks = std::make_shared<TaskList const>(read_task_list(context, *list, "'do'"));
  return body;
}

TaskBody read_set(Context context, Place const& task) {
  auto const place = *Reader::get(task, "set");
  SetTask body;
  if (place.node->kind == YamlNode::Kind::mapping) {
    if (place.node->members.empty())
      context.reader.error(place, {"wrong-value", "'set' is empty."});
    body.value = context.reader.value(place);
  } else {
    body.value = context.reader.transform(place, "'set'");
  }
  return body;
}

TaskBody read_wait(Context context, Place const& task) {
  WaitTask body;
  if (auto found = context.reader.duration_or_expression(*Reader::get(task, "wait"))) {
    body.duration = std::move(*found);
  }
  return body;
}

TaskBody read_body(Context context, Place const& task, std::string_view kind,
                   std::vector<std::string> const& siblings) {
  if (kind == "call") return read_call(context, task);
  if (kind == "do") return read_do(context, task);
  if (kind == "emit") return read_emit(context, task);
  if (kind == "for") return read_for(context, task);
  if (kind == "fork") return read_fork(context, task);
  if (kind == "listen") return read_listen(context, task);
  if (kind == "raise") return read_raise(context, task);
  if (kind == "run") return read_run(context, task);
  if (kind == "set") return read_set(context, task);
  if (kind == "switch") return read_switch(context, task, siblings);
  if (kind == "try") return read_try(context, task, siblings);
  return read_wait(context, task);
}

struct Shape {
  Json transform;
  SchemaPtr schema;
};

// input, output or export; `key` is "from" or "as".
Shape read_shape(Reader& reader, Place const& task, std::string_view name, std::string_view key) {
  Shape shape;
  auto const place = Reader::get(task, name);
  if (!place || !reader.mapping(*place, "'" + std::string(name) + "'", {key, "schema"}))
    return shape;
  if (auto const inner = Reader::get(*place, key)) {
    shape.transform =
        reader.transform(*inner, "'" + std::string(name) + "." + std::string(key) + "'");
  }
  if (auto const inner = Reader::get(*place, "schema")) shape.schema = read_schema(reader, *inner);
  return shape;
}

void read_common(Context context, Place const& place, Task& task,
                 std::vector<std::string> const& siblings) {
  auto& reader = context.reader;
  task.condition = reader.optional_expression(place, "if");
  auto input = read_shape(reader, place, "input", "from");
  task.input_from = std::move(input.transform);
  task.input_schema = std::move(input.schema);
  auto output = read_shape(reader, place, "output", "as");
  task.output_as = std::move(output.transform);
  task.output_schema = std::move(output.schema);
  auto exported = read_shape(reader, place, "export", "as");
  task.export_as = std::move(exported.transform);
  task.export_schema = std::move(exported.schema);
  if (task.export_schema && task.export_as.is_null()) {
    reader.error(*Reader::get(place, "export"),
                 {"missing-key", "'export.schema' checks nothing without 'export.as'.", "as"});
  }
  if (auto const timeout = Reader::get(place, "timeout"))
    task.timeout = read_timeout(context, *timeout);
  if (auto const then = Reader::get(place, "then")) {
    task.then = read_directive(reader, *then, siblings);
  }
  if (auto const metadata = Reader::get(place, "metadata")) {
    if (reader.is_mapping(*metadata, "'metadata'")) task.metadata = to_json(*metadata->node);
  }
}

// The one key of a list's item; nullptr and a problem if there is another number of them.
YamlMember const* single(Reader& reader, Place const& item, std::string_view what) {
  if (item.node->kind == YamlNode::Kind::mapping && item.node->members.size() == 1) {
    return &item.node->members[0];
  }
  std::string message =
      "Each item of " + std::string(what) + " is one task with its name: '- name:'";
  if (item.node->kind != YamlNode::Kind::mapping) {
    message += ", but this is " + std::string(kind_name(*item.node)) + ".";
    reader.error(item, {"wrong-type", std::move(message)});
    return nullptr;
  }
  message += ", but this has " + std::to_string(item.node->members.size()) +
             " keys. Indent what belongs to the task by two blanks more than its name.";
  auto const at = item.node->members.size() > 1 ? item.node->members[1].at : item.node->at;
  reader.error_at(at, item.pointer, {"wrong-type", std::move(message)});
  return nullptr;
}

void check_name(Reader& reader, YamlMember const& member, std::string const& pointer,
                std::vector<std::string> const& before) {
  if (member.key == "continue" || member.key == "exit" || member.key == "end") {
    reader.error_at(member.at, pointer,
                    {"wrong-value", "A task cannot be named '" + member.key +
                                        "': after 'then' that word has a meaning of its own."});
  }
  if (member.key.empty())
    reader.error_at(member.at, pointer, {"wrong-value", "A task needs a name."});
  if (std::find(before.begin(), before.end(), member.key) != before.end()) {
    reader.error_at(member.at, pointer,
                    {"duplicate",
                     "Two tasks of this list are named '" + member.key +
                         "'. Names must differ, for 'then' and for the run's history.",
                     member.key});
  }
}

}  // namespace

Task read_task(Context context, Place const& place, std::string const& name, Position name_at,
               std::vector<std::string> const& siblings) {
  Task task;
  task.name = name;
  task.pointer = place.pointer;
  task.line = name_at.line;
  auto& reader = context.reader;
  if (place.node->kind != YamlNode::Kind::mapping) {
    reader.error_at(
        name_at, place.pointer,
        {"wrong-type", "The task '" + shorten(name, 60) + "' must be a mapping, but is " +
                           std::string(kind_name(*place.node)) + "."});
    return task;
  }
  auto const kind = kind_of(*place.node);
  if (kind.key.empty()) {
    no_kind(reader, place, name, name_at);
    return task;
  }
  if (!kind.second.empty()) {
    reader.error_at(
        name_at, place.pointer,
        {"wrong-value",
         "The task '" + shorten(name, 60) + "' has both '" + std::string(kind.key) + "' and '" +
             std::string(kind.second) + "'. A task does one thing: make two tasks of it.",
         std::string(kind.second)});
    return task;
  }
  reader.mapping(place, "a '" + std::string(kind.key) + "' task", keys_of(kind.key));
  task.body = read_body(context, place, kind.key, siblings);
  read_common(context, place, task, siblings);
  return task;
}

TaskList read_task_list(Context context, Place const& place, std::string_view what) {
  TaskList list;
  auto& reader = context.reader;
  if (!reader.sequence(place, what)) return list;
  if (place.node->items.empty()) {
    reader.error(place,
                 {"wrong-value", std::string(what) + " is empty: it needs at least one task."});
  }
  std::vector<std::string> names;
  for (auto const& item : place.node->items) {
    if (item.members.size() == 1) names.push_back(item.members[0].key);
  }
  std::vector<std::string> before;
  for (std::size_t i = 0; i < place.node->items.size(); ++i) {
    auto const item = place.item(i);
    auto const* member = single(reader, item, what);
    if (member == nullptr) continue;
    auto const task_place = item.member(*member);
    check_name(reader, *member, task_place.pointer, before);
    list.push_back(read_task(context, task_place, member->key, member->at, names));
    before.push_back(member->key);
  }
  return list;
}

std::string read_directive(Reader& reader, Place const& place,
                           std::vector<std::string> const& siblings) {
  auto const then = reader.text(place, "'then'");
  if (then.empty() || then == "continue" || then == "exit" || then == "end") return then;
  if (std::find(siblings.begin(), siblings.end(), then) != siblings.end()) return then;
  auto candidates = siblings;
  candidates.insert(candidates.end(), {"continue", "exit", "end"});
  auto const near = nearest_name(then, candidates);
  reader.error(place, {"unknown-name",
                       "'then' names '" + shorten(then, 60) +
                           "', but there is no such task in the same list." +
                           (near ? " Did you mean '" + *near + "'?"
                                 : std::string(" Write a task's name, or continue, exit or end.")),
                       then, near.value_or("")});
  return {};
}

}  // namespace fairlead::workflow
