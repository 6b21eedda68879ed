// What a workflow says about its runs in document.metadata: retention and effects.
//
//   metadata:
//     retention: {age: P30D, count: 1000}   # or `forever`; what is left out: the server's default
//     effects: {marker: off}                # creating actions leave no mark in GitLab
//
// The checks stand in check_policies(); the readers here take what passed them. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "workflow/document.h"

namespace fairlead::workflow {

class Reader;
struct Place;

// How long ended runs are kept. Each part: not said, for ever, or a bound.
struct Retention {
  struct Age {
    std::optional<Milliseconds> most;  // nothing: for ever
  };
  struct Count {
    std::optional<std::int64_t> most;
  };
  std::optional<Age> age;
  std::optional<Count> count;
};
Retention retention_of(Document const& document);
// Whether an effect's marker is sent along, so that an uncertain one can be found again.
[[nodiscard]] bool sends_markers(Document const& document);

// `metadata` of `document`: says what is wrong with the two.
void check_policies(Reader& reader, Place const& metadata);

}  // namespace fairlead::workflow
