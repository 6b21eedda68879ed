#include "cli/globals.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "cli/cli.h"

namespace fairlead::cli {
namespace {

// The org admin's token of a data folder goes to that folder's server, not to any that is named.
bool belongs_together(Globals const& globals, std::string const& data) {
  std::string const named =
      globals.server.empty() ? environment("FAIRLEAD_SERVER") : globals.server;
  return named.empty() || !globals.data.empty() || !environment("FAIRLEAD_DATA").empty() ||
         named == server_of_data(data);
}

// Set but empty is a variable of CI that got no value: never somebody else's token in its place.
Result<Secret> token_of_environment() {
  auto token = environment("FAIRLEAD_TOKEN");
  if (!token.empty()) return Secret(std::move(token));
  Error error = invalid_input("FAIRLEAD_TOKEN", "FAIRLEAD_TOKEN is set, but empty.");
  error.remedy = "Put an API token into it, or unset it.";
  return error;
}

}  // namespace

std::string environment(char const* name) {
  char const* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string server_of_data(std::string const& data) {
  std::ifstream file(std::filesystem::path(data) / "server.url");
  std::string url;
  std::getline(file, url);
  return std::string(trim(url));
}

Result<Secret> token_of(Globals const& globals, std::string const& data) {
  std::string path = globals.token_file;
  if (path.empty()) {
    if (std::getenv("FAIRLEAD_TOKEN") != nullptr) return token_of_environment();
    if (!belongs_together(globals, data)) return Secret();
    path = (std::filesystem::path(data) / "admin.token").string();
    if (std::error_code none; !std::filesystem::exists(path, none)) return Secret();
  }
  std::ifstream file(path);
  std::string token;
  if (!file || !std::getline(file, token)) {
    Error error =
        make_error(ErrorKind::not_found, "The API token could not be read from " + path + ".");
    error.remedy = "Name a file this user may read with --token-file, or set FAIRLEAD_TOKEN.";
    return error;
  }
  return Secret(std::string(trim(token)));
}

std::string default_data_folder() {
  if (auto data = environment("FAIRLEAD_DATA"); !data.empty()) return data;
  if (auto xdg = environment("XDG_DATA_HOME"); !xdg.empty()) return xdg + "/fairlead";
  auto home = environment("HOME");
  return (home.empty() ? std::string("/var/lib") : home + "/.local/share") + "/fairlead";
}

}  // namespace fairlead::cli
