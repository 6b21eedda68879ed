// Json::dump and Json::pretty.
#include <array>
#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/text.h"

namespace fairlead {
namespace {

void write_escaped(std::string& out, unsigned char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      constexpr std::string_view digits = "0123456789abcdef";
      out += "\\u00";
      out += digits[c >> 4U];
      out += digits[c & 15U];
  }
}

bool needs_escape(unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; }

// `text` is well-formed UTF-8; runs without escapes are copied whole.
void write_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = static_cast<unsigned char>(text[i]);
    if (!needs_escape(c)) continue;
    out += text.substr(run, i - run);
    write_escaped(out, c);
    run = i + 1;
  }
  out += text.substr(run);
  out += '"';
}

template <class Number>
void write_number(std::string& out, Number number) {
  std::array<char, 32> digits{};
  auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

class Writer {
 public:
  enum class Style { compact, indented };
  explicit Writer(Style style) : style_(style) {}

  void write(Json const& json) {
    switch (json.type()) {
      case Json::Type::null:
        out_ += "null";
        return;
      case Json::Type::boolean:
        out_ += json.as_bool() ? "true" : "false";
        return;
      case Json::Type::integer:
        return write_number(out_, json.as_integer());
      case Json::Type::number:
        // "-0" would be read as the integer 0 and then written differently; JavaScript has "0" too.
        if (json.as_number() == 0) return write_number(out_, std::int64_t{0});
        if (std::isfinite(json.as_number())) return write_number(out_, json.as_number());
        out_ += "null";
        return;
      case Json::Type::string:
        return text(json.as_string());
      case Json::Type::array:
        return array(json.items());
      case Json::Type::object:
        return object(json.members());
    }
  }
  std::string take() { return std::move(out_); }

 private:
  void text(std::string const& value) {
    if (valid_utf8(value)) return write_string(out_, value);
    write_string(out_, replace_invalid_utf8(value));
  }
  void array(Json::Array const& items) {
    if (items.empty()) {
      out_ += "[]";
      return;
    }
    out_ += '[';
    ++depth_;
    for (std::size_t i = 0; i < items.size(); ++i) {
      separate(i);
      write(items[i]);
    }
    close(']');
  }
  void object(Json::Object const& members) {
    if (members.empty()) {
      out_ += "{}";
      return;
    }
    out_ += '{';
    ++depth_;
    for (std::size_t i = 0; i < members.size(); ++i) {
      separate(i);
      text(members[i].first);
      out_ += style_ == Style::compact ? ":" : ": ";
      write(members[i].second);
    }
    close('}');
  }
  void separate(std::size_t index) {
    if (index > 0) out_ += ',';
    new_line();
  }
  void close(char bracket) {
    --depth_;
    new_line();
    out_ += bracket;
  }
  void new_line() {
    if (style_ == Style::compact) return;
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  Style style_;
  std::size_t depth_{0};
  std::string out_;
};

std::string write(Json const& json, Writer::Style style) {
  Writer writer(style);
  writer.write(json);
  return writer.take();
}

}  // namespace

std::string Json::dump() const { return write(*this, Writer::Style::compact); }

std::string Json::pretty() const { return write(*this, Writer::Style::indented); }

}  // namespace fairlead
