// Json::parse: Boost.JSON's streaming parser builds our value directly, without its document in
// between.
#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/result.h"
#include "base/text.h"

namespace fairlead {
namespace {

using BoostText = boost::json::string_view;
using BoostError = boost::json::error_code;

// The handler that basic_parser calls while it reads.
class Builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  Json take() { return std::move(root_); }

  bool on_document_begin(BoostError&) { return true; }
  bool on_document_end(BoostError&) { return true; }
  bool on_object_begin(BoostError&) {
    open_.push_back({.is_object = true, .name = {}, .members = {}, .items = {}});
    return true;
  }
  bool on_object_end(std::size_t, BoostError&) {
    Json::Object members = std::move(open_.back().members);
    open_.pop_back();
    return add(Json::from_object(std::move(members)));
  }
  bool on_array_begin(BoostError&) {
    open_.push_back({.is_object = false, .name = {}, .members = {}, .items = {}});
    return true;
  }
  bool on_array_end(std::size_t, BoostError&) {
    Json::Array items = std::move(open_.back().items);
    open_.pop_back();
    return add(Json(std::move(items)));
  }
  bool on_key_part(BoostText text, std::size_t, BoostError&) { return append(text); }
  bool on_key(BoostText text, std::size_t, BoostError&) {
    append(text);
    open_.back().name = std::move(partial_);
    partial_.clear();
    return true;
  }
  bool on_string_part(BoostText text, std::size_t, BoostError&) { return append(text); }
  bool on_string(BoostText text, std::size_t, BoostError&) {
    append(text);
    return add(Json(std::exchange(partial_, {})));
  }
  bool on_number_part(BoostText text, BoostError&) { return append(text); }
  bool on_int64(std::int64_t value, BoostText, BoostError&) {
    partial_.clear();
    return add(Json(value));
  }
  bool on_uint64(std::uint64_t value, BoostText, BoostError&) {
    partial_.clear();
    return add(value <= INT64_MAX ? Json(static_cast<std::int64_t>(value))
                                  : Json(static_cast<double>(value)));
  }
  bool on_double(double value, BoostText text, BoostError& error) {
    append(text);
    std::string const digits = std::exchange(partial_, {});
    // Boost's own value can be off in the last place; from_chars rounds correctly.
    double exact = value;
    std::from_chars(digits.data(), digits.data() + digits.size(), exact);
    if (!std::isfinite(exact)) {
      error = boost::json::make_error_code(boost::json::error::exponent_overflow);
      return false;
    }
    return add(Json(exact));
  }
  bool on_bool(bool value, BoostError&) { return add(Json(value)); }
  bool on_null(BoostError&) { return add(Json()); }
  bool on_comment_part(BoostText, BoostError&) { return true; }
  bool on_comment(BoostText, BoostError&) { return true; }

 private:
  struct Frame {
    bool is_object;
    std::string name;
    Json::Object members;
    Json::Array items;
  };

  bool append(BoostText text) {
    partial_.append(text.data(), text.size());
    return true;
  }
  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Frame& top = open_.back(); top.is_object) {
      top.members.emplace_back(std::move(top.name), std::move(value));
    } else {
      top.items.push_back(std::move(value));
    }
    return true;
  }

  Json root_;
  std::vector<Frame> open_;
  std::string partial_;
};

// Bytes of the longest code point.
constexpr std::size_t utf8_bytes_max = 4;

std::string position(std::string_view text, std::size_t at) {
  std::string_view const before = text.substr(0, std::min(at, text.size()));
  auto const line = std::count(before.begin(), before.end(), '\n') + 1;
  std::size_t const newline = before.rfind('\n');
  std::size_t const start = newline == std::string_view::npos ? 0 : newline + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - start + 1);
}

std::string explain(BoostError const& code, std::string_view rest) {
  using boost::json::error;
  if (code == error::syntax && !rest.empty() && !valid_utf8(rest.substr(0, utf8_bytes_max)) &&
      static_cast<unsigned char>(rest.front()) >= 0x80) {
    return "the text is not UTF-8";
  }
  if (code == error::incomplete) return "the JSON text ends too early";
  if (code == error::extra_data) return "there is more text after the JSON value";
  if (code == error::too_deep) {
    return "the JSON is nested too deeply";
  }
  if (code == error::exponent_overflow) return "a number is too large";
  return "not JSON: " + code.message();
}

}  // namespace

Result<Json> Json::parse(std::string_view text, std::size_t depth_max) {
  boost::json::parse_options options;
  options.max_depth = depth_max;
  boost::json::basic_parser<Builder> parser(options);
  BoostError error;
  std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && used < text.size()) error = boost::json::error::extra_data;
  if (error) {
    if (error == boost::json::error::incomplete) used = text.size();
    return invalid_input(position(text, used), explain(error, text.substr(used)));
  }
  return parser.handler().take();
}

}  // namespace fairlead
