#include "workflow/rewrite.h"

#include <vector>

#include "base/text.h"
#include "workflow/yaml.h"

namespace fairlead::workflow {
namespace {

Error cannot_replace() {
  Error error = invalid_input("document.version", "the version cannot be replaced where it stands");
  error.remedy = "write it as document: {version: '1.0.0'}, on one line and without an alias";
  return error;
}

// How long the scalar at the front of `line` is: quoted, or plain up to what ends it.
std::size_t scalar_length(std::string_view line) {
  if (line.empty()) return 0;
  if (line.front() == '\'' || line.front() == '"') {
    auto const end = line.find(line.front(), 1);
    return end == std::string_view::npos ? 0 : end + 1;
  }
  return std::min(line.find_first_of(" ,}\t\r#"), line.size());
}

Result<Json> with_version_taken_out(std::string_view text) {
  FAIRLEAD_TRY(auto const root, parse_yaml(text));
  auto json = to_json(root);
  if (auto* document = json.find("document")) document->erase("version");
  return json;
}

}  // namespace

Result<std::string> with_version(std::string_view text, std::string_view version) {
  FAIRLEAD_TRY(auto const root, parse_yaml(text));
  auto const* document = root.find("document");
  auto const* member = document == nullptr ? nullptr : document->value.find("version");
  if (member == nullptr || member->value.kind != YamlNode::Kind::scalar) return cannot_replace();
  auto lines = split(text, '\n');
  auto const at = member->value.at;
  if (at.line < 1 || static_cast<std::size_t>(at.line) > lines.size()) return cannot_replace();
  auto& line = lines[static_cast<std::size_t>(at.line - 1)];
  // Columns count characters; before the version there is rarely anything but ASCII, and if there
  // is, the check below finds out.
  auto column = static_cast<std::size_t>(at.column - 1);
  if (column >= line.size()) return cannot_replace();
  // The place of a quoted scalar may be that of its first letter.
  if (column > 0 && (line[column - 1] == '\'' || line[column - 1] == '"')) --column;
  auto const length = scalar_length(std::string_view(line).substr(column));
  char const quote = line[column] == '"' ? '"' : '\'';
  line.replace(column, length, quote + std::string(version) + quote);
  auto changed = join(lines, "\n");
  FAIRLEAD_TRY(auto const before, with_version_taken_out(text));
  auto const after = with_version_taken_out(changed);
  auto const reread = parse_yaml(changed);
  bool const good = after.ok() && *after == before && reread.ok() &&
                    to_json(*reread)["document"]["version"].as_string() == version;
  if (!good) return cannot_replace();
  return changed;
}

}  // namespace fairlead::workflow
