// Json: the one value type for data whose shape is known only at run time.
//
// Keeps the order of object keys (people read these documents), keeps 64-bit integers exact (GitLab
// ids), and is cheap to include: the parser (Boost.JSON's streaming one) lives in json.cpp. Reading
// a missing key gives null and never throws; typed input is decoded by schema/, not here. Value
// type; no thread rule beyond that of any value.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace fairlead {

template <class T>
class Result;

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  // Members in written order; names are unique.
  using Object = std::vector<Member>;
  enum class Type { null, boolean, integer, number, string, array, object };

  Json() {}  // NOLINT: not defaulted, or clang takes pairs of Json for not default constructible
  Json(std::nullptr_t) {}  // NOLINT: implicit on purpose, as are the next ones
  template <class B>
  requires std::is_same_v<B, bool> Json(B value) : data_(value) {}  // NOLINT
  template <class I>
  requires(std::is_integral_v<I> && !std::is_same_v<I, bool>) Json(I value)
      : data_(static_cast<std::int64_t>(value)) {}             // NOLINT
  Json(double value) : data_(value) {}                         // NOLINT
  Json(std::string value) : data_(std::move(value)) {}         // NOLINT
  Json(std::string_view value) : data_(std::string(value)) {}  // NOLINT
  Json(char const* value) : data_(std::string(value)) {}       // NOLINT
  Json(Array value) : data_(std::move(value)) {}               // NOLINT

  static Json object() { return from_object({}); }
  // Later members of one name win, as in parse().
  static Json object(std::initializer_list<Member> members);
  static Json from_object(Object members);
  static Json array() { return Json(Array{}); }
  static Json array(std::initializer_list<Json> items) { return Json(Array(items)); }

  [[nodiscard]] Type type() const { return static_cast<Type>(data_.index()); }
  [[nodiscard]] bool is_null() const { return type() == Type::null; }
  [[nodiscard]] bool is_bool() const { return type() == Type::boolean; }
  [[nodiscard]] bool is_integer() const { return type() == Type::integer; }
  [[nodiscard]] bool is_number() const { return type() == Type::integer || type() == Type::number; }
  [[nodiscard]] bool is_string() const { return type() == Type::string; }
  [[nodiscard]] bool is_array() const { return type() == Type::array; }
  [[nodiscard]] bool is_object() const { return type() == Type::object; }

  // Lenient readers: the fallback if the type is another one. as_integer takes 3.0 for 3.
  [[nodiscard]] bool as_bool(bool fallback = false) const;
  [[nodiscard]] std::int64_t as_integer(std::int64_t fallback = 0) const;
  [[nodiscard]] double as_number(double fallback = 0) const;
  // Empty for what is not a string.
  [[nodiscard]] std::string const& as_string() const;
  [[nodiscard]] std::string string_or(std::string_view fallback) const;
  // Empty for what is not an array / object.
  [[nodiscard]] Array const& items() const;
  [[nodiscard]] Object const& members() const;
  // The array / object inside; a value of another type is replaced by an empty one.
  Array& make_array();
  Object& make_object();

  // Member by name, or null (never throws); of a non-object: null.
  Json const& operator[](std::string_view name) const;
  Json const& operator[](char const* name) const { return (*this)[std::string_view(name)]; }
  // Element by index, or null.
  [[nodiscard]] Json const& at(std::size_t index) const;
  [[nodiscard]] bool contains(std::string_view name) const { return find(name) != nullptr; }
  [[nodiscard]] Json const* find(std::string_view name) const;
  Json* find(std::string_view name);
  // Adds or replaces a member in place and returns it; a non-object becomes an object first.
  Json& set(std::string_view name, Json value);
  bool erase(std::string_view name);
  // Appends; a non-array becomes an array first.
  void push_back(Json value);
  // Number of items or members; 0 for others.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }

  // RFC 6901 pointer ("/do/1/x~1y"); nullptr if there is nothing.
  [[nodiscard]] Json const* pointer(std::string_view path) const;

  // Deep; object members compare without regard to order, 1 equals 1.0.
  friend bool operator==(Json const& a, Json const& b);

  // Strict RFC 8259. Errors: invalid_input with "line l, column c" in `where`; more than
  // `depth_max` levels or trailing text is one. Values of ours that wrap such a document are deeper
  // than it: the store reads them with a higher limit.
  static Result<Json> parse(std::string_view text, std::size_t depth_max = 100);
  // Compact. Doubles by shortest round trip; not-a-number becomes null. Invalid UTF-8 is replaced
  // by U+FFFD.
  [[nodiscard]] std::string dump() const;
  // Indented by two blanks, for people.
  [[nodiscard]] std::string pretty() const;

 private:
  struct ObjectBox {
    Object members;
  };
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, ObjectBox> data_{
      nullptr};
};

// Escapes ~ and / for one RFC 6901 reference token.
std::string pointer_token(std::string_view name);

}  // namespace fairlead
