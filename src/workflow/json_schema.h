// JsonSchema: a JSON Schema of a workflow, compiled once with the document, that tells people what
// does not fit.
//
// Draft 2020-12, the keywords people use; what is not known here is refused when the workflow is
// read, never ignored. References stay inside the schema. Checking is a pure function with bounded
// work, and patterns take time linear in the text (workflow/pattern.h), so no input can hang the
// engine. Immutable; any thread.
// Source: https://json-schema.org/draft/2020-12/json-schema-validation (read 2026-11).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"

namespace fairlead::workflow {

inline constexpr std::size_t schema_nodes_max = 10'000;
inline constexpr std::size_t schema_faults_max = 10;
// References that lead in a circle, and schemas tried on one value, end here.
inline constexpr int schema_depth_max = 200;
inline constexpr int schema_work_max = 1'000'000;

struct SchemaNode;

class JsonSchema {
 public:
  // Something in the schema that this server does not check, or that is no schema.
  struct Refusal {
    std::string pointer;  // inside the schema
    std::string message;
    std::string word;     // the keyword
    std::string nearest;  // the right one nearest to it, if any
  };
  struct Fault {
    std::string pointer;  // inside the value
    std::string message;  // names the field: "'user.age' must be at least 18, but is 17."
  };

  // Null, and the reasons in `refusals`, if it cannot be checked as written.
  static std::shared_ptr<JsonSchema const> compile(Json schema, std::vector<Refusal>& refusals);
  ~JsonSchema();
  JsonSchema(JsonSchema const&) = delete;
  JsonSchema& operator=(JsonSchema const&) = delete;

  // What does not fit, the first schema_faults_max; empty if all fits.
  [[nodiscard]] std::vector<Fault> check(Json const& value) const;
  [[nodiscard]] Json const& source() const { return source_; }

 private:
  class Key {
    friend class JsonSchema;
    Key() = default;
  };

 public:
  // compile() makes them.
  explicit JsonSchema(Key);

 private:
  Json source_;
  std::vector<SchemaNode> nodes_;  // the first is the whole
};

// [{pointer, message}]
Json to_json(std::vector<JsonSchema::Fault> const& faults);
// "'a' is missing; 'b' must be a text, but is 3; and 2 more"
std::string in_words(std::vector<JsonSchema::Fault> const& faults);

}  // namespace fairlead::workflow
