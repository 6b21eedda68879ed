// Files for tests: a folder that goes away, golden files, and where the repository lies.
//
// Golden files are the readable record of what the program says; FAIRLEAD_UPDATE_GOLDEN=1 rewrites
// them, and the change is reviewed like code. One thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace fairlead::testing {

// A fresh folder, removed with all that is in it when the value dies.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(TemporaryFolder const&) = delete;
  TemporaryFolder& operator=(TemporaryFolder const&) = delete;
  ~TemporaryFolder();
  [[nodiscard]] std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The folder that holds layers.txt: FAIRLEAD_ROOT, else above the working folder, else above the
// program.
std::filesystem::path const& repository_root();
// The folder `shared` beside the repository (GitLab's OpenAPI and schemas); tests skip where it is
// missing:
//   if (!shared_folder()) GTEST_SKIP() << shared_folder_missing;
std::optional<std::filesystem::path> shared_folder();
inline constexpr std::string_view shared_folder_missing =
    "the folder `shared` does not lie beside the repository";

// The whole file; nothing if it cannot be read.
std::optional<std::string> read_file(std::filesystem::path const& path);
void write_file(std::filesystem::path const& path, std::string_view text);

// Fails the test with a diff unless `actual` is the text of the file (relative: to the repository).
void expect_golden(std::string_view actual, std::filesystem::path const& file);
// Lines of "-old", "+new" and " same" with three lines around each change; "" if equal.
std::string line_diff(std::string_view before, std::string_view after);

}  // namespace fairlead::testing
