#include "gitlab/hook_wishes.h"

#include <algorithm>

#include "base/text.h"
#include "expression/evaluator.h"
#include "gitlab/hook_kinds.h"
#include "gitlab/hook_place.h"
#include "gitlab/named_places.h"
#include "workflow/match.h"
#include "workflow/pattern.h"
#include "workflow/publish_checks.h"

namespace fairlead::gitlab {
namespace {

using workflow::EventFilter;
using workflow::Problem;

bool is_expression(std::string_view text) { return expression::expression_in(text).has_value(); }

// The kinds that a filter's type means. Nothing: it is none of GitLab's, or any.
std::vector<std::string> kinds_of(std::string const& type) {
  std::vector<std::string> kinds;
  if (is_expression(type)) return kinds;
  auto const pattern = workflow::is_pattern(type) ? workflow::Pattern::compile(type)
                                                  : Result<workflow::Pattern>(Error{});
  for (auto const& kind : hook_kinds()) {
    std::string const full = std::string(gitlab_type_prefix) + std::string(kind.name);
    if (full == type || (pattern.ok() && pattern->found_in(full))) kinds.emplace_back(kind.name);
  }
  return kinds;
}

void add_wishes(std::vector<HookWish>& wishes, EventFilter const& filter, HookWish const& home) {
  HookWish wish = home;
  wish.kinds = kinds_of(filter.with["type"].string_or(""));
  if (wish.kinds.empty()) return;
  std::string const source = filter.with["source"].string_or("");
  if (!is_expression(source)) wish.source = source;
  auto places = named_places(filter);
  if (places.empty()) places.emplace_back();
  for (auto& place : places) {
    wish.place = std::move(place);
    wishes.push_back(wish);
  }
}

int schedule_line(std::string_view text) {
  int line = 1;
  for (auto const& each : split(text, '\n')) {
    if (each.starts_with("schedule:")) return line;
    ++line;
  }
  return 1;
}

Problem warning(HookWish const& wish, std::string_view text, std::string message) {
  return {.severity = Problem::Severity::warning,
          .code = "webhook",
          .line = wish.line > 0 ? wish.line : schedule_line(text),
          .column = 1,
          .pointer = wish.pointer,
          .message = std::move(message),
          .wrong_key = {},
          .nearest = {}};
}

std::string types_in_words(std::vector<std::string> const& kinds) {
  std::string all;
  for (auto const& kind : kinds)
    all += (all.empty() ? "" : ", ") + std::string(gitlab_type_prefix) + kind;
  return all;
}

std::vector<std::string> of_groups_only(std::vector<std::string> kinds) {
  std::erase_if(kinds, [](std::string const& kind) {
    auto const all = hook_kinds();
    auto const found = std::ranges::find(all, kind, &HookKind::name);
    return found == all.end() || found->at != HookKind::At::group;
  });
  return kinds;
}

}  // namespace

std::vector<HookWish> hook_wishes(workflow::Document const& document) {
  std::vector<HookWish> wishes;
  if (document.schedule) {
    for (auto const& filter : document.schedule->on)
      add_wishes(wishes, filter, {.pointer = "/schedule/on"});
  }
  for (auto const& [task, reached] : workflow::all_tasks(document)) {
    auto const* listen = std::get_if<workflow::ListenTask>(&task->body);
    if (listen == nullptr) continue;
    for (auto const& filter : listen->filters)
      add_wishes(wishes, filter,
                 {.from = HookWish::From::listen, .pointer = task->pointer, .line = task->line});
  }
  return wishes;
}

std::vector<Problem> hook_problems(workflow::Document const& document, std::string_view text) {
  std::vector<Problem> problems;
  for (auto const& wish : hook_wishes(document)) {
    bool const starts = wish.from == HookWish::From::start;
    if (wish.place.empty()) {
      problems.push_back(warning(
          wish, text,
          "This " + std::string(starts ? "workflow starts on " : "step waits for ") +
              types_in_words(wish.kinds) +
              ", and its filter names no project from which Fairlead could tell where to make a "
              "webhook. Name it (`data: {project: {path_with_namespace: group/project}}`), or "
              "keep a webhook by hand: `fairlead webhook keep group/project`. Without one it "
              "hears nothing."));
      continue;
    }
    auto const lacking = of_groups_only(wish.kinds);
    if (lacking.empty() || place_of(wish.place).kind == HookPlace::Kind::group) continue;
    problems.push_back(warning(wish, text,
                               "Only the webhook of a group tells of " + types_in_words(lacking) +
                                   ", not that of the project " + wish.place +
                                   ": name a group (`subject: ^group/`), or keep one by hand: "
                                   "`fairlead webhook keep --group <group>`."));
  }
  return problems;
}

void add_hook_problems(workflow::Validation& validation, std::string_view text) {
  if (validation.ok())
    workflow::add_problems(validation, hook_problems(*validation.document, text));
}

}  // namespace fairlead::gitlab
