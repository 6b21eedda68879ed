#include "api/type_words.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.h"

namespace fairlead::api {
namespace {

constexpr int depth_max = 32;
constexpr std::string_view component_prefix = "#/components/schemas/";

struct Simple {
  std::string_view word;
  std::string_view type;
  std::string_view format;
};
constexpr std::array simple_types{
    Simple{"string", "string", ""},
    Simple{"integer", "integer", ""},
    Simple{"number", "number", ""},
    Simple{"boolean", "boolean", ""},
    Simple{"null", "null", ""},
    Simple{"any", "", ""},
    Simple{"time", "string", "date-time"},
    Simple{"url", "string", "uri-reference"},
};

Json simple_schema(Simple const& simple) {
  Json schema = Json::object();
  if (!simple.type.empty()) schema.set("type", simple.type);
  if (!simple.format.empty()) schema.set("format", simple.format);
  return schema;
}

class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  Result<Json> type(int depth) {
    if (depth > depth_max) return wrong("fewer levels");
    Json kinds = Json::array();
    do {
      FAIRLEAD_TRY(auto kind, term(depth));
      kinds.push_back(std::move(kind));
    } while (take('|'));
    if (kinds.size() == 1) return kinds.at(0);
    return merged(kinds);
  }

  // name?: type, ... up to `end` (0: the end of the text) or "...".
  Result<std::vector<NamedType>> members(char end, int depth) {
    std::vector<NamedType> all;
    while (!at_end(end)) {
      if (text_.substr(at_).starts_with("...")) {
        at_ += 3;
        open_ = true;
        break;
      }
      NamedType member;
      member.name = name();
      if (member.name.empty()) return wrong("a name");
      member.optional = take('?');
      if (!take(':')) return wrong("a colon");
      FAIRLEAD_TRY(member.schema, type(depth + 1));
      all.push_back(std::move(member));
      if (!take(',')) break;
    }
    return all;
  }

  bool at_end(char end) {
    skip();
    return at_ >= text_.size() || (end != 0 && text_[at_] == end);
  }
  Error wrong(std::string_view expected) {
    return make_error(ErrorKind::invalid_input,
                      "Expected " + std::string(expected) + " at \"" +
                          std::string(text_.substr(std::min(at_, text_.size()), 24)) + "\".");
  }

 private:
  // 'a' | 'b' becomes an enum; string | null a list of types; the rest anyOf.
  static Json merged(Json const& kinds) {
    Json values = Json::array();
    Json types = Json::array();
    for (auto const& kind : kinds.items()) {
      if (kind.contains("const")) values.push_back(kind["const"]);
      if (kind.size() == 1 && kind["type"].is_string()) types.push_back(kind["type"]);
    }
    if (values.size() == kinds.size()) return Json::object({{"type", "string"}, {"enum", values}});
    if (types.size() == kinds.size()) return Json::object({{"type", types}});
    return Json::object({{"anyOf", kinds}});
  }

  Result<Json> term(int depth) {
    skip();
    if (take('{')) return object(depth);
    if (take('[')) return array(depth);
    if (take('\'')) return literal();
    std::string_view const word = name();
    if (word.empty()) return wrong("a type");
    auto const simple = std::find_if(simple_types.begin(), simple_types.end(),
                                     [&](Simple const& each) { return each.word == word; });
    if (simple != simple_types.end()) return simple_schema(*simple);
    if (std::isupper(static_cast<unsigned char>(word.front())) == 0) return wrong("a type");
    return Json::object({{"$ref", std::string(component_prefix) + std::string(word)}});
  }

  Result<Json> array(int depth) {
    FAIRLEAD_TRY(auto items, type(depth + 1));
    if (!take(']')) return wrong("]");
    return Json::object({{"type", "array"}, {"items", std::move(items)}});
  }

  Result<Json> literal() {
    auto const end = text_.find('\'', at_);
    if (end == std::string_view::npos) return wrong("'");
    std::string const value(text_.substr(at_, end - at_));
    at_ = end + 1;
    return Json::object({{"const", value}});
  }

  Result<Json> object(int depth) {
    Json schema = Json::object({{"type", "object"}});
    if (take('*')) {
      if (!take(':')) return wrong("a colon");
      FAIRLEAD_TRY(auto values, type(depth + 1));
      schema.set("additionalProperties", std::move(values));
    } else {
      bool const outer = std::exchange(open_, false);
      FAIRLEAD_TRY(auto all, members('}', depth));
      bool const open = std::exchange(open_, outer);
      Json properties = Json::object();
      Json required = Json::array();
      for (auto& member : all) {
        if (!member.optional) required.push_back(std::string(member.name));
        properties.set(member.name, std::move(member.schema));
      }
      schema.set("properties", std::move(properties));
      if (!required.empty()) schema.set("required", std::move(required));
      schema.set("additionalProperties", open);
    }
    if (!take('}')) return wrong("}");
    return schema;
  }

  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0)
      ++at_;
  }
  bool take(char wanted) {
    skip();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  std::string_view name() {
    skip();
    std::size_t const from = at_;
    auto fits = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '-';
    };
    while (at_ < text_.size() && fits(text_[at_]))
      ++at_;
    return text_.substr(from, at_ - from);
  }

  std::string_view text_;
  std::size_t at_{0};
  bool open_{false};
};

bool is_of(std::string const& type, Json const& value) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

bool type_fits(Json const& type, Json const& value) {
  if (type.is_null()) return true;
  if (type.is_string()) return is_of(type.as_string(), value);
  return std::any_of(type.items().begin(), type.items().end(),
                     [&](Json const& each) { return is_of(each.as_string(), value); });
}

std::string member_misfit(Json const& schema, Json const& value, Json const& components,
                          std::string const& at) {
  for (auto const& name : schema["required"].items())
    if (!value.contains(name.as_string())) return at + "/" + name.as_string() + " is missing";
  Json const& rest = schema["additionalProperties"];
  for (auto const& [name, member] : value.members()) {
    Json const* known = schema["properties"].find(name);
    if (known == nullptr && rest == Json(false)) return at + "/" + name + " is not described";
    std::string const found =
        misfit(known != nullptr ? *known : rest, member, components, at + "/" + name);
    if (!found.empty()) return found;
  }
  return "";
}

// Whether the object says by a member of one value ("kind") that it is such a one.
bool is_kind_of(Json const& schema, Json const& value) {
  for (auto const& [name, member] : schema["properties"].members())
    if (member.contains("const") && value[name] == member["const"]) return true;
  return false;
}

}  // namespace

Result<Json> schema_of(std::string_view words) {
  Words reader(words);
  FAIRLEAD_TRY(auto schema, reader.type(0));
  if (!reader.at_end(0)) return reader.wrong("the end");
  return schema;
}

Result<std::vector<NamedType>> members_of(std::string_view words) {
  Words reader(words);
  FAIRLEAD_TRY(auto all, reader.members(0, 0));
  if (!reader.at_end(0)) return reader.wrong("the end");
  return all;
}

std::string misfit(Json const& schema, Json const& value, Json const& components,
                   std::string const& at) {
  if (auto const* name = schema.find("$ref")) {
    std::string const key = name->as_string().substr(component_prefix.size());
    Json const* target = components.find(key);
    return target == nullptr ? "no component " + key : misfit(*target, value, components, at);
  }
  if (auto const* kinds = schema.find("anyOf")) {
    // Of several kinds, what is wrong with the one that is meant: its words name the kind.
    std::string best;
    for (auto const& kind : kinds->items()) {
      std::string found = misfit(kind, value, components, at);
      if (found.empty()) return "";
      bool const meant = is_kind_of(kind, value);
      if (best.empty() || meant) best = std::move(found);
    }
    return best;
  }
  if (!type_fits(schema["type"], value))
    return at + " is not of type " + schema["type"].dump() + ": " + value.dump().substr(0, 80);
  auto const& values = schema["enum"].items();
  if (!values.empty() && std::find(values.begin(), values.end(), value) == values.end())
    return at + " is none of " + schema["enum"].dump() + ": " + value.dump();
  if (schema.contains("const") && !(schema["const"] == value))
    return at + " is not " + schema["const"].dump();
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      std::string found =
          misfit(schema["items"], value.at(i), components, at + "/" + std::to_string(i));
      if (!found.empty()) return found;
    }
  }
  return value.is_object() ? member_misfit(schema, value, components, at) : "";
}

}  // namespace fairlead::api
