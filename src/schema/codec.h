// Codec: decodes, encodes and describes one type; the door is decode<T>(), encode() and
// json_schema<T>().
//
// There are codecs for bool, std::int64_t, double, std::string, Secret, Json, enums with
// enum_names(), std::vector, std::map<std::string, T>, std::optional (need not be given), Change
// (leave / set / clear) and every struct with fields(). Other types specialise Codec: references to
// projects or users do so in gitlab/. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "schema/change.h"
#include "schema/describe.h"
#include "schema/field.h"
#include "schema/reader.h"

namespace fairlead::schema {

// A specialisation has:
//   static void decode(Json const& json, T& out, Reader& reader);  // problems go to the reader
//   static Json encode(T const& value);
//   static Json schema(Unknown unknown);
template <class T>
struct Codec;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_change = false;
template <class T>
inline constexpr bool is_change<Change<T>> = true;

// -- leaves --

template <class T>
struct LeafCodec {
  static void decode(Json const& json, T& out, Reader& reader) { reader.read(json, out); }
  static Json encode(T const& value) { return value; }
};

template <>
struct Codec<bool> : LeafCodec<bool> {
  static Json schema(Unknown) { return simple_schema("boolean"); }
};
template <>
struct Codec<std::int64_t> : LeafCodec<std::int64_t> {
  static Json schema(Unknown) { return simple_schema("integer"); }
};
template <>
struct Codec<double> : LeafCodec<double> {
  static Json schema(Unknown) { return simple_schema("number"); }
};
template <>
struct Codec<std::string> : LeafCodec<std::string> {
  static Json schema(Unknown) { return simple_schema("string"); }
};

// Anything.
template <>
struct Codec<Json> {
  static void decode(Json const& json, Json& out, Reader&) { out = json; }
  static Json encode(Json const& value) { return value; }
  static Json schema(Unknown) { return Json::object(); }
};

// Goes in, never out.
template <>
struct Codec<Secret> {
  static void decode(Json const& json, Secret& out, Reader& reader);
  static Json encode(Secret const& value);
  static Json schema(Unknown unknown);
};

template <NamedEnum E>
struct Codec<E> {
  static constexpr auto words = [] {
    constexpr auto names = enum_names(E{});
    std::array<std::string_view, names.size()> out{};
    for (std::size_t i = 0; i < names.size(); ++i)
      out[i] = names[i].name;
    return out;
  }();
  static void decode(Json const& json, E& out, Reader& reader) {
    std::size_t const index = reader.read_word(json, words);
    if (index < words.size()) out = enum_names(E{})[index].value;
  }
  static Json encode(E value) {
    for (auto const& entry : enum_names(E{})) {
      if (entry.value == value) return entry.name;
    }
    return nullptr;
  }
  static Json schema(Unknown) {
    constexpr auto names = enum_names(E{});
    std::array<std::string_view, names.size()> labels{};
    for (std::size_t i = 0; i < names.size(); ++i)
      labels[i] = names[i].label;
    return enum_schema(words, labels);
  }
};

// -- containers --

template <class T>
struct Codec<std::vector<T>> {
  static void decode(Json const& json, std::vector<T>& out, Reader& reader) {
    if (!reader.open_array(json)) return;
    out.clear();
    out.reserve(json.size());
    for (std::size_t i = 0; i < json.size(); ++i) {
      auto const inside = reader.enter(i);
      T item{};
      Codec<T>::decode(json.at(i), item, reader);
      out.push_back(std::move(item));
    }
  }
  static Json encode(std::vector<T> const& value) {
    Json json = Json::array();
    for (T const& item : value)
      json.push_back(Codec<T>::encode(item));
    return json;
  }
  static Json schema(Unknown unknown) {
    Json json = simple_schema("array");
    json.set("items", Codec<T>::schema(unknown));
    return json;
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static void decode(Json const& json, std::map<std::string, T>& out, Reader& reader) {
    if (!reader.open_object(json)) return;
    out.clear();
    for (auto const& [name, value] : json.members()) {
      auto const inside = reader.enter(name);
      Codec<T>::decode(value, out[name], reader);
    }
  }
  static Json encode(std::map<std::string, T> const& value) {
    Json json = Json::object();
    for (auto const& [name, item] : value)
      json.set(name, Codec<T>::encode(item));
    return json;
  }
  static Json schema(Unknown unknown) {
    Json json = simple_schema("object");
    json.set("additionalProperties", Codec<T>::schema(unknown));
    return json;
  }
};

template <class T>
struct Codec<std::optional<T>> {
  static void decode(Json const& json, std::optional<T>& out, Reader& reader) {
    if (json.is_null()) return out.reset();
    Codec<T>::decode(json, out.emplace(), reader);
  }
  static Json encode(std::optional<T> const& value) {
    return value ? Codec<T>::encode(*value) : Json(nullptr);
  }
  static Json schema(Unknown unknown) { return Codec<T>::schema(unknown); }
};

template <class T>
struct Codec<Change<T>> {
  static void decode(Json const& json, Change<T>& out, Reader& reader) {
    if (json.is_null()) {
      out = Change<T>::cleared();
      return;
    }
    T value{};
    Codec<T>::decode(json, value, reader);
    out = Change<T>::to(std::move(value));
  }
  static Json encode(Change<T> const& change) {
    return change.sets() ? Codec<T>::encode(*change.value) : Json(nullptr);
  }
  static Json schema(Unknown unknown) { return nullable_schema(Codec<T>::schema(unknown)); }
};

// -- structs --

template <Described T>
struct Codec<T> {
  static void decode(Json const& json, T& out, Reader& reader) {
    static_assert(every_member_has_a_field<T>());
    if (!reader.open_object(json)) return;
    static constexpr auto names = field_names<T>();
    if constexpr (!has_rest<T>()) reader.check_names(json, names);
    std::apply([&](auto const&... f) { (decode_field(f, json, out, reader), ...); }, T::fields());
  }

  static Json encode(T const& value) {
    Json json = Json::object();
    std::apply([&](auto const&... f) { (start_from_rest(f, value, json), ...); }, T::fields());
    std::apply([&](auto const&... f) { (encode_field(f, value, json), ...); }, T::fields());
    return json;
  }

  static Json schema(Unknown unknown) {
    static_assert(every_member_has_a_field<T>());
    std::vector<FieldSchema> list;
    T const defaults{};
    std::apply([&](auto const&... f) { (describe_field(f, defaults, unknown, list), ...); },
               T::fields());
    return object_schema(list, has_rest<T>() ? Unknown::welcome : unknown);
  }

 private:
  template <class M>
  static constexpr bool may_be_absent(FieldOptions const& options) {
    return is_optional<M> || is_change<M> || options.defaulted;
  }

  template <class M>
  static void decode_field(Field<T, M> const& f, Json const& json, T& out, Reader& reader) {
    Json const* value = json.find(f.name);
    bool const given = value != nullptr && (!value->is_null() || is_change<M>);
    if (!given) {
      if (!may_be_absent<M>(f.options)) reader.missing(f.name, value);
      return;
    }
    auto const inside = reader.enter(f.name);
    std::size_t const problems = reader.problem_count();
    Codec<M>::decode(*value, out.*f.member, reader);
    if (reader.problem_count() == problems) reader.check_limits(*value, f.options);
  }
  static void decode_field(Rest<T> const& f, Json const& json, T& out, Reader&) {
    out.*f.member = json;
  }

  template <class M>
  static void start_from_rest(Field<T, M> const&, T const&, Json&) {}
  static void start_from_rest(Rest<T> const& f, T const& value, Json& json) {
    if ((value.*f.member).is_object()) json = value.*f.member;
  }

  template <class M>
  static void encode_field(Field<T, M> const& f, T const& value, Json& json) {
    M const& member = value.*f.member;
    if constexpr (is_optional<M>) {
      if (!member.has_value()) return;
    }
    if constexpr (is_change<M>) {
      if (member.leaves()) return;
    }
    json.set(f.name, Codec<M>::encode(member));
  }
  static void encode_field(Rest<T> const&, T const&, Json&) {}

  template <class M>
  static void describe_field(Field<T, M> const& f, T const& defaults, Unknown unknown,
                             std::vector<FieldSchema>& list) {
    FieldSchema entry{.name = f.name, .options = f.options, .type = Codec<M>::schema(unknown)};
    if (may_be_absent<M>(f.options)) entry.presence = FieldSchema::Presence::optional;
    if (f.options.defaulted) entry.default_value = Codec<M>::encode(defaults.*f.member);
    list.push_back(std::move(entry));
  }
  static void describe_field(Rest<T> const&, T const&, Unknown, std::vector<FieldSchema>&) {}
};

// -- the door --

// Strict, for inputs. invalid_input: `where` names the field, `details.problems` lists all if there
// are several.
template <class T>
Result<T> decode(Json const& json) {
  T out{};
  Reader reader(Unknown::refused);
  Codec<T>::decode(json, out, reader);
  FAIRLEAD_CHECK(reader.finish());
  return out;
}

// Lenient, for GitLab's answers: unknown fields are welcome, what is declared and not optional must
// be there. corrupt.
template <class T>
Result<T> decode_answer(Json const& json) {
  T out{};
  Reader reader(Unknown::welcome);
  Codec<T>::decode(json, out, reader);
  FAIRLEAD_CHECK(reader.finish());
  return out;
}

template <class T>
Json encode(T const& value) {
  return Codec<T>::encode(value);
}

// JSON Schema 2020-12 of an input (unknown fields refused) or an answer (welcome).
template <class T>
Json json_schema(Unknown unknown) {
  Json json = Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"}});
  Json const type = Codec<T>::schema(unknown);
  for (auto const& [name, value] : type.members())
    json.set(name, value);
  return json;
}

}  // namespace fairlead::schema
