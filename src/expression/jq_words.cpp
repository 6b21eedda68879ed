#include "expression/jq_words.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/json.h"
#include "base/text.h"
#include "expression/frame.h"

namespace fairlead::expression {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

struct Report {
  std::string words;
  int line{0};  // of the frame
};

// "jq: error: foo/0 is not defined at <top-level>, line 2:\nfoo\njq: 1 compile error\n"
Report first_report(std::string_view text) {
  Report report;
  constexpr std::string_view prefix = "jq: error: ";
  if (auto const start = text.find(prefix); start != std::string_view::npos) {
    text.remove_prefix(start + prefix.size());
  }
  constexpr std::string_view place = " at <top-level>, line ";
  auto const at = text.find(place);
  if (at == std::string_view::npos) {
    report.words = text.substr(0, text.find('\n'));
    return report;
  }
  report.words = text.substr(0, at);
  auto const number = text.substr(at + place.size());
  std::from_chars(number.data(), number.data() + number.size(), report.line);
  return report;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> plain_words{{
    {" (Unix shell quoting issues?)", ""},
    {" or __loc__", ""},
    {"INVALID_CHARACTER", "a character that does not belong there"},
    {"QQSTRING_START", "a text"},
    {"IDENT", "a name"},
    {"FIELD", "a field such as .name"},
    {"FORMAT", "a format such as @base64"},
    {"LITERAL", "a number"},
    {"$end", "the end"},
    {"syntax error, ", ""},
}};

std::string undefined_function(std::string const& words) {
  auto const slash = words.find('/');
  auto const name = words.substr(0, slash);
  auto const count = words.substr(slash + 1, words.find(' ', slash) - slash - 1);
  return "There is no function '" + name + "'" +
         (count == "0" ? std::string()
                       : " with " + count + (count == "1" ? " argument" : " arguments"));
}

std::string undefined_variable(std::string const& words,
                               std::vector<std::string> const& variables) {
  auto text = "There is no variable " + words.substr(0, words.find(' ')) + " here";
  auto const near = nearest_name(words.substr(1, words.find(' ') - 1), variables);
  if (near) return text + ". Did you mean $" + *near + "?";
  if (variables.empty()) return text;
  std::string names;
  for (auto const& name : variables)
    names += (names.empty() ? "$" : ", $") + name;
  return text + "; there are " + names;
}

std::string mended(Report const& report, std::string_view program, std::string_view all,
                   std::vector<std::string> const& variables) {
  auto words = report.words;
  if (words.find("is not defined") != std::string::npos) {
    return words.starts_with('$') ? undefined_variable(words, variables)
                                  : undefined_function(words);
  }
  if (all.find("unterminated 'if'") != std::string_view::npos) {
    return "An 'if' needs 'then', 'else' and 'end'";
  }
  auto const lines = std::count(program.begin(), program.end(), '\n') + 1;
  if (report.line >= frame_first_line + lines) return "It stops where more is expected";
  for (auto const& [from, to] : plain_words)
    replace_all(words, from, to);
  if (words.starts_with("unexpected")) words[0] = 'U';
  if (lines > 1 && report.line >= frame_first_line) {
    words += ", in line " + std::to_string(report.line - frame_first_line + 1);
  }
  return words;
}

}  // namespace

Error compile_error(std::string_view words, std::string_view program,
                    std::vector<std::string> const& variables) {
  auto const report = first_report(words);
  auto text = mended(report, program, words, variables);
  if (!text.ends_with('?')) text += ".";
  auto error = invalid_input(std::string(program), "The expression does not compile: " + text +
                                                       " In: " + shorten(program, 200));
  error.details = Json::object({{"jq", report.words}});
  return error;
}

Error run_error(std::string_view words, std::string_view program) {
  std::string text(trim(words));
  if (text.empty()) text = "it gave no reason";
  auto error = invalid_input(std::string(program), "The expression failed: " + shorten(text, 500) +
                                                       ". In: " + shorten(program, 200));
  error.details = Json::object({{"jq", shorten(text, 2000)}});
  return error;
}

}  // namespace fairlead::expression
