// Templates: complete workflows for the common use cases, to be taken, filled in and published.
//
// Each is a document of src/workflow/templates/ with a task `settings` whose values are the fields
// to fill, described in document.metadata.template, and a sample event to try it with. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::workflow {

struct TemplateField {
  std::string name;  // key under settings
  std::string label;
  std::string description;
  std::string pointer;  // "/do/0/settings/set/project"
  Json value;           // as the template has it
  // What a form shows: a kind of picker (project, group, branch, user, connection), or text,
  // choice, duration. `parent` is the field that names the project a branch is of.
  std::string kind{"text"};
  std::string parent{};
  std::vector<std::string> choices{};
  enum class Needed { yes, no } needed{Needed::yes};
};

struct Template {
  std::string name;  // "incident-to-issue"
  std::string title;
  std::string summary;
  std::string use_case;  // "Incidents"
  std::string source;    // YAML
  std::vector<TemplateField> fields;
  Json sample_event;  // a CloudEvent
};

// Sorted by name.
std::vector<Template> const& templates();

// A complete workflow out of a template: fill_template() with every value checked against its
// field, and another document.name if `name` is not "". The answer is a workflow that validates.
// Errors: not_found (template), invalid_input (a field it has not; the wrong kind of value; a
// needed one that is empty; a name of other signs than a-z, 0-9 and hyphens).
Result<std::string> instantiate(std::string_view name, std::string const& workflow_name,
                                Json const& values);

// The text with the given fields in place of the template's own, all else untouched. `values` is an
// object of field -> text or list of texts. Errors: not_found (template), invalid_input (a field it
// has not; the nearest is named).
Result<std::string> fill_template(std::string_view name, Json const& values);

}  // namespace fairlead::workflow
