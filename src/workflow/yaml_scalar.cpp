#include "workflow/yaml_scalar.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <system_error>

namespace fairlead::workflow {
namespace {

bool digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (auto const word : words) {
    if (text == word) return true;
  }
  return false;
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text;
}

std::optional<Json> integer_of(std::string_view text, int base) {
  std::int64_t value = 0;
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Json(value);
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool looks_like_float(std::string_view text) {
  text = without_sign(text);
  auto const exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    if (!digits(without_sign(text.substr(exponent + 1)))) return false;
    text = text.substr(0, exponent);
  }
  auto const dot = text.find('.');
  if (dot == std::string_view::npos) return digits(text);
  auto const whole = text.substr(0, dot);
  auto const fraction = text.substr(dot + 1);
  if (whole.empty()) return digits(fraction);
  return digits(whole) && (fraction.empty() || digits(fraction));
}

std::optional<Json> float_of(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  static_cast<void>(end);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  return Json(value);
}

}  // namespace

std::optional<Json> resolve_plain_scalar(std::string_view text) {
  if (text.empty() || one_of(text, {"~", "null", "Null", "NULL"})) return Json();
  if (one_of(text, {"true", "True", "TRUE"})) return Json(true);
  if (one_of(text, {"false", "False", "FALSE"})) return Json(false);
  auto const bare = without_sign(text);
  if (one_of(bare, {".inf", ".Inf", ".INF"}) || one_of(text, {".nan", ".NaN", ".NAN"})) {
    return std::nullopt;
  }
  if (text.starts_with("0x")) {
    if (auto value = integer_of(text.substr(2), 16)) return value;
  }
  if (text.starts_with("0o")) {
    if (auto value = integer_of(text.substr(2), 8)) return value;
  }
  if (digits(bare)) {
    if (auto value = integer_of(text, 10)) return value;
  }
  if (looks_like_float(text)) return float_of(text);
  return Json(text);
}

}  // namespace fairlead::workflow
