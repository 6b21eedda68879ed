#include "gitlab/link_header.h"

#include <algorithm>

#include "base/text.h"

namespace fairlead::gitlab {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Reads from the front of one header value.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_.front()))
      rest_.remove_prefix(1);
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Up to the first of `stops`, which stays.
  std::string_view until(std::string_view stops) {
    auto const end = std::min(rest_.find_first_of(stops), rest_.size());
    auto const text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return text;
  }
  // After the opening quote; backslash escapes one character (RFC 9110 5.6.4).
  std::string quoted() {
    std::string out;
    while (!rest_.empty()) {
      char const c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return out;
      if (c == '\\' && !rest_.empty()) {
        out += rest_.front();
        rest_.remove_prefix(1);
      } else {
        out += c;
      }
    }
    return out;
  }
  // To behind the next comma that stands outside quotes.
  void skip_link() {
    while (!rest_.empty()) {
      until(",\"");
      if (take('"')) {
        quoted();
      } else if (take(',')) {
        return;
      }
    }
  }

 private:
  std::string_view rest_;
};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (std::string const& word : split(text, ' ')) {
    if (!word.empty()) out.push_back(to_lower_ascii(word));
  }
  return out;
}

// ;name=value or ;name="value", any number. Only the first rel counts (RFC 8288 3.3).
void read_parameters(Reader& reader, Link& link) {
  for (;;) {
    reader.skip_blanks();
    if (!reader.take(';')) return;
    reader.skip_blanks();
    std::string const name = to_lower_ascii(trim(reader.until("=;,")));
    std::string value;
    if (reader.take('=')) {
      reader.skip_blanks();
      value = reader.take('"') ? reader.quoted() : std::string(trim(reader.until(";,")));
    }
    if (name == "rel" && link.rels.empty()) link.rels = words(value);
  }
}

}  // namespace

std::vector<Link> parse_link_header(std::string_view header) {
  std::vector<Link> links;
  if (header.size() > link_header_bytes_max) return links;
  Reader reader(header);
  while (!reader.done() && links.size() < links_max) {
    reader.skip_blanks();
    if (reader.take(',')) continue;
    if (!reader.take('<')) {
      reader.skip_link();
      continue;
    }
    Link link;
    link.target = std::string(trim(reader.until(">")));
    bool const closed = reader.take('>');
    read_parameters(reader, link);
    reader.skip_link();
    if (closed && !link.rels.empty()) links.push_back(std::move(link));
  }
  return links;
}

std::string link_target(std::string_view header, std::string_view rel) {
  for (Link const& link : parse_link_header(header)) {
    if (std::find(link.rels.begin(), link.rels.end(), rel) != link.rels.end()) return link.target;
  }
  return "";
}

}  // namespace fairlead::gitlab
