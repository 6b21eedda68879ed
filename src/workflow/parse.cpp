#include "workflow/parse.h"

#include <algorithm>

#include "base/text.h"
#include "workflow/check.h"
#include "workflow/read.h"
#include "workflow/version.h"

namespace fairlead::workflow {
namespace {

struct Reading {
  Reader reader;
  YamlNode root;  // the places in the reader point into it
  std::shared_ptr<Document const> document;
};

// Null: not even YAML; the problem is in `reader`.
void read(Reading& reading, std::string_view text) {
  auto root = parse_yaml(text);
  if (!root.ok()) {
    auto const& details = root.error().details;
    Position const at{static_cast<int>(details["line"].as_integer(1)),
                      static_cast<int>(details["column"].as_integer(1))};
    reading.reader.error_at(at, "", {"yaml", root.error().message});
    return;
  }
  reading.root = std::move(*root);
  auto document = read_document(reading.reader, Place{&reading.root, ""});
  document.content_hash = content_hash(text);
  document.definition = to_json(reading.root);
  reading.document = std::make_shared<Document const>(std::move(document));
}

void sort_by_place(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](Problem const& a, Problem const& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
}

}  // namespace

Result<std::shared_ptr<Document const>> parse(std::string_view text) {
  Reading reading;
  read(reading, text);
  if (has_error(reading.reader.problems)) {
    sort_by_place(reading.reader.problems);
    return to_error(reading.reader.problems);
  }
  return reading.document;
}

Validation validate(std::string_view text, ActionLookup const& actions,
                    expression::Evaluator* evaluator) {
  Reading reading;
  read(reading, text);
  if (reading.document) {
    check_kinds(reading.reader);
    check_time_zone(reading.reader, Place{&reading.root, ""}, *reading.document);
    check_calls(reading.reader, actions);
    check_secrets(reading.reader, reading.document->secrets);
    check_secret_values(reading.reader, Place{&reading.root, ""}, actions);
    if (evaluator != nullptr) check_expressions(reading.reader, *evaluator);
  }
  Validation validation;
  sort_by_place(reading.reader.problems);
  if (!has_error(reading.reader.problems)) validation.document = reading.document;
  validation.problems = std::move(reading.reader.problems);
  return validation;
}

Json to_json(Validation const& validation) {
  auto json = Json::object({{"ok", validation.ok()}});
  if (auto const& document = validation.document) {
    json.set("document", Json::object({{"namespace", document->workflow_namespace},
                                       {"name", document->name},
                                       {"version", document->version},
                                       {"title", document->title},
                                       {"contentHash", document->content_hash}}));
  }
  auto problems = Json::array();
  for (auto const& problem : validation.problems)
    problems.push_back(to_json(problem));
  json.set("problems", std::move(problems));
  return json;
}

}  // namespace fairlead::workflow
