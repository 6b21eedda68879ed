#include "workflow/json_schema.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.h"
#include "workflow/json_schema_node.h"
#include "workflow/text_format.h"

namespace fairlead::workflow {
namespace {

constexpr std::array<std::string_view, 7> type_names{"null",   "boolean", "integer", "number",
                                                     "string", "array",   "object"};

// Say something about the schema, check nothing.
constexpr std::array<std::string_view, 16> annotations{
    "title",         "description",     "default",
    "examples",      "deprecated",      "readOnly",
    "writeOnly",     "contentEncoding", "contentMediaType",
    "contentSchema", "$schema",         "$comment",
    "$id",           "$anchor",         "then",
    "else"};

struct Refused {
  std::string_view word;
  std::string_view instead;
};
constexpr std::array refused_words{
    Refused{"unevaluatedProperties", "write 'additionalProperties' where the properties stand"},
    Refused{"unevaluatedItems", "write 'items' beside 'prefixItems'"},
    Refused{"$dynamicRef", "write '$ref'"},
    Refused{"$dynamicAnchor", "write '$defs' and '$ref'"},
    Refused{"$recursiveRef", "write '$ref'"},
    Refused{"$recursiveAnchor", "write '$defs' and '$ref'"},
    Refused{"$vocabulary", "leave it out"},
    Refused{"additionalItems", "write 'prefixItems' for the first items and 'items' for the rest"},
    Refused{"dependencies", "write 'dependentRequired' or 'dependentSchemas'"},
    Refused{"nullable", "write 'type: [string, \"null\"]'"},
};

bool is_count(Json const& value) { return value.is_integer() && value.as_integer() >= 0; }

class Compiler;
using Read = void (Compiler::*)(Json const& value, std::string const& at, std::size_t node);
struct Keyword {
  std::string_view word;
  Read read;
};

class Compiler {
 public:
  Compiler(Json const& root, std::vector<SchemaNode>& nodes,
           std::vector<JsonSchema::Refusal>& refusals)
      : root_(root), nodes_(nodes), refusals_(refusals) {}

  std::size_t schema(Json const& value, std::string const& at);

 private:
  static std::span<Keyword const> keywords();
  void member(std::string const& word, Json const& value, std::string const& at, std::size_t node);
  void unknown(std::string const& word, std::string const& at);
  void refuse(std::string const& at, std::string message, std::string word = {},
              std::string nearest = {}) {
    refusals_.push_back({at, std::move(message), std::move(word), std::move(nearest)});
  }
  bool is(Json::Type type, Json const& value, std::string const& at, std::string_view what);
  std::optional<std::size_t> count(Json const& value, std::string const& at);
  std::optional<Json> number(Json const& value, std::string const& at);
  std::optional<SchemaPattern> compiled(std::string const& text, std::string const& at);
  std::vector<std::string> texts(Json const& value, std::string const& at);
  std::vector<std::size_t> schemas(Json const& value, std::string const& at);

  void type(Json const&, std::string const&, std::size_t);
  void enumeration(Json const&, std::string const&, std::size_t);
  void constant(Json const& v, std::string const&, std::size_t n) {
    nodes_[n].words = Json::Array{v};
  }
  void minimum(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].minimum = number(v, at);
  }
  void maximum(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].maximum = number(v, at);
  }
  void above(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].above = number(v, at);
  }
  void below(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].below = number(v, at);
  }
  void multiple(Json const&, std::string const&, std::size_t);
  void min_length(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].length.least = count(v, at);
  }
  void max_length(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].length.most = count(v, at);
  }
  void pattern(Json const&, std::string const&, std::size_t);
  void format(Json const&, std::string const&, std::size_t);
  void min_items(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].items_count.least = count(v, at);
  }
  void max_items(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].items_count.most = count(v, at);
  }
  void unique(Json const& v, std::string const& at, std::size_t n) {
    if (is(Json::Type::boolean, v, at, "true or false")) nodes_[n].unique = v.as_bool();
  }
  void prefix(Json const& v, std::string const& at, std::size_t n) {
    auto read = schemas(v, at);
    nodes_[n].prefix = std::move(read);
  }
  void items(Json const&, std::string const&, std::size_t);
  void contains(Json const& v, std::string const& at, std::size_t n) {
    auto const inner = schema(v, at);
    nodes_[n].contains = inner;
  }
  void min_contains(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].contains_count.least = count(v, at);
  }
  void max_contains(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].contains_count.most = count(v, at);
  }
  void min_members(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].members_count.least = count(v, at);
  }
  void max_members(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].members_count.most = count(v, at);
  }
  void required(Json const& v, std::string const& at, std::size_t n) {
    nodes_[n].required = texts(v, at);
  }
  void properties(Json const&, std::string const&, std::size_t);
  void pattern_properties(Json const&, std::string const&, std::size_t);
  void additional(Json const& v, std::string const& at, std::size_t n) {
    auto const inner = schema(v, at);
    nodes_[n].additional = inner;
  }
  void names(Json const& v, std::string const& at, std::size_t n) {
    auto const inner = schema(v, at);
    nodes_[n].names = inner;
  }
  void dependent_required(Json const&, std::string const&, std::size_t);
  void dependent_schemas(Json const&, std::string const&, std::size_t);
  void all_of(Json const& v, std::string const& at, std::size_t n) {
    auto read = schemas(v, at);
    nodes_[n].all_of = std::move(read);
  }
  void any_of(Json const& v, std::string const& at, std::size_t n) {
    auto read = schemas(v, at);
    nodes_[n].any_of = std::move(read);
  }
  void one_of(Json const& v, std::string const& at, std::size_t n) {
    auto read = schemas(v, at);
    nodes_[n].one_of = std::move(read);
  }
  void none_of(Json const& v, std::string const& at, std::size_t n) {
    auto const inner = schema(v, at);
    nodes_[n].none_of = inner;
  }
  void condition(Json const&, std::string const&, std::size_t);
  void definitions(Json const&, std::string const&, std::size_t);
  void reference(Json const&, std::string const&, std::size_t);
  Json const* anchored(Json const& in, std::string_view name, std::string& at) const;

  Json const& root_;
  std::vector<SchemaNode>& nodes_;
  std::vector<JsonSchema::Refusal>& refusals_;
  std::map<std::string, std::size_t, std::less<>> by_pointer_;
};

std::span<Keyword const> Compiler::keywords() {
  static constexpr std::array all{
      Keyword{"type", &Compiler::type},
      Keyword{"enum", &Compiler::enumeration},
      Keyword{"const", &Compiler::constant},
      Keyword{"minimum", &Compiler::minimum},
      Keyword{"maximum", &Compiler::maximum},
      Keyword{"exclusiveMinimum", &Compiler::above},
      Keyword{"exclusiveMaximum", &Compiler::below},
      Keyword{"multipleOf", &Compiler::multiple},
      Keyword{"minLength", &Compiler::min_length},
      Keyword{"maxLength", &Compiler::max_length},
      Keyword{"pattern", &Compiler::pattern},
      Keyword{"format", &Compiler::format},
      Keyword{"minItems", &Compiler::min_items},
      Keyword{"maxItems", &Compiler::max_items},
      Keyword{"uniqueItems", &Compiler::unique},
      Keyword{"prefixItems", &Compiler::prefix},
      Keyword{"items", &Compiler::items},
      Keyword{"contains", &Compiler::contains},
      Keyword{"minContains", &Compiler::min_contains},
      Keyword{"maxContains", &Compiler::max_contains},
      Keyword{"minProperties", &Compiler::min_members},
      Keyword{"maxProperties", &Compiler::max_members},
      Keyword{"required", &Compiler::required},
      Keyword{"properties", &Compiler::properties},
      Keyword{"patternProperties", &Compiler::pattern_properties},
      Keyword{"additionalProperties", &Compiler::additional},
      Keyword{"propertyNames", &Compiler::names},
      Keyword{"dependentRequired", &Compiler::dependent_required},
      Keyword{"dependentSchemas", &Compiler::dependent_schemas},
      Keyword{"allOf", &Compiler::all_of},
      Keyword{"anyOf", &Compiler::any_of},
      Keyword{"oneOf", &Compiler::one_of},
      Keyword{"not", &Compiler::none_of},
      Keyword{"if", &Compiler::condition},
      Keyword{"$ref", &Compiler::reference},
      Keyword{"$defs", &Compiler::definitions},
      Keyword{"definitions", &Compiler::definitions},
  };
  return all;
}

bool Compiler::is(Json::Type type, Json const& value, std::string const& at,
                  std::string_view what) {
  if (value.type() == type) return true;
  refuse(at,
         "'" + at.substr(at.rfind('/') + 1) + "' of a schema must be " + std::string(what) + ".");
  return false;
}

std::size_t Compiler::schema(Json const& value, std::string const& at) {
  if (auto const known = by_pointer_.find(at); known != by_pointer_.end()) return known->second;
  std::size_t const node = nodes_.size();
  nodes_.emplace_back();
  by_pointer_[at] = node;
  if (node >= schema_nodes_max) {
    if (node == schema_nodes_max) {
      refuse(at,
             "A schema of more than " + std::to_string(schema_nodes_max) + " parts is too large.");
    }
    return node;
  }
  if (value.is_bool()) {
    nodes_[node].never = !value.as_bool();
  } else if (!value.is_object()) {
    refuse(at, "A schema is a mapping, or true or false.");
  }
  for (auto const& [word, inner] : value.members())
    member(word, inner, at, node);
  return node;
}

void Compiler::member(std::string const& word, Json const& value, std::string const& at,
                      std::size_t node) {
  std::string const inside = at + "/" + pointer_token(word);
  if ((word == "then" || word == "else") && !root_.pointer(at)->contains("if")) {
    refuse(inside, "'" + word + "' of a schema means nothing without 'if'.", word);
    return;
  }
  if (std::find(annotations.begin(), annotations.end(), word) != annotations.end() ||
      word.starts_with("x-")) {
    return;
  }
  for (auto const& each : keywords()) {
    if (each.word == word) return (this->*each.read)(value, inside, node);
  }
  unknown(word, inside);
}

void Compiler::unknown(std::string const& word, std::string const& at) {
  for (auto const& each : refused_words) {
    if (each.word != word) continue;
    refuse(at,
           "'" + word + "' of a schema is not checked by this server. Instead: " +
               std::string(each.instead) + ".",
           word);
    return;
  }
  std::vector<std::string> known;
  for (auto const& each : keywords())
    known.emplace_back(each.word);
  known.insert(known.end(), annotations.begin(), annotations.end());
  auto const near = nearest_name(word, known);
  refuse(at,
         "'" + shorten(word, 60) + "' is no keyword of a JSON Schema." +
             (near ? " Did you mean '" + *near + "'?" : std::string()),
         word, near.value_or(""));
}

std::optional<std::size_t> Compiler::count(Json const& value, std::string const& at) {
  if (is_count(value)) return static_cast<std::size_t>(value.as_integer());
  refuse(at,
         "'" + at.substr(at.rfind('/') + 1) + "' of a schema must be 0 or a larger whole number.");
  return std::nullopt;
}

std::optional<Json> Compiler::number(Json const& value, std::string const& at) {
  if (value.is_number()) return value;
  refuse(at, "'" + at.substr(at.rfind('/') + 1) + "' of a schema must be a number.");
  return std::nullopt;
}

void Compiler::multiple(Json const& value, std::string const& at, std::size_t node) {
  if (value.is_number() && value.as_number() > 0) {
    nodes_[node].multiple_of = value;
  } else {
    refuse(at, "'multipleOf' of a schema must be a number above 0.");
  }
}

std::optional<SchemaPattern> Compiler::compiled(std::string const& text, std::string const& at) {
  auto pattern = Pattern::compile(text);
  if (pattern.ok()) return SchemaPattern{std::move(*pattern), text};
  refuse(at,
         "The pattern '" + shorten(text, 60) + "' cannot be checked: " + pattern.error().message);
  return std::nullopt;
}

std::vector<std::string> Compiler::texts(Json const& value, std::string const& at) {
  std::vector<std::string> names;
  if (!is(Json::Type::array, value, at, "a list of names")) return names;
  for (auto const& item : value.items()) {
    if (is(Json::Type::string, item, at, "a list of names")) names.push_back(item.as_string());
  }
  return names;
}

std::vector<std::size_t> Compiler::schemas(Json const& value, std::string const& at) {
  std::vector<std::size_t> all;
  if (!is(Json::Type::array, value, at, "a list of schemas")) return all;
  if (value.empty()) refuse(at, "'" + at.substr(at.rfind('/') + 1) + "' of a schema is empty.");
  for (std::size_t i = 0; i < value.size(); ++i)
    all.push_back(schema(value.at(i), at + "/" + std::to_string(i)));
  return all;
}

void Compiler::type(Json const& value, std::string const& at, std::size_t node) {
  auto const names = value.is_string() ? std::vector{value.as_string()} : texts(value, at);
  std::vector<std::string> const known(type_names.begin(), type_names.end());
  for (auto const& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    auto const near = nearest_name(name, known);
    refuse(at,
           "'" + shorten(name, 40) +
               "' is no type of a JSON Schema: null, boolean, integer, "
               "number, string, array, object.",
           name, near.value_or(""));
  }
  nodes_[node].types = names;
}

void Compiler::enumeration(Json const& value, std::string const& at, std::size_t node) {
  if (is(Json::Type::array, value, at, "a list of values")) nodes_[node].words = value.items();
}

void Compiler::pattern(Json const& value, std::string const& at, std::size_t node) {
  if (is(Json::Type::string, value, at, "a regular expression"))
    nodes_[node].pattern = compiled(value.as_string(), at);
}

void Compiler::format(Json const& value, std::string const& at, std::size_t node) {
  if (!is(Json::Type::string, value, at, "the name of a format")) return;
  nodes_[node].format = value.as_string();
  if (find_text_format(value.as_string()) != nullptr) return;
  std::vector<std::string> known;
  for (auto const& each : text_formats())
    known.emplace_back(each.name);
  auto const near = nearest_name(value.as_string(), known);
  refuse(at,
         "The format '" + shorten(value.as_string(), 40) + "' is not checked by this server. " +
             (near ? "Did you mean '" + *near + "'?"
                   : "Known are: " + join(known, ", ") + ". Instead: write a 'pattern'."),
         value.as_string(), near.value_or(""));
}

void Compiler::items(Json const& value, std::string const& at, std::size_t node) {
  if (value.is_array()) {
    refuse(at, "A list under 'items' is of an older JSON Schema: write 'prefixItems'.", "items",
           "prefixItems");
    return;
  }
  auto const inner = schema(value, at);
  nodes_[node].items = inner;
}

void Compiler::properties(Json const& value, std::string const& at, std::size_t node) {
  if (!is(Json::Type::object, value, at, "a mapping of names to schemas")) return;
  for (auto const& [name, inner] : value.members()) {
    auto const index = schema(inner, at + "/" + pointer_token(name));
    nodes_[node].properties[name] = index;
  }
}

void Compiler::pattern_properties(Json const& value, std::string const& at, std::size_t node) {
  if (!is(Json::Type::object, value, at, "a mapping of patterns to schemas")) return;
  for (auto const& [text, inner] : value.members()) {
    std::string const inside = at + "/" + pointer_token(text);
    auto const index = schema(inner, inside);
    if (auto pattern = compiled(text, inside))
      nodes_[node].pattern_properties.emplace_back(std::move(*pattern), index);
  }
}

void Compiler::dependent_required(Json const& value, std::string const& at, std::size_t node) {
  if (!is(Json::Type::object, value, at, "a mapping of names to lists of names")) return;
  for (auto const& [name, names] : value.members())
    nodes_[node].dependent_required[name] = texts(names, at + "/" + pointer_token(name));
}

void Compiler::dependent_schemas(Json const& value, std::string const& at, std::size_t node) {
  if (!is(Json::Type::object, value, at, "a mapping of names to schemas")) return;
  for (auto const& [name, inner] : value.members()) {
    auto const index = schema(inner, at + "/" + pointer_token(name));
    nodes_[node].dependent_schemas[name] = index;
  }
}

void Compiler::condition(Json const& value, std::string const& at, std::size_t node) {
  std::string const parent = at.substr(0, at.rfind('/'));
  Json const& whole = *root_.pointer(parent);
  auto const if_index = schema(value, at);
  NodeIndex then_index;
  NodeIndex else_index;
  if (auto const* then = whole.find("then")) then_index = schema(*then, parent + "/then");
  if (auto const* otherwise = whole.find("else")) else_index = schema(*otherwise, parent + "/else");
  nodes_[node].if_ = if_index;
  nodes_[node].then_ = then_index;
  nodes_[node].else_ = else_index;
}

// Also those that nothing refers to: a mistake in them is one.
void Compiler::definitions(Json const& value, std::string const& at, std::size_t) {
  if (!is(Json::Type::object, value, at, "a mapping of names to schemas")) return;
  for (auto const& [name, inner] : value.members())
    schema(inner, at + "/" + pointer_token(name));
}

Json const* Compiler::anchored(Json const& in, std::string_view name, std::string& at) const {
  if (in.is_object() && in["$anchor"].is_string() && in["$anchor"].as_string() == name) return &in;
  std::string const here = at;
  for (auto const& [key, inner] : in.members()) {
    at = here + "/" + pointer_token(key);
    if (auto const* found = anchored(inner, name, at)) return found;
  }
  for (std::size_t i = 0; i < in.items().size(); ++i) {
    at = here + "/" + std::to_string(i);
    if (auto const* found = anchored(in.at(i), name, at)) return found;
  }
  at = here;
  return nullptr;
}

void Compiler::reference(Json const& value, std::string const& at, std::size_t node) {
  std::string const& text = value.as_string();
  if (!text.starts_with("#")) {
    refuse(at,
           "'$ref' of a schema must stay inside of it, as in '#/$defs/name': '" +
               shorten(text, 60) + "' is on another server or of another document.",
           text);
    return;
  }
  std::string target = text.substr(1);
  Json const* found = nullptr;
  if (target.empty() || target[0] == '/') {
    found = root_.pointer(target);
  } else {
    std::string const name = std::exchange(target, "");
    found = anchored(root_, name, target);
  }
  if (found == nullptr) {
    refuse(at, "'$ref' names '" + shorten(text, 60) + "', which is not in the schema.", text);
    return;
  }
  auto const index = schema(*found, target);
  nodes_[node].reference = index;
}

}  // namespace

JsonSchema::JsonSchema(Key) {}
JsonSchema::~JsonSchema() = default;

std::shared_ptr<JsonSchema const> JsonSchema::compile(Json schema, std::vector<Refusal>& refusals) {
  auto made = std::make_shared<JsonSchema>(Key());
  made->source_ = std::move(schema);
  auto const before = refusals.size();
  Compiler(made->source_, made->nodes_, refusals).schema(made->source_, "");
  if (refusals.size() > before) return nullptr;
  return made;
}

Json to_json(std::vector<JsonSchema::Fault> const& faults) {
  Json all = Json::array();
  for (auto const& fault : faults)
    all.push_back(Json::object({{"pointer", fault.pointer}, {"message", fault.message}}));
  return all;
}

std::string in_words(std::vector<JsonSchema::Fault> const& faults) {
  constexpr std::size_t told = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(told, faults.size()); ++i)
    text += (text.empty() ? "" : " ") + faults[i].message;
  if (faults.size() > told) text += " And " + std::to_string(faults.size() - told) + " more.";
  return text;
}

}  // namespace fairlead::workflow
