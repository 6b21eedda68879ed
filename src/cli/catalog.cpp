// catalog export: our actions as function files, in the layout other runtimes read.
#include <filesystem>
#include <fstream>

#include "cli/workflow_commands.h"

namespace fairlead::cli {
namespace {

namespace fs = std::filesystem;

Result<void> write_function(fs::path const& path, std::string const& text) {
  std::error_code ignored;
  fs::create_directories(path.parent_path(), ignored);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (file.flush()) return {};
  Error error =
      make_error(ErrorKind::unavailable, "The file " + path.string() + " could not be written.");
  error.remedy = "Check owner, rights and free space of that folder.";
  return error;
}

}  // namespace

Result<void> catalog_export(Session& session, std::string const& folder) {
  FAIRLEAD_TRY(auto const all, session.server.get("/catalogs"));
  std::int64_t count = 0;
  for (auto const& catalog : all["catalogs"].items()) {
    auto const& name = catalog["name"].as_string();
    FAIRLEAD_TRY(auto const index, session.server.get("/catalogs/" + segment(name)));
    for (auto const& function : index["functions"].items()) {
      fs::path const path = fs::path(name) / function["path"].as_string();
      if (!stays_below(path.generic_string())) {
        return make_error(ErrorKind::corrupt,
                          "The server names a file outside of the folder: " + path.string() + ".");
      }
      FAIRLEAD_CHECK(write_function(fs::path(folder) / path, function["source"].as_string()));
      ++count;
    }
  }
  if (session.terminal.output == Output::json) {
    print_json(session.terminal, Json::object({{"folder", folder}, {"functions", count}}));
  } else {
    session.terminal.out << "wrote " << count << " functions into " << folder << '\n';
  }
  return {};
}

}  // namespace fairlead::cli
