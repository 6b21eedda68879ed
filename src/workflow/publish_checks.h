// What is wrong with a well-formed workflow before it is published: steps that are never reached,
// and an event of its own that starts it again.
//
// Of the document alone, without a look at the world (gitlab/publish_checks.h has that). An error
// is what would do harm whatever the world is like; the rest are warnings. Pure but for
// validate_to_publish, which blocks; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflow/document.h"
#include "workflow/parse.h"
#include "workflow/problem.h"

namespace fairlead::workflow {

// Codes: unreachable (warning), own-event (error if nothing stands between, else a warning). Lines
// are those of the tasks' names.
std::vector<Problem> publish_problems(Document const& document);

// validate() and these. An own-event error stands in the way of publishing unless it is forced:
// then it is a warning.
enum class Force { no, yes };
Validation validate_to_publish(std::string_view text, ActionLookup const& actions,
                               expression::Evaluator* evaluator, Force force = Force::no);
// Puts more findings among those there are, in the order of the text.
void add_problems(Validation& validation, std::vector<Problem> more);

// Every task of a document, also inside of others and in functions, with what one may rely on.
struct FoundTask {
  Task const* task{nullptr};
  // always: nothing on the way to it can pass it by.
  enum class Reached { always, maybe } reached{Reached::always};
};
std::vector<FoundTask> all_tasks(Document const& document);

// `value`, or what it stands for if it is ${ $context.<step>.<name> } and that step is a `set` at
// the top with a literal there, as in the templates' settings. Null: only a run knows.
Json literal_of(Document const& document, Json const& value);

}  // namespace fairlead::workflow
