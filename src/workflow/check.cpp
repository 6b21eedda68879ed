#include "workflow/check.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "base/time_zone.h"
#include "workflow/read.h"

namespace fairlead::workflow {
namespace {

// One row a part of the language whose support changes between versions; what is not listed always
// runs.
struct SupportedKind {
  std::string_view kind;
  enum class Runs { yes, not_yet } runs;
  std::string_view instead;
};
using Runs = SupportedKind::Runs;
constexpr std::array supported_kinds{
    SupportedKind{"call action", Runs::yes, ""},   SupportedKind{"for", Runs::yes, ""},
    SupportedKind{"fork", Runs::yes, ""},          SupportedKind{"emit", Runs::yes, ""},
    SupportedKind{"listen", Runs::yes, ""},        SupportedKind{"schedule every", Runs::yes, ""},
    SupportedKind{"schedule cron", Runs::yes, ""}, SupportedKind{"schedule after", Runs::yes, ""},
};

SupportedKind const* row_of(std::string_view kind) {
  auto const* found = std::find_if(supported_kinds.begin(), supported_kinds.end(),
                                   [&](SupportedKind const& row) { return row.kind == kind; });
  return found == supported_kinds.end() ? nullptr : found;
}

// The variables of the language itself.
std::vector<std::string> standard_variables() {
  return {"context", "input", "output", "secrets", "task", "workflow", "runtime", "authorization"};
}

void unknown_action(Reader& reader, FoundCall const& found, ActionLookup const& actions) {
  auto const ids = actions.ids();
  auto const& call = found.call;
  auto near = nearest_name(call.function, ids);
  for (auto const& id : ids) {
    if (!near && id.starts_with(call.name + ":")) near = id;
  }
  reader.error(found.call_place,
               {"unknown-name",
                "There is no action '" + shorten(call.function, 80) + "'." +
                    (near ? " Did you mean '" + *near + "'?"
                          : std::string(" 'fairlead action list' shows those there are.")),
                call.function, near.value_or("")});
}

void check_call(Reader& reader, FoundCall const& found, ActionLookup const& actions) {
  auto const& call = found.call;
  auto schema = actions.input_schema(call.catalog, call.name, call.version);
  if (!schema) return unknown_action(reader, found, actions);
  if (auto const warning = actions.warning(call))
    reader.warning(found.call_place, {"connection", *warning, call.connection});
  if (found.with) {
    // `connection` is ours: it chooses the token, the action never sees it.
    if (auto const* properties = schema->find("properties");
        properties != nullptr && !properties->contains("connection")) {
      schema->find("properties")->set("connection", Json::object({{"type", "string"}}));
    }
    return check_against_schema(reader, *found.with, *schema, call.name);
  }
  YamlNode empty;
  empty.kind = YamlNode::Kind::mapping;
  empty.at = found.call_place.node->at;
  check_against_schema(reader, Place{&empty, found.task_place.pointer + "/with"}, *schema,
                       call.name);
}

}  // namespace

bool is_supported(std::string_view kind) {
  auto const* row = row_of(kind);
  return row == nullptr || row->runs == Runs::yes;
}

void check_kinds(Reader& reader) {
  for (auto const& [kind, place] : reader.kinds) {
    if (is_supported(kind)) continue;
    reader.error(place, {"not-yet", "'" + kind +
                                        "' is read but not run yet by this version of Fairlead. "
                                        "Until then: " +
                                        std::string(row_of(kind)->instead) + "."});
  }
}

void check_time_zone(Reader& reader, Place const& root, Document const& document) {
  auto const policy = schedule_policy(root);
  auto const place = policy ? Reader::get(*policy, "timezone") : std::nullopt;
  if (!place || !document.schedule) return;
  auto const zone = TimeZone::load(document.schedule->timezone);
  if (zone.ok()) return;
  reader.error(*place, {"wrong-value", zone.error().message + " " + zone.error().remedy,
                        shorten(document.schedule->timezone, 80)});
}

void check_calls(Reader& reader, ActionLookup const& actions) {
  for (auto const& found : reader.calls)
    check_call(reader, found, actions);
}

void check_expressions(Reader& reader, expression::Evaluator& evaluator) {
  std::set<std::pair<std::string, std::vector<std::string>>> good;
  auto const found = reader.expressions;
  for (auto const& [program, place, scope] : found) {
    auto variables = standard_variables();
    variables.insert(variables.end(), scope.begin(), scope.end());
    if (good.contains({program, variables})) continue;
    auto checked = evaluator.check(program, variables);
    if (checked.ok()) {
      good.emplace(program, std::move(variables));
      continue;
    }
    reader.error(place, {"expression", checked.error().message});
  }
}

}  // namespace fairlead::workflow
