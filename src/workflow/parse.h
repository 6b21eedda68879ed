// Text -> Document: reading and checking a workflow, with findings that people can act on.
//
// `parse` is what the engine calls on a published text; `validate` is what the CLI, the API and the
// editor call: it goes on after an error and gives everything there is to say. Key by key and by
// hand, since the messages of the JSON Schema are useless to people. Pure but for the optional
// evaluator, which blocks. Any thread. Source: Open Workflow Specification DSL 1.0.3, with the
// readings of docs/ (workflow-dialect).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "expression/evaluator.h"
#include "workflow/document.h"
#include "workflow/problem.h"

namespace fairlead::workflow {

// What validation needs to know about actions; implemented in app/ over action::Catalogue.
class ActionLookup {
 public:
  virtual ~ActionLookup() = default;
  // The JSON Schema of the input of the action; nothing if there is none of that name. `version` ""
  // is the newest.
  [[nodiscard]] virtual std::optional<Json> input_schema(std::string_view catalog,
                                                         std::string_view name,
                                                         std::string_view version) const = 0;
  // All there are: "create-issue:1.0.0@gitlab".
  [[nodiscard]] virtual std::vector<std::string> ids() const = 0;
  // Why this call would fail on this server as things are: a scope its connection lacks. Nothing if
  // all is well, or not known. May block on the store.
  [[nodiscard]] virtual std::optional<std::string> warning(CallTask const&) const {
    return std::nullopt;
  }
  // Whether the secret has a value now; one that has none is a warning. May block.
  [[nodiscard]] virtual bool has_secret(std::string_view) const { return true; }
};

// Errors: invalid_input with the first problem's words; `where` is "line 3, column 7", `details`
// {pointer, problems}.
Result<std::shared_ptr<Document const>> parse(std::string_view text);

struct Validation {
  std::vector<Problem> problems;             // in the order of the text
  std::shared_ptr<Document const> document;  // null if there is an error

  [[nodiscard]] bool ok() const { return document != nullptr; }
};

// `evaluator` null: expressions are not compiled.
Validation validate(std::string_view text, ActionLookup const& actions,
                    expression::Evaluator* evaluator = nullptr);

// {ok, document?: {namespace, name, version, title, contentHash}, problems}
Json to_json(Validation const& validation);

}  // namespace fairlead::workflow
