// A wrong command line is told in our words, with what would be right.
#include "cli/usage.h"

#include <gtest/gtest.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace fairlead::cli {
namespace {

using Arguments = std::vector<std::string>;

// fairlead run list FILE [--status running|waiting] [--server URL]
struct Usage : ::testing::Test {
  Usage() {
    app.require_subcommand(1);
    auto* run = app.add_subcommand("run", "runs");
    run->require_subcommand(1);
    auto* list = run->add_subcommand("list", "newest first");
    list->add_option("file", file)->required();
    list->add_option("--status", status)->check(CLI::IsMember({"running", "waiting"}));
    list->add_option_group("Server")->add_option("--server", server);
  }

  Error fault(Arguments const& arguments) {
    try {
      app.parse(Arguments(arguments.rbegin(), arguments.rend()));
    } catch (CLI::ParseError const& error) {
      return usage_fault(app, arguments, error);
    }
    return make_error(ErrorKind::internal, "it is right");
  }

  CLI::App app{"", "fairlead"};
  std::string file;
  std::string status;
  std::string server;
};

TEST_F(Usage, faults_say_what_would_be_right) {
  struct Case {
    Arguments arguments;
    char const* message;
    char const* remedy;
  };
  for (auto const& [arguments, message, remedy] : std::vector<Case>{
           {{}, "Say what to do: fairlead <command>.", "Commands: run."},
           {{"run"}, "Say what to do: fairlead run <command>.", "Commands: list."},
           {{"run", "list"}, "`fairlead run list` needs file.", "--help"},
           {{"run", "list", "f", "--staus", "x"}, "has no option --staus.", "Did you mean"},
           {{"run", "list", "f", "--server", "u", "--statsu=x"}, "no option --statsu.", "--status"},
           {{"--server", "u", "run", "list"}, "`fairlead` has no", "Options stand after"},
           {{"run", "list", "f", "--status", "gone"},
            "--status is one of running, waiting, not \"gone\".",
            "`fairlead run list --help`"},
       }) {
    auto const error = fault(arguments);
    EXPECT_EQ(error.kind, ErrorKind::invalid_input);
    EXPECT_NE(error.message.find(message), std::string::npos) << error.message;
    EXPECT_NE(error.remedy.find(remedy), std::string::npos) << error.remedy;
  }
}

TEST_F(Usage, an_unknown_command_is_named_with_the_nearest) {
  EXPECT_EQ(unknown_command(app, {"run", "lst"})->remedy, "Did you mean list?");
  EXPECT_FALSE(unknown_command(app, {"run", "list", "lst"}));
  EXPECT_FALSE(unknown_command(app, {"--server", "run"}));
}

TEST_F(Usage, help_and_version_are_words_too) {
  EXPECT_EQ(with_common_words({"help", "run"}), (Arguments{"run", "--help"}));
  EXPECT_EQ(with_common_words({"version"}), (Arguments{"--version"}));
  EXPECT_EQ(with_common_words({"run", "help"}), (Arguments{"run", "help"}));
  EXPECT_EQ(with_common_words({}), (Arguments{}));
}

}  // namespace
}  // namespace fairlead::cli
