#include "base/sentence.h"

#include <algorithm>

namespace fairlead {
namespace {

bool is_small(char c) { return c >= 'a' && c <= 'z'; }

// "there", "the": no "create-issue", "http://host" or "ops/restart".
bool begins_with_a_word(std::string const& text) {
  auto const end = std::find_if_not(text.begin(), text.end(), is_small);
  return end != text.begin() && (end == text.end() || *end == ' ' || *end == ',');
}

bool ends_like_a_sentence(std::string const& text) {
  constexpr std::string_view ends = ".!?:;,";
  if (ends.find(text.back()) != std::string_view::npos) return true;
  // What is to be copied keeps its end: a URL, or code in backticks is fine before a full stop.
  auto const last_blank = text.rfind(' ');
  auto const last = text.substr(last_blank == std::string::npos ? 0 : last_blank + 1);
  return last.find("://") != std::string::npos || last.find('/') != std::string::npos;
}

}  // namespace

std::string sentence(std::string text) {
  if (text.empty()) return text;
  if (begins_with_a_word(text)) text.front() = static_cast<char>(text.front() - 'a' + 'A');
  if (!ends_like_a_sentence(text)) text += '.';
  return text;
}

std::string message_sentence(Error const& error) {
  bool const of_field = error.message.starts_with("is ") || error.message.starts_with("must ");
  if (of_field && !error.where.empty()) return sentence('"' + error.where + "\" " + error.message);
  return sentence(error.message);
}

}  // namespace fairlead
