#include "schema/reader.h"

#include <cmath>

#include "base/text.h"

namespace fairlead::schema {
namespace {

constexpr std::size_t shown_code_points_max = 60;
constexpr std::size_t listed_names_max = 40;

std::string listed(std::span<std::string_view const> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < listed_names_max; ++i) {
    out += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  return names.size() > listed_names_max ? out + ", ..." : out;
}

std::string hint(std::string_view name, std::span<std::string_view const> names) {
  std::vector<std::string> const candidates(names.begin(), names.end());
  if (auto const nearest = nearest_name(name, candidates))
    return "; did you mean " + *nearest + "?";
  return "";
}

std::string counted(std::int64_t count, std::string_view noun) {
  return with_thousands(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace

std::string shown(Json const& json) {
  switch (json.type()) {
    case Json::Type::object:
      return "an object";
    case Json::Type::array:
      return "a list";
    case Json::Type::string:
      return "\"" + shorten(json.as_string(), shown_code_points_max) + "\"";
    default:
      return json.dump();
  }
}

Reader::Inside Reader::enter(std::string_view member) {
  std::size_t const length = path_.size();
  if (!path_.empty()) path_ += '.';
  path_ += member;
  return {*this, length};
}

Reader::Inside Reader::enter(std::size_t index) {
  std::size_t const length = path_.size();
  path_ += '[' + std::to_string(index) + ']';
  return {*this, length};
}

void Reader::fail(std::string message) {
  if (problems_.size() < problems_max) problems_.push_back({path_, std::move(message)});
}

void Reader::wrong_type(std::string_view wanted, Json const& got) {
  fail("must be " + std::string(wanted) + ", not " + shown(got));
}

bool Reader::read(Json const& json, bool& out) {
  if (!json.is_bool()) return wrong_type("true or false", json), false;
  out = json.as_bool();
  return true;
}

bool Reader::read(Json const& json, std::int64_t& out) {
  bool const whole =
      json.is_integer() || (json.is_number() && json.as_number() == std::floor(json.as_number()) &&
                            std::abs(json.as_number()) < 9e15);
  if (!whole) return wrong_type("a whole number", json), false;
  out = json.as_integer();
  return true;
}

bool Reader::read(Json const& json, double& out) {
  if (!json.is_number()) return wrong_type("a number", json), false;
  out = json.as_number();
  return true;
}

bool Reader::read(Json const& json, std::string& out) {
  if (!json.is_string()) return wrong_type("a text", json), false;
  out = json.as_string();
  return true;
}

bool Reader::open_object(Json const& json) {
  if (!json.is_object()) return wrong_type("an object", json), false;
  return true;
}

bool Reader::open_array(Json const& json) {
  if (!json.is_array()) return wrong_type("a list", json), false;
  return true;
}

std::size_t Reader::read_word(Json const& json, std::span<std::string_view const> names) {
  if (json.is_string()) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == json.as_string()) return i;
    }
  }
  std::string const guess = json.is_string() ? hint(json.as_string(), names) : "";
  fail("must be one of " + listed(names) + ", not " + shown(json) + guess);
  return names.size();
}

void Reader::check_names(Json const& json, std::span<std::string_view const> names) {
  if (unknown_ == Unknown::welcome) return;
  for (auto const& [name, value] : json.members()) {
    bool known = false;
    for (std::string_view const candidate : names)
      known = known || candidate == name;
    if (known) continue;
    std::string guess = hint(name, names);
    if (guess.empty())
      guess = names.empty() ? "; there are none" : "; the fields are " + listed(names);
    auto const inside = enter(shorten(name, shown_code_points_max));
    fail("is not a field" + guess);
  }
}

void Reader::check_limits(Json const& json, FieldOptions const& options) {
  if (json.is_number()) {
    double const value = json.as_number();
    if (options.minimum && value < static_cast<double>(*options.minimum)) {
      return fail("must be at least " + std::to_string(*options.minimum) + ", not " + shown(json));
    }
    if (options.maximum && value > static_cast<double>(*options.maximum)) {
      return fail("must be at most " + std::to_string(*options.maximum) + ", not " + shown(json));
    }
  }
  if (json.is_string()) {
    std::string const& text = json.as_string();
    auto const length = static_cast<std::int64_t>(code_points(text));
    if (options.min_length && length < *options.min_length) {
      return fail(length == 0 ? "is empty"
                              : "must have at least " + counted(*options.min_length, "character"));
    }
    if (options.max_length && length > *options.max_length) {
      return fail("is too long: " + counted(length, "character") + ", at most " +
                  with_thousands(*options.max_length));
    }
    if (options.pattern.matches != nullptr && !options.pattern.matches(text)) {
      return wrong_type(options.pattern.words, json);
    }
  }
  if (json.is_array()) {
    auto const count = static_cast<std::int64_t>(json.size());
    if (options.min_items && count < *options.min_items) {
      return fail("must have at least " + counted(*options.min_items, "item"));
    }
    if (options.max_items && count > *options.max_items) {
      return fail("has " + counted(count, "item") + ", at most " +
                  with_thousands(*options.max_items) + " are taken");
    }
  }
}

void Reader::missing(std::string_view name, Json const* value) {
  auto const inside = enter(name);
  fail(value == nullptr ? "is missing" : "must not be null");
}

Result<void> Reader::finish() const {
  if (problems_.empty()) return {};
  Json list = Json::array();
  for (Problem const& problem : problems_) {
    list.push_back(Json::object({{"where", problem.where}, {"message", problem.message}}));
  }
  Problem const& first = problems_.front();
  Error error = invalid_input(first.where, first.message);
  if (first.where.empty()) error.message = "the input " + first.message;
  if (unknown_ == Unknown::welcome) {
    error.kind = ErrorKind::corrupt;
    error.message =
        "GitLab's answer is not as documented: " + (first.where.empty() ? "it" : first.where) +
        " " + first.message;
    error.where.clear();
    error.cause = "This GitLab is of another version than was tested, or a proxy changes answers.";
    error.remedy = "Try the same call in GitLab's own API; report it with GitLab's version.";
  }
  if (problems_.size() > 1) error.details = Json::object({{"problems", std::move(list)}});
  return error;
}

}  // namespace fairlead::schema
