#include "builtin/openapi_parameters.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "net/url.h"

namespace fairlead::builtin {
namespace {

constexpr int references_max = 20;
constexpr std::string_view body_name = "body";
constexpr std::string_view json_type = "application/json";
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

struct Parameter {
  std::string name;
  std::string in;  // path, query, header, cookie, formData, body
  enum class Required { no, yes } required{Required::no};
  enum class Lists { repeated, joined } lists{Lists::joined};
  char separator{','};
};

std::string text_of(Json const& value) {
  return value.is_string() ? value.as_string() : value.dump();
}

std::string joined(Json const& value, char separator) {
  if (!value.is_array()) return text_of(value);
  std::vector<std::string> parts;
  for (auto const& item : value.items())
    parts.push_back(text_of(item));
  return join(parts, std::string(1, separator));
}

Error wrong(std::string const& name, std::string message) {
  return invalid_input("with.parameters." + name, std::move(message));
}

// style and explode (3.x) or collectionFormat (2.0)
void read_lists(Json const& written, Parameter& parameter) {
  std::string const format = written["collectionFormat"].as_string();
  std::string const style = written["style"].as_string();
  if (format == "multi") parameter.lists = Parameter::Lists::repeated;
  if (format == "ssv" || style == "spaceDelimited") parameter.separator = ' ';
  if (format == "pipes" || style == "pipeDelimited") parameter.separator = '|';
  if (format == "tsv") parameter.separator = '\t';
  bool const form = parameter.in == "query" && (style.empty() || style == "form");
  if (written.contains("schema") && form && written["explode"].as_bool(true))
    parameter.lists = Parameter::Lists::repeated;
}

Parameter read_parameter(Json const& written) {
  Parameter parameter{.name = written["name"].as_string(), .in = written["in"].as_string()};
  bool const required = written["required"].as_bool() || parameter.in == "path";
  parameter.required = required ? Parameter::Required::yes : Parameter::Required::no;
  read_lists(written, parameter);
  return parameter;
}

class Placing {
 public:
  Placing(Operation const& operation, Json const& values) : operation_(operation), values_(values) {
    placed_.path = operation.path;
    placed_.headers.set("Accept", "application/json, */*;q=0.5");
    // Those of the operation go before those of the path.
    read(operation.operation["parameters"]);
    read(operation.item["parameters"]);
  }

  Result<Placed> run() {
    FAIRLEAD_CHECK(check_missing());
    for (auto const& parameter : parameters_) {
      auto const* value = values_.find(parameter.name);
      if (value != nullptr && !value->is_null()) put(parameter, *value);
    }
    if (!form_.empty()) {
      placed_.headers.set("Content-Type", form_type);
      placed_.body = std::move(form_);
    }
    if (!cookies_.empty()) placed_.headers.set("Cookie", cookies_);
    FAIRLEAD_CHECK(put_body());
    FAIRLEAD_CHECK(check_unknown());
    return std::move(placed_);
  }

 private:
  void read(Json const& list) {
    for (auto const& each : list.items()) {
      auto parameter = read_parameter(resolve_reference(operation_.document, each));
      auto const same = [&](Parameter const& known) {
        return known.name == parameter.name && known.in == parameter.in;
      };
      if (std::none_of(parameters_.begin(), parameters_.end(), same))
        parameters_.push_back(std::move(parameter));
    }
  }

  [[nodiscard]] bool has(std::string const& name) const {
    auto const* value = values_.find(name);
    return value != nullptr && !value->is_null();
  }

  Result<void> check_missing() const {
    for (auto const& parameter : parameters_) {
      if (parameter.required == Parameter::Required::no || has(parameter.name)) continue;
      return wrong(parameter.name, "The operation needs the parameter '" + parameter.name + "' (" +
                                       parameter.in + "), which is missing.");
    }
    return {};
  }

  void put(Parameter const& parameter, Json const& value) {
    used_.push_back(parameter.name);
    if (parameter.in == "path") {
      put_path(parameter, value);
    } else if (parameter.in == "query") {
      bool const repeated = value.is_array() && parameter.lists == Parameter::Lists::repeated;
      placed_.query.set(parameter.name,
                        repeated ? value : Json(joined(value, parameter.separator)));
    } else if (parameter.in == "header") {
      placed_.headers.set(parameter.name, joined(value, ','));
    } else if (parameter.in == "cookie") {
      if (!cookies_.empty()) cookies_ += "; ";
      cookies_ += parameter.name + "=" + net::percent_encode(joined(value, ','));
    } else if (parameter.in == "formData") {
      form_.set(parameter.name, value);
    } else if (parameter.in == body_name) {
      placed_.body = value;
      placed_.headers.set("Content-Type", json_type);
    }
  }

  void put_path(Parameter const& parameter, Json const& value) {
    std::string const place = "{" + parameter.name + "}";
    std::vector<std::string> parts;
    Json::Array const one{value};
    for (auto const& item : value.is_array() ? value.items() : one)
      parts.push_back(net::percent_encode(text_of(item)));
    std::string const text = join(parts, ",");
    if (auto const at = placed_.path.find(place); at != std::string::npos)
      placed_.path.replace(at, place.size(), text);
  }

  // OpenAPI 3: `body` is the whole body; else names that the body's schema has are its members.
  Result<void> put_body() {
    Json const& written =
        resolve_reference(operation_.document, operation_.operation["requestBody"]);
    if (written.is_null()) return {};
    auto const& content = written["content"];
    std::string const type = content.contains(json_type)   ? std::string(json_type)
                             : content.contains(form_type) ? std::string(form_type)
                             : content.empty()             ? std::string(json_type)
                                                           : content.members().front().first;
    if (has(std::string(body_name))) {
      used_.emplace_back(body_name);
      placed_.body = values_[body_name];
    } else {
      gather_body(resolve_reference(operation_.document, content[type]["schema"]));
    }
    if (!placed_.body.is_null()) {
      placed_.headers.set("Content-Type", type);
    } else if (written["required"].as_bool()) {
      return wrong(std::string(body_name),
                   "The operation needs a body: give it as the parameter 'body'.");
    }
    return {};
  }

  void gather_body(Json const& schema) {
    for (auto const& [name, unused] : schema["properties"].members()) {
      if (!has(name) || std::ranges::find(used_, name) != used_.end()) continue;
      placed_.body.set(name, values_[name]);
      used_.push_back(name);
    }
  }

  Result<void> check_unknown() const {
    std::vector<std::string> names;
    for (auto const& parameter : parameters_)
      names.push_back(parameter.name);
    for (auto const& [name, value] : values_.members()) {
      if (value.is_null() || std::ranges::find(used_, name) != used_.end()) continue;
      auto const near = nearest_name(name, names);
      auto error = wrong(name, "The operation has no parameter '" + shorten(name, 60) + "'.");
      error.remedy = near            ? "Did you mean '" + *near + "'?"
                     : names.empty() ? "It takes none."
                                     : "It takes: " + join(names, ", ") + ".";
      return error;
    }
    return {};
  }

  Operation const& operation_;
  Json const& values_;
  std::vector<Parameter> parameters_;
  std::vector<std::string> used_;
  Json form_ = Json::object();
  std::string cookies_;
  Placed placed_;
};

}  // namespace

Json const& resolve_reference(Json const& document, Json const& value) {
  static Json const nothing;
  Json const* at = &value;
  for (int i = 0; i < references_max; ++i) {
    auto const& reference = (*at)["$ref"];
    if (!reference.is_string()) return *at;
    std::string_view const text = reference.as_string();
    if (!text.starts_with('#')) return nothing;
    at = document.pointer(net::percent_decode(text.substr(1)));
    if (at == nullptr) return nothing;
  }
  return nothing;
}

Result<Placed> place_parameters(Operation const& operation, Json const& values) {
  if (!values.is_null() && !values.is_object())
    return invalid_input("with.parameters", "'parameters' of the call must be names and values.");
  return Placing(operation, values).run();
}

}  // namespace fairlead::builtin
