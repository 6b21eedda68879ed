#include "gitlab/named_places.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "base/text.h"
#include "expression/evaluator.h"
#include "gitlab/hook_place.h"
#include "workflow/match.h"

namespace fairlead::gitlab {
namespace {

constexpr std::size_t places_max = 50;
constexpr std::size_t place_bytes_max = 500;

using Places = std::vector<std::string>;

void add(Places& places, std::string place) {
  bool const usable = !place.empty() && place.size() <= place_bytes_max &&
                      places.size() < places_max &&
                      std::find(places.begin(), places.end(), place) == places.end();
  if (usable) places.push_back(std::move(place));
}

// "group/project"; a top-level name is no project.
void add_project(Places& places, std::string_view path) {
  bool const one = path.find('/') != std::string_view::npos && !path.starts_with('/') &&
                   !path.ends_with('/') && path.find(':') == std::string_view::npos;
  if (one) add(places, std::string(path));
}

void add_number(Places& places, Json const& number) {
  if (number.is_integer() && number.as_integer() > 0)
    add(places, std::to_string(number.as_integer()));
}

// "ops/" -> all of the group ops.
void add_group(Places& places, std::string_view prefix) {
  if (prefix.size() < 2 || !prefix.ends_with('/') || prefix.starts_with('/')) return;
  add(places, group_place(prefix.substr(0, prefix.size() - 1)));
}

// Where the project's path ends in a subject that says what of it is meant.
std::size_t end_of_project(std::string_view subject) {
  std::size_t end = std::string_view::npos;
  for (std::string_view const mark : {"#", "!", "/pipelines/", "/jobs/"})
    end = std::min(end, subject.find(mark));
  return end;
}

struct Prefix {
  std::string text;  // unescaped
  bool whole{false};
};

// The literal beginning of a pattern that begins with ^.
Prefix prefix_of(std::string_view pattern) {
  Prefix prefix;
  constexpr std::string_view special = ".[](){}*+?|$\\";
  for (std::size_t i = 1; i < pattern.size(); ++i) {
    char const c = pattern[i];
    if (c == '$' && i + 1 == pattern.size()) prefix.whole = true;
    if (c == '\\' && i + 1 < pattern.size() && std::ispunct(pattern[i + 1]) != 0) {
      prefix.text += pattern[++i];
      continue;
    }
    if (special.find(c) == std::string_view::npos) {
      prefix.text += c;
      continue;
    }
    // What may be repeated, or left out, is none of it.
    if ((c == '*' || c == '?' || c == '{') && !prefix.text.empty()) prefix.text.pop_back();
    break;
  }
  return prefix;
}

void in_subject(Places& places, std::string const& subject) {
  if (subject.empty() || expression::expression_in(subject)) return;
  if (!workflow::is_pattern(subject))
    return add_project(places, std::string_view(subject).substr(0, end_of_project(subject)));
  bool const choice = subject.find('|') != std::string::npos;
  if (!subject.starts_with('^') || choice) return;
  Prefix const prefix = prefix_of(subject);
  auto const end = end_of_project(prefix.text);
  if (end != std::string::npos) return add_project(places, prefix.text.substr(0, end));
  if (prefix.whole) return add_project(places, prefix.text);
  add_group(places, prefix.text);
}

void in_object(Places& places, Json const& data) {
  Json const& project = data["project"];
  if (project["path_with_namespace"].is_string()) {
    add_project(places, project["path_with_namespace"].as_string());
  } else if (project["id"].is_integer()) {
    add_number(places, project["id"]);
  } else {
    add_number(places, data["project_id"]);
  }
}

// Words of jq: paths (".project.id"), names, numbers, strings with their quotes, and signs.
std::vector<std::string> words_of(std::string_view program) {
  std::vector<std::string> words;
  auto const is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '$';
  };
  for (std::size_t i = 0; i < program.size();) {
    std::size_t end = i + 1;
    if (program[i] == '"') {
      while (end < program.size() && program[end] != '"')
        end += program[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, program.size());
    } else if (is_word(program[i])) {
      while (end < program.size() && is_word(program[end]))
        ++end;
    } else if (program.substr(i, 2) == "==" || program.substr(i, 2) == "!=") {
      end = i + 2;
    }
    if (std::isspace(static_cast<unsigned char>(program[i])) == 0)
      words.emplace_back(program.substr(i, end - i));
    i = end;
  }
  return words;
}

std::string text_in(std::string const& word) {
  auto const parsed = word.starts_with('"') ? Json::parse(word) : Result<Json>(Json());
  return parsed.ok() ? parsed->string_or("") : "";
}

void compared(Places& places, std::string const& path, std::string const& value) {
  if (path == ".project.path_with_namespace") add_project(places, text_in(value));
  if (path != ".project.id" && path != ".project_id") return;
  if (auto const number = Json::parse(value); number.ok()) add_number(places, *number);
}

void in_program(Places& places, std::string_view program) {
  auto const words = words_of(program);
  if (std::find(words.begin(), words.end(), "not") != words.end()) return;
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (words[i] == "==") {
      compared(places, words[i - 1], words[i + 1]);
      compared(places, words[i + 1], words[i - 1]);
    }
    bool const begins = words[i] == "startswith" && i >= 2 && i + 2 < words.size() &&
                        words[i - 1] == "|" && words[i - 2] == ".project.path_with_namespace";
    if (begins) add_group(places, text_in(words[i + 2]));
  }
}

}  // namespace

std::vector<std::string> named_places(workflow::EventFilter const& filter) {
  Places places;
  in_subject(places, filter.with["subject"].string_or(""));
  if (!places.empty()) return places;
  Json const& data = filter.with["data"];
  if (data.is_object()) in_object(places, data);
  if (auto const program = expression::expression_in(data.string_or("")))
    in_program(places, *program);
  return places;
}

}  // namespace fairlead::gitlab
