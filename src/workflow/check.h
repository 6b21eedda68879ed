// Checks of a well-formed document against the world: actions, expressions, and what this version
// can run.
//
// Inside of this layer: called by validate() after reading. Each adds to the reader's problems. One
// thread; the check of expressions blocks.
#pragma once

#include "expression/evaluator.h"
#include "workflow/parse.h"
#include "workflow/reader.h"

namespace fairlead::workflow {

// What the engine of this version runs; see the table in check.cpp.
bool is_supported(std::string_view kind);

void check_kinds(Reader& reader);
// The time zone of a schedule is one this machine knows.
void check_time_zone(Reader& reader, Place const& root, Document const& document);
void check_calls(Reader& reader, ActionLookup const& actions);
void check_secrets(Reader& reader, std::vector<std::string> const& declared);
// Warns of secrets that nobody has set yet.
void check_secret_values(Reader& reader, Place const& root, ActionLookup const& lookup);
void check_expressions(Reader& reader, expression::Evaluator& evaluator);
// `value` against a JSON Schema; what is an expression is taken to fit. Problems name the place of
// the value.
void check_against_schema(Reader& reader, Place const& place, Json const& schema,
                          std::string_view what);

}  // namespace fairlead::workflow
