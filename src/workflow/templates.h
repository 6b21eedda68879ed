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
};

struct Template {
  std::string name;  // "incident-to-issue"
  std::string title;
  std::string summary;
  std::string source;  // YAML
  std::vector<TemplateField> fields;
  Json sample_event;  // a CloudEvent
};

// Sorted by name.
std::vector<Template> const& templates();

// The text with the given fields in place of the template's own, all else untouched. `values` is an
// object of field -> text or list of texts. Errors: not_found (template), invalid_input (a field it
// has not; the nearest is named).
Result<std::string> fill_template(std::string_view name, Json const& values);

}  // namespace fairlead::workflow
