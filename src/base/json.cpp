#include "base/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <numeric>

namespace fairlead {
namespace {

std::string const no_text;
Json::Array const no_items;
Json::Object const no_members;
Json const null_json;

// Below this, comparing every pair is faster than sorting.
constexpr std::size_t small_object_members = 16;

// Positions of the members, ordered by name; equal names stay in written order.
std::vector<std::size_t> order_by_name(Json::Object const& members) {
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return members[a].first < members[b].first;
  });
  return order;
}

// Keeps the place of the first member of a name and the value of the last.
void merge_duplicates_small(Json::Object& members) {
  for (std::size_t i = 1; i < members.size();) {
    auto const here = members.begin() + static_cast<std::ptrdiff_t>(i);
    auto const earlier =
        std::find_if(members.begin(), here, [&](auto const& m) { return m.first == here->first; });
    if (earlier == here) {
      ++i;
      continue;
    }
    earlier->second = std::move(here->second);
    members.erase(here);
  }
}

void merge_duplicates(Json::Object& members) {
  if (members.size() <= small_object_members) return merge_duplicates_small(members);
  std::vector<std::size_t> const order = order_by_name(members);
  std::vector<bool> repeated(members.size());
  std::size_t first = order.front();
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (members[order[i]].first != members[first].first) {
      first = order[i];
      continue;
    }
    members[first].second = std::move(members[order[i]].second);
    repeated[order[i]] = true;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (repeated[i]) continue;
    if (kept != i) members[kept] = std::move(members[i]);
    ++kept;
  }
  members.resize(kept);
}

bool same_members(Json::Object const& a, Json::Object const& b) {
  if (a.size() != b.size()) return false;
  bool const same_order =
      std::equal(a.begin(), a.end(), b.begin(),
                 [](auto const& x, auto const& y) { return x.first == y.first; });
  if (same_order) {
    return std::equal(a.begin(), a.end(), b.begin(),
                      [](auto const& x, auto const& y) { return x.second == y.second; });
  }
  std::vector<std::size_t> const order_a = order_by_name(a);
  std::vector<std::size_t> const order_b = order_by_name(b);
  return std::equal(order_a.begin(), order_a.end(), order_b.begin(),
                    [&](std::size_t i, std::size_t j) {
                      return a[i].first == b[j].first && a[i].second == b[j].second;
                    });
}

constexpr double two_to_63 = 9'223'372'036'854'775'808.0;

// The integer that a double is exactly, if it is one of 64 bits.
bool exact_integer(double number, std::int64_t& out) {
  if (!(number >= -two_to_63 && number < two_to_63) || number != std::floor(number)) return false;
  out = static_cast<std::int64_t>(number);
  return true;
}

bool same_number(std::int64_t integer, double number) {
  std::int64_t exact = 0;
  return exact_integer(number, exact) && exact == integer;
}

// One reference token with ~1 and ~0 decoded.
std::string decode_pointer_token(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    bool const escape = token[i] == '~' && i + 1 < token.size();
    if (escape && (token[i + 1] == '0' || token[i + 1] == '1')) {
      out += token[++i] == '0' ? '~' : '/';
    } else {
      out += token[i];
    }
  }
  return out;
}

// RFC 6901 4: digits without a leading zero.
Json const* element(Json::Array const& items, std::string_view token) {
  std::size_t index = 0;
  auto const end = token.data() + token.size();
  auto const [stop, error] = std::from_chars(token.data(), end, index);
  bool const leading_zero = token.size() > 1 && token.front() == '0';
  if (error != std::errc() || stop != end || leading_zero || index >= items.size()) return nullptr;
  return &items[index];
}

}  // namespace

Json Json::object(std::initializer_list<Member> members) { return from_object(Object(members)); }

Json Json::from_object(Object members) {
  merge_duplicates(members);
  Json json;
  json.data_ = ObjectBox{std::move(members)};
  return json;
}

bool Json::as_bool(bool fallback) const {
  auto const* value = std::get_if<bool>(&data_);
  return value != nullptr ? *value : fallback;
}

std::int64_t Json::as_integer(std::int64_t fallback) const {
  if (auto const* value = std::get_if<std::int64_t>(&data_)) return *value;
  std::int64_t exact = 0;
  auto const* number = std::get_if<double>(&data_);
  return number != nullptr && exact_integer(*number, exact) ? exact : fallback;
}

double Json::as_number(double fallback) const {
  if (auto const* value = std::get_if<double>(&data_)) return *value;
  auto const* integer = std::get_if<std::int64_t>(&data_);
  return integer != nullptr ? static_cast<double>(*integer) : fallback;
}

std::string const& Json::as_string() const {
  auto const* value = std::get_if<std::string>(&data_);
  return value != nullptr ? *value : no_text;
}

std::string Json::string_or(std::string_view fallback) const {
  return is_string() ? as_string() : std::string(fallback);
}

Json::Array const& Json::items() const {
  auto const* value = std::get_if<Array>(&data_);
  return value != nullptr ? *value : no_items;
}

Json::Object const& Json::members() const {
  auto const* value = std::get_if<ObjectBox>(&data_);
  return value != nullptr ? value->members : no_members;
}

Json::Array& Json::make_array() {
  if (!is_array()) data_ = Array{};
  return std::get<Array>(data_);
}

Json::Object& Json::make_object() {
  if (!is_object()) data_ = ObjectBox{};
  return std::get<ObjectBox>(data_).members;
}

Json const& Json::operator[](std::string_view name) const {
  Json const* value = find(name);
  return value != nullptr ? *value : null_json;
}

Json const& Json::at(std::size_t index) const {
  Array const& all = items();
  return index < all.size() ? all[index] : null_json;
}

Json const* Json::find(std::string_view name) const {
  for (Member const& member : members()) {
    if (member.first == name) return &member.second;
  }
  return nullptr;
}

Json* Json::find(std::string_view name) {
  if (!is_object()) return nullptr;
  for (Member& member : make_object()) {
    if (member.first == name) return &member.second;
  }
  return nullptr;
}

Json& Json::set(std::string_view name, Json value) {
  if (Json* present = find(name)) {
    *present = std::move(value);
    return *present;
  }
  return make_object().emplace_back(std::string(name), std::move(value)).second;
}

bool Json::erase(std::string_view name) {
  if (!is_object()) return false;
  return std::erase_if(make_object(), [&](Member const& m) { return m.first == name; }) > 0;
}

void Json::push_back(Json value) { make_array().push_back(std::move(value)); }

std::size_t Json::size() const { return is_array() ? items().size() : members().size(); }

Json const* Json::pointer(std::string_view path) const {
  Json const* here = this;
  while (!path.empty()) {
    if (path.front() != '/') return nullptr;
    path.remove_prefix(1);
    std::string const token = decode_pointer_token(path.substr(0, path.find('/')));
    path.remove_prefix(std::min(path.find('/'), path.size()));
    here = here->is_array() ? element(here->items(), token) : here->find(token);
    if (here == nullptr) return nullptr;
  }
  return here;
}

bool operator==(Json const& a, Json const& b) {
  using Type = Json::Type;
  if (a.type() == Type::integer && b.type() == Type::number) {
    return same_number(a.as_integer(), b.as_number());
  }
  if (a.type() == Type::number && b.type() == Type::integer) return b == a;
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case Type::null:
      return true;
    case Type::boolean:
      return a.as_bool() == b.as_bool();
    case Type::integer:
      return a.as_integer() == b.as_integer();
    case Type::number:
      return a.as_number() == b.as_number();
    case Type::string:
      return a.as_string() == b.as_string();
    case Type::array:
      return a.items() == b.items();
    case Type::object:
      return same_members(a.members(), b.members());
  }
  return false;
}

std::string pointer_token(std::string_view name) {
  std::string out;
  for (char const c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace fairlead
