// HookWish: which webhooks a workflow needs that starts on, or listens for, events of GitLab.
//
// Read from its event filters where they name a place literally: `subject`, `data` as an object, or
// the usual comparisons in a jq expression on `data` (docs/webhooks.md lists them). A filter whose
// place only a person knows gives a wish without a place, which publishing warns of: its webhook is
// to be kept by hand. Kept by gitlab/standing_hooks.h. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflow/document.h"
#include "workflow/parse.h"
#include "workflow/problem.h"

namespace fairlead::gitlab {

struct HookWish {
  std::string place;               // a project by number or path, "group:<path>"; "": not said
  std::string source;              // of the filter, as written; "": any GitLab
  std::vector<std::string> kinds;  // "merge-request"
  enum class From { start, listen } from{From::start};
  std::string pointer;  // of the filter's home: "/schedule/on", or that of the task
  int line{0};          // of the task; 0: the schedule's
};

std::vector<HookWish> hook_wishes(workflow::Document const& document);

// What publishing and validation warn of (code "webhook"): a filter that names no place, and one
// whose kind of event only a group's webhook tells of. `text` is the document's, to find the line.
std::vector<workflow::Problem> hook_problems(workflow::Document const& document,
                                             std::string_view text);

// Adds them to what is known of a document; nothing if it is not valid.
void add_hook_problems(workflow::Validation& validation, std::string_view text);

}  // namespace fairlead::gitlab
