#include "api/search_words.h"

#include <algorithm>

#include "base/text.h"

namespace fairlead::api {
namespace {

constexpr std::size_t words_max = 16;

}  // namespace

SearchWords::SearchWords(net::ServerRequest const& request) {
  std::string const asked = to_lower_ascii(request.query_value("q"));
  std::string word;
  for (char const c : asked + " ") {
    if (c != ' ' && c != '\t') {
      word += c;
    } else if (!word.empty() && words_.size() < words_max) {
      words_.push_back(std::move(word));
      word.clear();
    }
  }
}

bool SearchWords::in(std::initializer_list<std::string_view> texts) const {
  if (words_.empty()) return true;
  std::string all;
  for (auto const& text : texts)
    all += to_lower_ascii(text) + "\n";
  return std::ranges::all_of(
      words_, [&](std::string const& word) { return all.find(word) != std::string::npos; });
}

}  // namespace fairlead::api
