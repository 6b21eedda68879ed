#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "access/secret_places.h"
#include "access/stored_secrets.h"
#include "testing/files.h"

namespace fairlead::access {
namespace {

void write(std::filesystem::path const& path, std::string_view text, mode_t mode) {
  std::ofstream(path) << text;
  ASSERT_EQ(::chmod(path.c_str(), mode), 0);
}

std::string text_of(Result<std::optional<Secret>> const& found) {
  if (!found.ok()) return "error " + std::string(to_string(found.error().kind));
  if (!found->has_value()) return "none";
  return std::string((**found).reveal());
}

TEST(FolderSecrets, gives_files_that_only_their_owner_may_read) {
  testing::TemporaryFolder const folder;
  write(folder.path() / "good", "value1\n", 0600);
  write(folder.path() / "open", "value2\n", 0644);
  write(folder.path() / "long", std::string(secret_bytes_max + 1, 'x'), 0600);
  std::filesystem::create_directory(folder.path() / "folder");
  auto const secrets = make_folder_secrets(folder.path());
  EXPECT_EQ(text_of(secrets->find("good")), "value1");
  EXPECT_EQ(text_of(secrets->find("open")), "error denied");
  EXPECT_EQ(text_of(secrets->find("long")), "error corrupt");
  EXPECT_EQ(text_of(secrets->find("folder")), "error unavailable");
  EXPECT_EQ(text_of(secrets->find("other")), "none");
  EXPECT_EQ(text_of(secrets->find("../good")), "none");
  EXPECT_EQ(text_of(secrets->find("")), "none");
}

TEST(EnvironmentSecrets, are_named_in_upper_case) {
  auto const secrets =
      make_environment_secrets({{"FAIRLEAD_SECRET_API_KEY", Secret(std::string("value1"))}});
  EXPECT_EQ(text_of(secrets->find("api-key")), "value1");
  EXPECT_EQ(text_of(secrets->find("API_KEY")), "value1");
  EXPECT_EQ(text_of(secrets->find("apiKey")), "none");
  ASSERT_EQ(secrets->list()->size(), 1u);
  EXPECT_EQ(secrets->list()->at(0).name, "api_key");
}

TEST(CommandSecrets, follow_exit_code_output_and_time) {
  testing::TemporaryFolder const folder;
  auto const script = folder.path() / "command";
  write(script,
        "#!/bin/sh\ncase $1 in\n"
        "good) echo value1;;\nnone) exit 1;;\nbad) echo no >&2; exit 3;;\n"
        "half) echo part; exit 1;;\nslow) exec sleep 30;;\n"
        "long) head -c 70000 /dev/zero | tr '\\0' x;;\nesac\n",
        0700);
  SystemClock const clock;
  auto const secrets = make_command_secrets({.program = script.string(),
                                             .environment = {"PATH=/usr/bin:/bin"},
                                             .timeout = Milliseconds(2'000)},
                                            clock);
  EXPECT_EQ(text_of(secrets->find("good")), "value1");
  EXPECT_EQ(text_of(secrets->find("none")), "none");
  EXPECT_EQ(text_of(secrets->find("bad")), "error unavailable");
  EXPECT_EQ(text_of(secrets->find("half")), "error unavailable");
  EXPECT_EQ(text_of(secrets->find("long")), "error unavailable");
  EXPECT_EQ(text_of(secrets->find("; rm")), "none");
  auto const hasty = make_command_secrets({.program = script.string(),
                                           .environment = {"PATH=/usr/bin:/bin"},
                                           .timeout = Milliseconds(50)},
                                          clock);
  EXPECT_EQ(text_of(hasty->find("slow")), "error unavailable");
  auto const absent = make_command_secrets({.program = "/no/such/program"}, clock);
  EXPECT_EQ(text_of(absent->find("good")), "error unavailable");
}

TEST(SecretChain, the_first_that_has_the_name_wins_and_errors_stop_the_search) {
  auto const first =
      make_environment_secrets({{"FAIRLEAD_SECRET_A", Secret(std::string("first"))}});
  auto const second =
      make_environment_secrets({{"FAIRLEAD_SECRET_A", Secret(std::string("second"))},
                                {"FAIRLEAD_SECRET_B", Secret(std::string("b"))}});
  auto const chain = make_secret_chain({first.get(), second.get()});
  EXPECT_EQ(text_of(chain->find("a")), "first");
  EXPECT_EQ(text_of(chain->find("b")), "b");
  EXPECT_EQ(text_of(chain->find("c")), "none");
  EXPECT_EQ(chain->list()->size(), 2u);
}

}  // namespace
}  // namespace fairlead::access
