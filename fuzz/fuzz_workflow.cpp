// Fuzz target: workflow documents. Any bytes give a document or a problem with a place; a document
// that parses once parses again, and every task is found at its own pointer.
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "workflow/parse.h"

using namespace fairlead;

namespace {

void check_pointers(workflow::Document const& document) {
  for (auto const& task : *document.tasks) {
    FAIRLEAD_ASSERT(document.task(task.pointer) == &task, "a task is found at its pointer");
  }
}

}  // namespace

// libfyaml 0.7 forgets 1-4 KiB for each single-quoted scalar with a dozen doubled quotes (its list
// of the text's pieces). It has no other way to read a scalar that is right, so we live with that;
// our own leaks are still found. The name is the one that the sanitizer's runtime asks for.
extern "C" char const* __lsan_default_suppressions();                                  // NOLINT
extern "C" char const* __lsan_default_suppressions() { return "leak:libfyaml.so\n"; }  // NOLINT

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const document = workflow::parse(text);
  if (document.ok()) {
    check_pointers(**document);
    FAIRLEAD_ASSERT(workflow::parse(text).ok(), "parsing has no memory");
    return 0;
  }
  auto const& problems = document.error().details["problems"];
  FAIRLEAD_ASSERT(problems.size() > 0, "a refused document has problems");
  for (auto const& problem : problems.items()) {
    FAIRLEAD_ASSERT(problem["line"].as_integer() >= 1 && !problem["message"].as_string().empty(),
                    "a problem has a place and words");
  }
  return 0;
}
