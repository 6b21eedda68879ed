// The texts of src/workflow/templates/ as constants of the binary; the definition is made by
// cmake/embed.cmake.
//
// Inside of this layer only: templates.cpp reads them. Any thread.
#pragma once

#include <span>
#include <string_view>

namespace fairlead::workflow {

struct EmbeddedText {
  std::string_view name;  // the file's name without ".yaml"
  std::string_view text;
};
std::span<EmbeddedText const> embedded_texts();

}  // namespace fairlead::workflow
