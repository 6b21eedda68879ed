#include "sandbox/form.h"

#include <algorithm>

#include "base/text.h"

namespace fairlead::sandbox {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { literal, blank };

std::string decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      int const high = hex_digit(text[i + 1]);
      int const low = hex_digit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    out.push_back(text[i] == '+' && plus == Plus::blank ? ' ' : text[i]);
  }
  return out;
}

// "a[b][][c]" -> {"a", "b", "", "c"}
std::vector<std::string> key_parts(std::string const& key) {
  std::size_t const first = key.find('[');
  if (first == std::string::npos || first == 0) return {key};
  std::vector<std::string> parts{key.substr(0, first)};
  std::size_t at = first;
  while (at < key.size() && key[at] == '[') {
    std::size_t const end = key.find(']', at);
    if (end == std::string::npos) return {key};
    parts.push_back(key.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return parts;
}

void put(Json& into, std::vector<std::string> const& parts, std::size_t at,
         std::string const& value);

// `rows[][a]=1&rows[][b]=2` fills one row until a name comes again.
void put_in_list(Json& list, std::vector<std::string> const& parts, std::size_t at,
                 std::string const& value) {
  if (at == parts.size()) {
    list.push_back(value);
    return;
  }
  Json::Array& rows = list.make_array();
  if (rows.empty() || !rows.back().is_object() || rows.back().contains(parts[at])) {
    rows.push_back(Json::object());
  }
  put(rows.back(), parts, at, value);
}

void put(Json& into, std::vector<std::string> const& parts, std::size_t at,
         std::string const& value) {
  if (at + 1 == parts.size()) {
    into.set(parts[at], value);
    return;
  }
  bool const list = parts[at + 1].empty();
  Json* child = into.find(parts[at]);
  if (child == nullptr || (list ? !child->is_array() : !child->is_object())) {
    child = &into.set(parts[at], list ? Json::array() : Json::object());
  }
  if (list) {
    put_in_list(*child, parts, at + 2, value);
  } else {
    put(*child, parts, at + 1, value);
  }
}

std::string_view header_parameter(std::string_view header, std::string_view name) {
  std::size_t const at = header.find(name);
  if (at == std::string_view::npos) return {};
  std::string_view rest = header.substr(at + name.size());
  if (!rest.empty() && rest.front() == '"') {
    rest.remove_prefix(1);
    return rest.substr(0, rest.find('"'));
  }
  return rest.substr(0, rest.find(';'));
}

}  // namespace

std::string decode_percent(std::string_view text) { return decode(text, Plus::literal); }
std::string decode_form(std::string_view text) { return decode(text, Plus::blank); }

std::string encode_percent(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 15]);
    }
  }
  return out;
}

std::vector<std::string> split_path(std::string_view target) {
  std::string_view path = target.substr(0, target.find('?'));
  std::vector<std::string> segments;
  while (!path.empty()) {
    std::size_t const end = path.find('/');
    std::string_view const part = path.substr(0, end);
    if (!part.empty()) segments.push_back(decode_percent(part));
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
  }
  return segments;
}

std::string_view query_of(std::string_view target) {
  std::size_t const at = target.find('?');
  return at == std::string_view::npos ? std::string_view{} : target.substr(at + 1);
}

Pairs split_pairs(std::string_view text) {
  Pairs pairs;
  while (!text.empty() && pairs.size() < pairs_max) {
    std::size_t const end = text.find('&');
    std::string_view const part = text.substr(0, end);
    if (!part.empty()) {
      std::size_t const equals = part.find('=');
      std::string_view const value =
          equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
      pairs.emplace_back(decode_form(part.substr(0, equals)), decode_form(value));
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return pairs;
}

void nest_pairs(Pairs const& pairs, Json& into) {
  for (auto const& [key, value] : pairs)
    put(into, key_parts(key), 0, value);
}

std::string cookie_value(std::string_view header, std::string_view name) {
  for (std::string const& part : split(header, ';')) {
    std::string_view const text = trim(part);
    std::size_t const equals = text.find('=');
    if (equals != std::string_view::npos && text.substr(0, equals) == name) {
      return std::string(text.substr(equals + 1));
    }
  }
  return {};
}

Pairs split_multipart(std::string_view content_type, std::string_view body) {
  std::string_view const boundary = header_parameter(content_type, "boundary=");
  if (boundary.empty()) return {};
  std::string const mark = "--" + std::string(boundary);
  Pairs pairs;
  std::size_t at = body.find(mark);
  while (at != std::string_view::npos && pairs.size() < pairs_max) {
    std::size_t const start = at + mark.size();
    std::size_t const next = body.find(mark, start);
    if (next == std::string_view::npos) break;
    std::string_view const part = body.substr(start, next - start);
    std::size_t const gap = part.find("\r\n\r\n");
    if (gap != std::string_view::npos) {
      std::string_view value = part.substr(gap + 4);
      if (value.ends_with("\r\n")) value.remove_suffix(2);
      pairs.emplace_back(header_parameter(part.substr(0, gap), " name="), value);
    }
    at = next;
  }
  return pairs;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

}  // namespace fairlead::sandbox
