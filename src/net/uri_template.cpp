#include "net/uri_template.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "net/url.h"

namespace fairlead::net {
namespace {

// RFC 6570, appendix A.
struct Operator {
  char sign;
  std::string_view first;
  char separator;
  enum class Named { no, yes, yes_even_empty } named;
  enum class Reserved { encoded, kept } reserved;
};
using Named = Operator::Named;
using Reserved = Operator::Reserved;
constexpr Operator simple{'\0', "", ',', Named::no, Reserved::encoded};
constexpr std::array operators{Operator{'+', "", ',', Named::no, Reserved::kept},
                               Operator{'#', "#", ',', Named::no, Reserved::kept},
                               Operator{'.', ".", '.', Named::no, Reserved::encoded},
                               Operator{'/', "/", '/', Named::no, Reserved::encoded},
                               Operator{';', ";", ';', Named::yes, Reserved::encoded},
                               Operator{'?', "?", '&', Named::yes_even_empty, Reserved::encoded},
                               Operator{'&', "&", '&', Named::yes_even_empty, Reserved::encoded}};

struct Variable {
  std::string name;
  enum class List { joined, exploded } list{List::joined};
};
// Literal text, and then the expression behind it, if there is one.
struct Part {
  std::string literal;
  Operator how{simple};
  std::vector<Variable> variables;
};

Error malformed(std::string_view text, std::string const& why) {
  return invalid_input("uri", "The URI template '" + shorten(text, 120) + "' " + why + ".");
}

bool is_name(std::string_view name) {
  auto const allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

Result<void> read_expression(std::string_view text, std::string_view inside, Part& part) {
  auto const* found = std::find_if(operators.begin(), operators.end(), [&](Operator const& each) {
    return inside.starts_with(each.sign);
  });
  if (found != operators.end()) {
    part.how = *found;
    inside.remove_prefix(1);
  }
  for (auto const& word : split(inside, ',')) {
    Variable variable{.name = word};
    if (word.ends_with('*')) {
      variable.name.pop_back();
      variable.list = Variable::List::exploded;
    }
    if (!is_name(variable.name))
      return malformed(text, "has '{" + shorten(inside, 60) + "}', which names no variable");
    part.variables.push_back(std::move(variable));
  }
  return {};
}

Result<std::vector<Part>> read_template(std::string_view text) {
  std::vector<Part> parts;
  for (std::string_view rest = text; !rest.empty();) {
    auto const open = rest.find('{');
    Part part{.literal = std::string(rest.substr(0, open))};
    if (part.literal.find('}') != std::string::npos)
      return malformed(text, "has a '}' without a '{'");
    if (open == std::string_view::npos) {
      parts.push_back(std::move(part));
      break;
    }
    auto const close = rest.find('}', open);
    if (close == std::string_view::npos) return malformed(text, "has a '{' that is not closed");
    FAIRLEAD_CHECK(read_expression(text, rest.substr(open + 1, close - open - 1), part));
    rest.remove_prefix(close + 1);
    parts.push_back(std::move(part));
  }
  return parts;
}

// RFC 3986: reserved characters and escapes that are there already stay.
std::string encode_keeping_reserved(std::string_view text) {
  constexpr std::string_view reserved = ":/?#[]@!$&'()*+,;=";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    bool const escape = c == '%' && i + 2 < text.size() &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    if (escape || reserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += percent_encode(std::string_view(&c, 1));
    }
  }
  return out;
}

std::string encoded(Operator const& how, Json const& value) {
  std::string const text = value.is_string() ? value.as_string() : value.dump();
  return how.reserved == Reserved::kept ? encode_keeping_reserved(text) : percent_encode(text);
}

std::string pair_of(Operator const& how, std::string const& name, std::string const& value) {
  if (how.named == Named::no) return value;
  if (value.empty() && how.named == Named::yes) return name;
  return name + "=" + value;
}

std::string expanded(Operator const& how, Variable const& variable, Json const& value) {
  if (!value.is_array()) return pair_of(how, variable.name, encoded(how, value));
  bool const joined = variable.list == Variable::List::joined;
  std::string all;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i > 0) all += joined ? ',' : how.separator;
    std::string const item = encoded(how, value.at(i));
    all += joined ? item : pair_of(how, variable.name, item);
  }
  return joined ? pair_of(how, variable.name, all) : all;
}

bool is_plain(Json const& value) { return !value.is_object() && !value.is_null(); }

Result<Json const*> value_of(Json const& values, std::string const& name) {
  auto const* value = values.find(name);
  auto const wrong = [&](std::string const& what) {
    auto error = invalid_input(name, "The URI template names {" + name + "}, but " + what + ".");
    error.remedy = "Put a text or number '" + name + "' into the task's input.";
    return error;
  };
  if (value == nullptr || value->is_null()) return wrong("the input has no '" + name + "'");
  auto const& items = value->items();
  if (value->is_object() || !std::all_of(items.begin(), items.end(), is_plain))
    return wrong("'" + name + "' is neither a text nor a number nor a list of such");
  return value;
}

}  // namespace

Result<std::vector<std::string>> uri_template_variables(std::string_view text) {
  FAIRLEAD_TRY(auto const parts, read_template(text));
  std::vector<std::string> names;
  for (auto const& part : parts) {
    for (auto const& variable : part.variables)
      names.push_back(variable.name);
  }
  return names;
}

Result<std::string> expand_uri_template(std::string_view text, Json const& values) {
  FAIRLEAD_TRY(auto const parts, read_template(text));
  std::string out;
  for (auto const& part : parts) {
    out += part.literal;
    bool first = true;
    for (auto const& variable : part.variables) {
      FAIRLEAD_TRY(Json const* value, value_of(values, variable.name));
      out += first ? std::string(part.how.first) : std::string(1, part.how.separator);
      out += expanded(part.how, variable, *value);
      first = false;
    }
  }
  return out;
}

}  // namespace fairlead::net
