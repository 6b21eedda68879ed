#include "workflow/secret_names.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "access/secret_source.h"

namespace fairlead::workflow {
namespace {

constexpr std::string_view word = "secrets";

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_word(char c) { return is_letter(c) || std::isdigit(static_cast<unsigned char>(c)) != 0; }

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0)
    ++at;
  return at;
}

// "...": a text without escapes or interpolation.
std::optional<std::string> quoted(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '"') return std::nullopt;
  auto const end = text.find('"', at + 1);
  if (end == std::string_view::npos) return std::nullopt;
  auto const inside = text.substr(at + 1, end - at - 1);
  if (inside.find('\\') != std::string_view::npos) return std::nullopt;
  return std::string(inside);
}

// The name that follows "$secrets": .name, ."name" or ["name"].
std::optional<std::string> name_at(std::string_view text, std::size_t at) {
  at = skip_blanks(text, at);
  if (at >= text.size()) return std::nullopt;
  if (text[at] == '.') {
    at = skip_blanks(text, at + 1);
    if (at < text.size() && text[at] == '[') return name_at(text, at);
    if (auto name = quoted(text, at)) return name;
    std::size_t end = at;
    while (end < text.size() && is_word(text[end]))
      ++end;
    if (end == at || !is_letter(text[at])) return std::nullopt;
    return std::string(text.substr(at, end - at));
  }
  if (text[at] != '[') return std::nullopt;
  at = skip_blanks(text, at + 1);
  auto name = quoted(text, at);
  if (!name) return std::nullopt;
  std::size_t const close = skip_blanks(text, at + name->size() + 2);
  if (close >= text.size() || text[close] != ']') return std::nullopt;
  return name;
}

}  // namespace

SecretNames secrets_named(std::string_view program) {
  SecretNames found;
  for (auto at = program.find('$'); at != std::string_view::npos; at = program.find('$', at + 1)) {
    std::size_t const begin = skip_blanks(program, at + 1);
    if (program.substr(begin, word.size()) != word) continue;
    std::size_t const end = begin + word.size();
    if (end < program.size() && is_word(program[end])) continue;
    auto name = name_at(program, end);
    if (!name || !access::is_secret_name(*name)) {
      found.use = SecretNames::Use::unclear;
      continue;
    }
    if (found.use == SecretNames::Use::none) found.use = SecretNames::Use::by_name;
    if (std::find(found.names.begin(), found.names.end(), *name) == found.names.end())
      found.names.push_back(*std::move(name));
  }
  return found;
}

}  // namespace fairlead::workflow
