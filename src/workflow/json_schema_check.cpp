// JsonSchema::check: one value against a compiled schema.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "workflow/json_schema.h"
#include "workflow/json_schema_node.h"
#include "workflow/text_format.h"

namespace fairlead::workflow {
namespace {

using Fault = JsonSchema::Fault;
using Faults = std::vector<Fault>;

std::string_view article_name(std::string_view type) {
  if (type == "null") return "null";
  if (type == "boolean") return "true or false";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "string") return "a text";
  return type == "array" ? "a list" : "an object";
}

// The value in few letters, for "..., but is 17."
std::string shown(Json const& value) {
  constexpr std::size_t letters_max = 40;
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  if (value.is_string()) return "'" + shorten(value.as_string(), letters_max) + "'";
  return value.dump();
}

bool is_whole(Json const& value) {
  if (value.is_integer()) return true;
  return value.type() == Json::Type::number && std::floor(value.as_number()) == value.as_number();
}

bool has_type(Json const& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return is_whole(value);
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  return type == "array" ? value.is_array() : value.is_object();
}

// Exact for integers.
int compare(Json const& a, Json const& b) {
  if (a.is_integer() && b.is_integer()) {
    return a.as_integer() < b.as_integer() ? -1 : a.as_integer() > b.as_integer() ? 1 : 0;
  }
  return a.as_number() < b.as_number() ? -1 : a.as_number() > b.as_number() ? 1 : 0;
}

bool is_multiple(Json const& value, Json const& of) {
  if (value.is_integer() && of.is_integer()) return value.as_integer() % of.as_integer() == 0;
  // 0.3 is a multiple of 0.1, though not in binary.
  constexpr double rounding = 1e-9;
  double const times = value.as_number() / of.as_number();
  return std::fabs(times - std::round(times)) <= rounding * std::max(1.0, std::fabs(times));
}

// Equal values give equal texts.
void write_sorted(Json const& value, std::string& text) {
  if (value.is_object()) {
    auto members = value.members();
    std::sort(members.begin(), members.end(),
              [](auto const& a, auto const& b) { return a.first < b.first; });
    text += '{';
    for (auto const& [name, inner] : members) {
      text += Json(name).dump() + ":";
      write_sorted(inner, text);
      text += ',';
    }
    text += '}';
  } else if (value.is_array()) {
    text += '[';
    for (auto const& item : value.items()) {
      write_sorted(item, text);
      text += ',';
    }
    text += ']';
  } else if (value.type() == Json::Type::number && is_whole(value) &&
             std::fabs(value.as_number()) < 9e15) {
    text += Json(value.as_integer()).dump();
  } else {
    text += value.dump();
  }
}

std::string listed(Json::Array const& words) {
  constexpr std::size_t words_shown = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), words_shown); ++i)
    text += (i > 0 ? ", " : "") + shown(words[i]);
  return words.size() > words_shown ? text + ", ..." : text;
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

class Check {
 public:
  explicit Check(std::vector<SchemaNode> const& nodes) : nodes_(nodes) {}
  [[nodiscard]] bool exhausted() const { return exhausted_; }
  // Adds to `faults`, at most schema_faults_max.
  void value(Json const& value, std::size_t index, Faults& faults);

 private:
  // A value and where it stands; the names on the way to it.
  void add(Faults& faults, std::string message) {
    if (faults.size() < schema_faults_max) faults.push_back({pointer_, subject() + message});
  }
  [[nodiscard]] std::string subject() const {
    return words_.empty() ? "The whole value" : "'" + words_ + "'";
  }
  bool fits(Json const& v, std::size_t index) {
    Faults none;
    value(v, index, none);
    return none.empty();
  }
  void all(Json const& v, SchemaNode const& node, Faults& faults);
  void type(Json const& v, SchemaNode const& node, Faults& faults);
  void words(Json const& v, SchemaNode const& node, Faults& faults);
  void number(Json const& v, SchemaNode const& node, Faults& faults);
  void text(Json const& v, SchemaNode const& node, Faults& faults);
  void list(Json const& v, SchemaNode const& node, Faults& faults);
  void contents(Json const& v, SchemaNode const& node, Faults& faults);
  void object(Json const& v, SchemaNode const& node, Faults& faults);
  void member(std::string const& name, Json const& v, SchemaNode const& node, Faults& faults);
  void dependents(Json const& v, SchemaNode const& node, Faults& faults);
  void alternatives(Json const& v, SchemaNode const& node, Faults& faults);
  void any_of(Json const& v, std::vector<std::size_t> const& branches, Faults& faults);
  void unknown(std::string const& name, SchemaNode const& node, Faults& faults);
  void inside(std::string const& token, Json const& v, std::size_t index, Faults& faults);
  void item(std::size_t at, Json const& v, std::size_t index, Faults& faults);

  std::vector<SchemaNode> const& nodes_;
  std::string pointer_;
  std::string words_;  // "user.tags[0]"
  int depth_{0};
  int work_{0};
  bool exhausted_{false};  // then nothing is known
};

void Check::value(Json const& v, std::size_t index, Faults& faults) {
  if (++work_ > schema_work_max || depth_ >= schema_depth_max) exhausted_ = true;
  if (exhausted_) return;
  ++depth_;
  all(v, nodes_[index], faults);
  --depth_;
}

void Check::all(Json const& v, SchemaNode const& node, Faults& faults) {
  if (node.never) return add(faults, " is not allowed here.");
  if (node.reference) value(v, *node.reference, faults);
  auto const before = faults.size();
  type(v, node, faults);
  // What has the wrong type needs no more words.
  if (faults.size() > before) return;
  words(v, node, faults);
  if (v.is_number()) number(v, node, faults);
  if (v.is_string()) text(v, node, faults);
  if (v.is_array()) list(v, node, faults);
  if (v.is_object()) object(v, node, faults);
  alternatives(v, node, faults);
}

void Check::type(Json const& v, SchemaNode const& node, Faults& faults) {
  if (node.types.empty()) return;
  std::string wanted;
  for (auto const& type : node.types) {
    if (has_type(v, type)) return;
    wanted += (wanted.empty() ? "" : " or ") + std::string(article_name(type));
  }
  add(faults, " must be " + wanted + ", but is " + shown(v) + ".");
}

void Check::words(Json const& v, SchemaNode const& node, Faults& faults) {
  if (!node.words || std::find(node.words->begin(), node.words->end(), v) != node.words->end())
    return;
  std::vector<std::string> names;
  for (auto const& word : *node.words)
    names.push_back(word.as_string());
  auto const near = v.is_string() ? nearest_name(v.as_string(), names) : std::nullopt;
  add(faults, (node.words->size() == 1 ? " must be " : " must be one of ") + listed(*node.words) +
                  ", but is " + shown(v) + "." +
                  (near && node.words->size() > 1 ? " Did you mean '" + *near + "'?" : ""));
}

void Check::number(Json const& v, SchemaNode const& node, Faults& faults) {
  auto const bound = [&](std::optional<Json> const& limit, bool broken, std::string_view words) {
    if (limit && broken)
      add(faults,
          " must be " + std::string(words) + " " + limit->dump() + ", but is " + v.dump() + ".");
  };
  bound(node.minimum, node.minimum && compare(v, *node.minimum) < 0, "at least");
  bound(node.maximum, node.maximum && compare(v, *node.maximum) > 0, "at most");
  bound(node.above, node.above && compare(v, *node.above) <= 0, "more than");
  bound(node.below, node.below && compare(v, *node.below) >= 0, "less than");
  bound(node.multiple_of, node.multiple_of && !is_multiple(v, *node.multiple_of), "a multiple of");
}

void Check::text(Json const& v, SchemaNode const& node, Faults& faults) {
  std::string const& letters = v.as_string();
  auto const length = node.length.least || node.length.most ? code_points(letters) : 0;
  if (node.length.least && length < *node.length.least)
    add(faults, " must have at least " + counted(*node.length.least, "character") + ", but has " +
                    std::to_string(length) + ".");
  if (node.length.most && length > *node.length.most)
    add(faults, " must have at most " + counted(*node.length.most, "character") + ", but has " +
                    std::to_string(length) + ".");
  if (node.pattern && !node.pattern->pattern.found_in(letters))
    add(faults, " must look like /" + node.pattern->text + "/, but is " + shown(v) + ".");
  auto const* format = node.format.empty() ? nullptr : find_text_format(node.format);
  if (format != nullptr && !format->matches(letters))
    add(faults, " must be " + std::string(format->words) + ", but is " + shown(v) + ".");
}

void Check::inside(std::string const& token, Json const& v, std::size_t index, Faults& faults) {
  auto const pointer_size = pointer_.size();
  auto const words_size = words_.size();
  pointer_ += "/" + pointer_token(token);
  words_ += (words_.empty() ? "" : ".") + shorten(token, 60);
  value(v, index, faults);
  pointer_.resize(pointer_size);
  words_.resize(words_size);
}

void Check::item(std::size_t at, Json const& v, std::size_t index, Faults& faults) {
  auto const pointer_size = pointer_.size();
  auto const words_size = words_.size();
  pointer_ += "/" + std::to_string(at);
  words_ += "[" + std::to_string(at) + "]";
  value(v, index, faults);
  pointer_.resize(pointer_size);
  words_.resize(words_size);
}

void Check::list(Json const& v, SchemaNode const& node, Faults& faults) {
  if (node.items_count.least && v.size() < *node.items_count.least)
    add(faults, " must have at least " + counted(*node.items_count.least, "item") + ", but has " +
                    std::to_string(v.size()) + ".");
  if (node.items_count.most && v.size() > *node.items_count.most)
    add(faults, " must have at most " + counted(*node.items_count.most, "item") + ", but has " +
                    std::to_string(v.size()) + ".");
  if (node.unique) {
    std::set<std::string> seen;
    for (auto const& each : v.items()) {
      std::string key;
      write_sorted(each, key);
      if (seen.insert(std::move(key)).second) continue;
      add(faults, " must not hold the same item twice: " + shown(each) + ".");
      break;
    }
  }
  for (std::size_t i = 0; i < v.size() && faults.size() < schema_faults_max; ++i) {
    if (i < node.prefix.size()) {
      item(i, v.at(i), node.prefix[i], faults);
    } else if (node.items) {
      item(i, v.at(i), *node.items, faults);
    }
  }
  contents(v, node, faults);
}

void Check::contents(Json const& v, SchemaNode const& node, Faults& faults) {
  if (!node.contains) return;
  std::size_t found = 0;
  for (auto const& each : v.items()) {
    if (fits(each, *node.contains)) ++found;
  }
  std::size_t const least = node.contains_count.least.value_or(1);
  if (found < least)
    add(faults, " must hold at least " + counted(least, "item") +
                    " of the kind that `contains` describes, but holds " + std::to_string(found) +
                    ".");
  if (node.contains_count.most && found > *node.contains_count.most)
    add(faults, " must hold at most " + counted(*node.contains_count.most, "item") +
                    " of the kind that `contains` describes, but holds " + std::to_string(found) +
                    ".");
}

void Check::unknown(std::string const& name, SchemaNode const& node, Faults& faults) {
  std::vector<std::string> known;
  for (auto const& [each, index] : node.properties)
    known.push_back(each);
  auto const near = nearest_name(name, known);
  add(faults, " has no field '" + shorten(name, 60) + "'." +
                  (near ? " Did you mean '" + *near + "'?" : std::string()));
}

void Check::member(std::string const& name, Json const& v, SchemaNode const& node, Faults& faults) {
  bool described = false;
  if (auto const found = node.properties.find(name); found != node.properties.end()) {
    described = true;
    inside(name, v, found->second, faults);
  }
  for (auto const& [pattern, index] : node.pattern_properties) {
    if (!pattern.pattern.found_in(name)) continue;
    described = true;
    inside(name, v, index, faults);
  }
  if (node.names && !fits(Json(name), *node.names))
    add(faults, " has the field '" + shorten(name, 60) + "', whose name `propertyNames` forbids.");
  if (described || !node.additional) return;
  if (nodes_[*node.additional].never) {
    unknown(name, node, faults);
  } else {
    inside(name, v, *node.additional, faults);
  }
}

void Check::object(Json const& v, SchemaNode const& node, Faults& faults) {
  for (auto const& name : node.required) {
    if (!v.contains(name)) add(faults, " needs '" + shorten(name, 60) + "'.");
  }
  if (node.members_count.least && v.size() < *node.members_count.least)
    add(faults, " must have at least " + counted(*node.members_count.least, "field") +
                    ", but has " + std::to_string(v.size()) + ".");
  if (node.members_count.most && v.size() > *node.members_count.most)
    add(faults, " must have at most " + counted(*node.members_count.most, "field") + ", but has " +
                    std::to_string(v.size()) + ".");
  for (auto const& [name, inner] : v.members()) {
    if (faults.size() >= schema_faults_max) return;
    member(name, inner, node, faults);
  }
  dependents(v, node, faults);
}

void Check::dependents(Json const& v, SchemaNode const& node, Faults& faults) {
  for (auto const& [name, others] : node.dependent_required) {
    if (!v.contains(name)) continue;
    for (auto const& other : others) {
      if (!v.contains(other))
        add(faults,
            " needs '" + shorten(other, 60) + "', since it has '" + shorten(name, 60) + "'.");
    }
  }
  for (auto const& [name, index] : node.dependent_schemas) {
    if (v.contains(name)) value(v, index, faults);
  }
}

void Check::any_of(Json const& v, std::vector<std::size_t> const& branches, Faults& faults) {
  Faults nearest;
  for (auto const index : branches) {
    Faults of_branch;
    value(v, index, of_branch);
    if (of_branch.empty()) return;
    // The one that went deeper into the value was probably meant.
    if (nearest.empty() || of_branch[0].pointer.size() > nearest[0].pointer.size())
      nearest = std::move(of_branch);
  }
  for (auto& fault : nearest) {
    if (faults.size() < schema_faults_max) faults.push_back(std::move(fault));
  }
}

void Check::alternatives(Json const& v, SchemaNode const& node, Faults& faults) {
  for (auto const index : node.all_of)
    value(v, index, faults);
  if (!node.any_of.empty()) any_of(v, node.any_of, faults);
  if (!node.one_of.empty()) {
    auto const fitting = std::count_if(node.one_of.begin(), node.one_of.end(),
                                       [&](std::size_t index) { return fits(v, index); });
    if (fitting == 0) any_of(v, node.one_of, faults);
    if (fitting > 1)
      add(faults, " fits " + std::to_string(fitting) +
                      " of the alternatives of `oneOf`, and must fit just one.");
  }
  if (node.none_of && fits(v, *node.none_of)) add(faults, " is what `not` forbids.");
  if (!node.if_) return;
  auto const next = fits(v, *node.if_) ? node.then_ : node.else_;
  if (next) value(v, *next, faults);
}

}  // namespace

std::vector<JsonSchema::Fault> JsonSchema::check(Json const& value) const {
  Faults faults;
  Check check(nodes_);
  check.value(value, 0, faults);
  if (!check.exhausted()) return faults;
  return {{.pointer = "",
           .message = "The value is too large or too deep for its schema to be "
                      "checked against it."}};
}

}  // namespace fairlead::workflow
