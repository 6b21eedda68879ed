#include "sandbox/params.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "sandbox/reply.h"

namespace fairlead::sandbox {
namespace {

std::optional<std::int64_t> integer_of(Json const& value) {
  if (value.is_number()) return value.as_integer();
  if (!value.is_string()) return std::nullopt;
  std::string_view const text = trim(value.as_string());
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string joined(std::initializer_list<std::string_view> names) {
  std::vector<std::string> const parts(names.begin(), names.end());
  return join(parts, ", ");
}

std::string scalar_text(Json const& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_null() || value.is_array() || value.is_object()) return {};
  return value.dump();
}

}  // namespace

bool Params::filled(std::string_view name) const {
  Json const& value = values_[name];
  return !value.is_null() && !(value.is_string() && value.as_string().empty());
}

std::string Params::text(std::string_view name) {
  Json const& value = values_[name];
  if (value.is_array() || value.is_object()) complain(std::string(name) + " is invalid");
  return scalar_text(value);
}

std::string Params::text_or(std::string_view name, std::string_view fallback) {
  return filled(name) ? text(name) : std::string(fallback);
}

std::optional<std::int64_t> Params::integer(std::string_view name) {
  if (!filled(name)) return std::nullopt;
  auto const number = integer_of(values_[name]);
  if (!number) complain(std::string(name) + " is invalid");
  return number;
}

std::optional<bool> Params::boolean(std::string_view name) {
  if (!filled(name)) return std::nullopt;
  Json const& value = values_[name];
  if (value.is_bool()) return value.as_bool();
  std::string const text = to_lower_ascii(scalar_text(value));
  for (std::string_view const yes : {"true", "1", "t", "yes", "on"}) {
    if (text == yes) return true;
  }
  for (std::string_view const no : {"false", "0", "f", "no", "off"}) {
    if (text == no) return false;
  }
  complain(std::string(name) + " is invalid");
  return std::nullopt;
}

std::vector<std::string> Params::list(std::string_view name) {
  Json const& value = values_[name];
  std::vector<std::string> out;
  auto const take = [&out](std::string const& text) {
    for (std::string const& part : split(text, ',')) {
      std::string_view const item = trim(part);
      if (!item.empty()) out.emplace_back(item);
    }
  };
  if (value.is_array()) {
    for (Json const& item : value.items())
      take(scalar_text(item));
  } else if (value.is_object()) {
    complain(std::string(name) + " is invalid");
  } else {
    take(scalar_text(value));
  }
  return out;
}

std::vector<std::int64_t> Params::integers(std::string_view name) {
  std::vector<std::int64_t> out;
  for (std::string const& item : list(name)) {
    if (auto const number = integer_of(Json(item))) {
      out.push_back(*number);
    } else {
      complain(std::string(name) + " is invalid");
    }
  }
  return out;
}

std::optional<Time> Params::time(std::string_view name) {
  if (!filled(name)) return std::nullopt;
  std::string text = scalar_text(values_[name]);
  if (valid_date(text)) text += "T00:00:00Z";
  auto const time = parse_time(text);
  if (!time) complain(std::string(name) + " is invalid");
  return time;
}

std::string Params::date(std::string_view name) {
  if (!filled(name)) return {};
  std::string const text = scalar_text(values_[name]);
  std::string const day = text.substr(0, 10);
  if (!valid_date(day)) {
    complain(std::string(name) + " is invalid");
    return {};
  }
  return day;
}

std::string Params::word(std::string_view name, std::string_view fallback,
                         std::initializer_list<std::string_view> words) {
  if (!filled(name)) return std::string(fallback);
  std::string value = scalar_text(values_[name]);
  if (std::find(words.begin(), words.end(), value) == words.end()) {
    complain(std::string(name) + " does not have a valid value");
  }
  return value;
}

void Params::require(std::string_view name) {
  if (!given(name)) {
    complain(std::string(name) + " is missing");
  } else if (!filled(name)) {
    complain(std::string(name) + " is empty");
  }
}

void Params::at_most_one_of(std::initializer_list<std::string_view> names) {
  std::vector<std::string> sent;
  for (std::string_view const name : names) {
    if (given(name)) sent.emplace_back(name);
  }
  if (sent.size() > 1) complain(join(sent, ", ") + " are mutually exclusive");
}

void Params::at_least_one_of(std::initializer_list<std::string_view> names) {
  bool const any =
      std::any_of(names.begin(), names.end(), [this](auto name) { return given(name); });
  if (!any) complain(joined(names) + " are missing, at least one parameter must be provided");
}

Result<void> Params::check() const {
  if (complaints_.empty()) return {};
  return bad_parameters(join(complaints_, ", "));
}

bool valid_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9')) return false;
  }
  auto const number = [text](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  return std::chrono::year_month_day(std::chrono::year(number(0, 4)),
                                     std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                     std::chrono::day(static_cast<unsigned>(number(8, 2))))
      .ok();
}

}  // namespace fairlead::sandbox
