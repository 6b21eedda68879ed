#include "cli/usage.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "base/sentence.h"
#include "base/text.h"

namespace fairlead::cli {
namespace {

constexpr std::size_t shown_max = 80;

std::vector<CLI::App const*> commands_of(CLI::App const& group) {
  auto all = group.get_subcommands([](CLI::App const* each) { return !each->get_name().empty(); });
  return {all.begin(), all.end()};
}

std::vector<std::string> names_of(CLI::App const& group) {
  std::vector<std::string> names;
  for (auto const* command : commands_of(group))
    names.push_back(command->get_name());
  return names;
}

// How far the arguments name commands: the last of these, and what was said to get there.
struct Reached {
  CLI::App const* command;
  std::string words;
};

Reached reached(CLI::App const& app, std::vector<std::string> const& arguments) {
  Reached at{.command = &app, .words = app.get_name()};
  for (auto const& argument : arguments) {
    auto const commands = commands_of(*at.command);
    auto const found = std::find_if(commands.begin(), commands.end(),
                                    [&](auto const* each) { return each->get_name() == argument; });
    if (found == commands.end()) break;
    at.command = *found;
    at.words += " " + argument;
  }
  return at;
}

std::vector<std::string> options_of(CLI::App const& command) {
  std::vector<std::string> names;
  auto const all = command.get_options([](CLI::Option const*) { return true; });
  for (auto const* option : all)
    for (auto const& name : option->get_lnames())
      names.push_back("--" + name);
  auto const groups =
      command.get_subcommands([](CLI::App const* e) { return e->get_name().empty(); });
  for (auto const* group : groups) {
    auto more = options_of(*group);
    names.insert(names.end(), more.begin(), more.end());
  }
  return names;
}

// An option the command has not; its name, without a value behind "=".
std::optional<std::string> unknown_option(CLI::App const& command,
                                          std::vector<std::string> const& arguments) {
  auto const names = options_of(command);
  for (auto const& argument : arguments) {
    if (argument == "--") break;
    if (!argument.starts_with("--")) continue;
    std::string const name = argument.substr(0, argument.find('='));
    if (std::find(names.begin(), names.end(), name) == names.end()) return name;
  }
  return std::nullopt;
}

// "--role: chief not in {viewer,author}" -> "\"chief\" is not one of viewer, author".
std::string choice_words(std::string const& words) {
  constexpr std::string_view between = " not in {";
  auto const colon = words.find(": ");
  auto const at = words.find(between);
  if (colon == std::string::npos || at == std::string::npos || at < colon || words.back() != '}')
    return words;
  std::string choices = words.substr(at + between.size());
  choices.pop_back();
  std::string spaced;
  for (char const c : choices)
    spaced += c == ',' ? std::string(", ") : std::string(1, c);
  return words.substr(0, colon) + " is one of " + spaced + ", not \"" +
         shorten(words.substr(colon + 2, at - colon - 2), shown_max) + "\"";
}

Error no_command_given(Reached const& at) {
  Error error = invalid_input("", "Say what to do: " + at.words + " <command>.");
  error.remedy = "Commands: " + join(names_of(*at.command), ", ") + ". `" + at.words +
                 " --help` says what each does.";
  return error;
}

Error option_not_known(Reached const& at, std::string const& option) {
  Error error =
      invalid_input(option, "`" + at.words + "` has no option " + shorten(option, shown_max) + ".");
  if (!commands_of(*at.command).empty())
    error.remedy = "Options stand after the command: " + at.words + " <command> " + option + " ...";
  else if (auto nearest = nearest_name(option, options_of(*at.command)))
    error.remedy = "Did you mean " + *nearest + "?";
  else
    error.remedy = "`" + at.words + " --help` lists them.";
  return error;
}

}  // namespace

std::vector<std::string> with_common_words(std::vector<std::string> arguments) {
  if (arguments.empty()) return arguments;
  if (arguments.front() == "version" && arguments.size() == 1) return {"--version"};
  if (arguments.front() != "help") return arguments;
  arguments.erase(arguments.begin());
  arguments.emplace_back("--help");
  return arguments;
}

std::optional<Error> unknown_command(CLI::App const& app,
                                     std::vector<std::string> const& arguments) {
  auto const at = reached(app, arguments);
  auto const depth = static_cast<std::size_t>(std::count(at.words.begin(), at.words.end(), ' '));
  auto const names = names_of(*at.command);
  if (names.empty() || depth >= arguments.size() || arguments[depth].starts_with('-'))
    return std::nullopt;
  std::string const& word = arguments[depth];
  Error error = invalid_input("", "There is no command \"" + shorten(word, shown_max) + "\" here.");
  if (auto nearest = nearest_name(word, names))
    error.remedy = "Did you mean " + *nearest + "?";
  else
    error.remedy = "Commands: " + join(names, ", ") + ".";
  return error;
}

Error usage_fault(CLI::App const& app, std::vector<std::string> const& arguments,
                  CLI::ParseError const& fault) {
  auto const at = reached(app, arguments);
  if (auto option = unknown_option(*at.command, arguments)) return option_not_known(at, *option);
  if (!commands_of(*at.command).empty()) return no_command_given(at);
  constexpr std::string_view required = " is required";
  std::string words = fault.what();
  if (words.ends_with(required))
    words = "`" + at.words + "` needs " + words.substr(0, words.size() - required.size()) + ".";
  Error error = invalid_input("", sentence(choice_words(words)));
  error.remedy = "`" + at.words + " --help` says what it takes.";
  return error;
}

}  // namespace fairlead::cli
