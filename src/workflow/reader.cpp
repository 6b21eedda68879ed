#include "workflow/reader.h"

#include <algorithm>

#include "base/text.h"
#include "expression/evaluator.h"
#include "workflow/duration.h"

namespace fairlead::workflow {
namespace {

std::string quoted_list(Words const& words) {
  std::string text;
  for (auto const word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

Problem problem_of(Position at, std::string pointer, Reader::Finding finding) {
  Problem problem;
  problem.code = std::move(finding.code);
  problem.line = at.line;
  problem.column = at.column;
  problem.pointer = std::move(pointer);
  problem.message = std::move(finding.message);
  if (!problem.message.empty() && problem.message[0] >= 'a' && problem.message[0] <= 'z' &&
      problem.code != "action-input") {
    problem.message[0] = static_cast<char>(problem.message[0] - 'a' + 'A');
  }
  problem.wrong_key = std::move(finding.wrong_key);
  problem.nearest = std::move(finding.nearest);
  return problem;
}

}  // namespace

Place Place::item(std::size_t index) const {
  return {&node->items[index], pointer + "/" + std::to_string(index)};
}

Place Place::member(YamlMember const& member) const {
  return {&member.value, pointer + "/" + pointer_token(member.key)};
}

void Reader::error(Place const& place, Finding finding) {
  error_at(place.node->at, place.pointer, std::move(finding));
}

void Reader::error_at(Position at, std::string pointer, Finding finding) {
  problems.push_back(problem_of(at, std::move(pointer), std::move(finding)));
}

void Reader::warning(Place const& place, Finding finding) {
  auto problem = problem_of(place.node->at, place.pointer, std::move(finding));
  problem.severity = Problem::Severity::warning;
  problems.push_back(std::move(problem));
}

std::string Reader::nearest(std::string_view wrong, Words const& right) {
  std::vector<std::string> const candidates(right.begin(), right.end());
  return nearest_name(wrong, candidates).value_or("");
}

bool Reader::is_mapping(Place const& place, std::string_view what) {
  if (place.node->kind == YamlNode::Kind::mapping) return true;
  error(place, {"wrong-type", std::string(what) + " must be a mapping (key: value), but is " +
                                  std::string(kind_name(*place.node)) + "."});
  return false;
}

bool Reader::mapping(Place const& place, std::string_view what, Words const& keys) {
  if (!is_mapping(place, what)) return false;
  for (auto const& member : place.node->members) {
    if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
    auto near = nearest(member.key, keys);
    auto message = "'" + shorten(member.key, 60) + "' is not known in " + std::string(what) + ".";
    message +=
        near.empty() ? " Known are: " + quoted_list(keys) + "." : " Did you mean '" + near + "'?";
    error_at(member.at, place.pointer + "/" + pointer_token(member.key),
             {"unknown-key", std::move(message), member.key, std::move(near)});
  }
  return true;
}

bool Reader::sequence(Place const& place, std::string_view what) {
  if (place.node->kind == YamlNode::Kind::sequence) return true;
  error(place,
        {"wrong-type", std::string(what) + " must be a list (lines that begin with '- '), but is " +
                           std::string(kind_name(*place.node)) + "."});
  return false;
}

std::optional<Place> Reader::get(Place const& parent, std::string_view key) {
  auto const* member = parent.node->find(key);
  if (member == nullptr) return std::nullopt;
  return parent.member(*member);
}

std::optional<Place> Reader::require(Place const& parent, std::string_view key,
                                     std::string_view what) {
  auto found = get(parent, key);
  if (!found && parent.node->kind == YamlNode::Kind::mapping) {
    error(parent, {"missing-key", std::string(what) + " needs '" + std::string(key) + "'.",
                   std::string(key)});
  }
  return found;
}

std::string Reader::text(Place const& place, std::string_view what) {
  if (place.node->is_string()) return place.node->scalar.as_string();
  auto message =
      std::string(what) + " must be a text, but is " + std::string(kind_name(*place.node)) + ".";
  if (place.node->kind == YamlNode::Kind::scalar && !place.node->is_null()) {
    message += " Put it in quotes: '" + place.node->written + "'.";
  }
  error(place, {"wrong-type", std::move(message)});
  return {};
}

std::string Reader::text_or(Place const& parent, std::string_view key, std::string_view fallback) {
  auto const place = get(parent, key);
  return place ? text(*place, "'" + std::string(key) + "'") : std::string(fallback);
}

std::string Reader::word(Place const& place, std::string_view what, Words const& words) {
  auto written = text(place, what);
  if (written.empty() || std::find(words.begin(), words.end(), written) != words.end())
    return written;
  auto near = nearest(written, words);
  auto message = std::string(what) + " must be one of " + quoted_list(words) + ", but is '" +
                 shorten(written, 60) + "'.";
  error(place, {"wrong-value", std::move(message), written, std::move(near)});
  return {};
}

std::optional<bool> Reader::boolean(Place const& place, std::string_view what) {
  if (place.node->kind == YamlNode::Kind::scalar && place.node->scalar.is_bool()) {
    return place.node->scalar.as_bool();
  }
  error(place, {"wrong-type", std::string(what) + " must be true or false."});
  return std::nullopt;
}

std::optional<int> Reader::whole_number(Place const& place, std::string_view what, int minimum) {
  auto const& scalar = place.node->scalar;
  if (place.node->kind == YamlNode::Kind::scalar && scalar.is_integer() &&
      scalar.as_integer() >= minimum && scalar.as_integer() <= 1'000'000) {
    return static_cast<int>(scalar.as_integer());
  }
  error(place, {"wrong-type", std::string(what) + " must be a whole number from " +
                                  std::to_string(minimum) + " to 1,000,000."});
  return std::nullopt;
}

std::optional<Milliseconds> Reader::duration(Place const& place) {
  auto parsed = duration_from(to_json(*place.node));
  if (parsed.ok()) return *parsed;
  auto at = place;
  if (auto const inner = get(place, parsed.error().where)) at = *inner;
  error(at, {"wrong-value", parsed.error().message, parsed.error().where});
  return std::nullopt;
}

std::optional<DurationValue> Reader::duration_or_expression(Place const& place) {
  if (place.node->is_string()) {
    if (auto program = expression::expression_in(place.node->scalar.as_string())) {
      note_expression(place, *program);
      return DurationValue(Expression{std::move(*program)});
    }
  }
  auto fixed = duration(place);
  if (!fixed) return std::nullopt;
  return DurationValue(*fixed);
}

std::optional<Expression> Reader::expression(Place const& place, std::string_view what) {
  auto written = place.node->kind == YamlNode::Kind::scalar && place.node->scalar.is_bool()
                     ? place.node->scalar.dump()
                     : text(place, what);
  if (trim(written).empty()) {
    if (place.node->is_string()) error(place, {"expression", std::string(what) + " is empty."});
    return std::nullopt;
  }
  auto program = expression::expression_in(written).value_or(written);
  note_expression(place, program);
  return Expression{std::move(program)};
}

std::optional<Expression> Reader::optional_expression(Place const& parent, std::string_view key) {
  auto const place = get(parent, key);
  if (!place) return std::nullopt;
  return expression(*place, "'" + std::string(key) + "'");
}

void Reader::note_expression(Place const& place, std::string const& program) {
  expressions.push_back({program, place, scope});
}

void Reader::values_inside(Place const& place) {
  if (place.node->is_string()) {
    auto const& written = place.node->scalar.as_string();
    if (auto const program = expression::expression_in(written)) {
      note_expression(place, *program);
    } else if (written.find("${") != std::string::npos) {
      warning(place, {"style",
                      "This text holds '${' but is not wholly an expression, so it is taken as it "
                      "stands. To build a text write '${ \"... \\(.name) ...\" }'."});
    }
    return;
  }
  for (std::size_t i = 0; i < place.node->items.size(); ++i)
    values_inside(place.item(i));
  for (auto const& member : place.node->members)
    values_inside(place.member(member));
}

Json Reader::value(Place const& place) {
  values_inside(place);
  return to_json(*place.node);
}

Json Reader::transform(Place const& place, std::string_view what) {
  if (place.node->kind == YamlNode::Kind::mapping) return value(place);
  auto const found = expression(place, what);
  if (!found) return {};
  return Json("${ " + found->jq + " }");
}

}  // namespace fairlead::workflow
