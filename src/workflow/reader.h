// Reader: typed access to a YAML tree, collecting what is wrong on the way.
//
// Inside of this layer only: the files read_*.cpp turn parts of the tree into parts of the Document
// with it. A reader never stops at an error; it notes a Problem with position and pointer and hands
// back a harmless value. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflow/document.h"
#include "workflow/problem.h"
#include "workflow/yaml.h"

namespace fairlead::workflow {

// A node and where it stands, both ways.
struct Place {
  YamlNode const* node{nullptr};
  std::string pointer;

  [[nodiscard]] Place item(std::size_t index) const;
  // Of a mapping that has the key.
  [[nodiscard]] Place member(YamlMember const& member) const;
};

// Something to be checked once the document is known to be well formed.
struct FoundExpression {
  std::string program;
  Place place;
  std::vector<std::string> variables;  // names in scope, without $
};
struct FoundCall {
  CallTask call;
  Place call_place;  // of the word after `call:`
  Place task_place;
  std::optional<Place> with;
};
// A part of the language that a version of the engine may not run yet; the names are those of
// supported_kinds.
struct FoundKind {
  std::string kind;
  Place place;
};

using Words = std::vector<std::string_view>;

class Reader {
 public:
  // What is known to be wrong; `where` may be a key's position instead of the value's.
  struct Finding {
    std::string code;
    std::string message;
    std::string wrong_key{};
    std::string nearest{};
  };
  void error(Place const& place, Finding finding);
  void error_at(Position at, std::string pointer, Finding finding);
  void warning(Place const& place, Finding finding);

  // A mapping with no other keys than these. `what` names it: "a task's catch".
  bool mapping(Place const& place, std::string_view what, Words const& keys);
  bool is_mapping(Place const& place, std::string_view what);
  bool sequence(Place const& place, std::string_view what);
  [[nodiscard]] static std::optional<Place> get(Place const& parent, std::string_view key);
  // As get, and an error if it is not there.
  std::optional<Place> require(Place const& parent, std::string_view key, std::string_view what);

  std::string text(Place const& place, std::string_view what);
  std::string text_or(Place const& parent, std::string_view key, std::string_view fallback);
  // One of the words.
  std::string word(Place const& place, std::string_view what, Words const& words);
  std::optional<bool> boolean(Place const& place, std::string_view what);
  std::optional<int> whole_number(Place const& place, std::string_view what, int minimum);
  std::optional<Milliseconds> duration(Place const& place);
  std::optional<DurationValue> duration_or_expression(Place const& place);
  // jq, with or without ${ }.
  std::optional<Expression> expression(Place const& place, std::string_view what);
  std::optional<Expression> optional_expression(Place const& parent, std::string_view key);
  // Any value; strings inside that are wholly ${ } are noted as expressions.
  Json value(Place const& place);
  // input.from and the like: an expression, or an object of values.
  Json transform(Place const& place, std::string_view what);

  // `wrong` among `right`: the ", did you mean" part of a message, and the nearest word.
  [[nodiscard]] static std::string nearest(std::string_view wrong, Words const& right);

  std::vector<Problem> problems;
  std::vector<FoundExpression> expressions;
  std::vector<FoundCall> calls;
  std::vector<FoundKind> kinds;
  // Variables of loops and handlers around the present place.
  std::vector<std::string> scope;

 private:
  void note_expression(Place const& place, std::string const& program);
  void values_inside(Place const& place);
};

}  // namespace fairlead::workflow
