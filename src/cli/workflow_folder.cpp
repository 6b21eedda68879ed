// workflow plan, apply FOLDER, export.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "cli/workflow_commands.h"

namespace fairlead::cli {
namespace {

namespace fs = std::filesystem;

bool is_workflow_file(fs::path const& path) {
  auto const extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

}  // namespace

Result<std::vector<FolderText>> read_folder(Session& session, std::filesystem::path const& folder) {
  std::vector<FolderText> files;
  std::error_code code;
  fs::recursive_directory_iterator at(folder, code);
  for (; !code && at != fs::recursive_directory_iterator(); at.increment(code)) {
    if (at->path().filename().string().starts_with('.')) {
      if (at->is_directory()) at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file() || !is_workflow_file(at->path())) continue;
    if (files.size() == plan_files_max)
      return invalid_input("folder", "The folder " + folder.string() + " has more than " +
                                         std::to_string(plan_files_max) + " workflow files.");
    FAIRLEAD_TRY(auto text, read_text(session, at->path().string()));
    files.push_back(
        {.path = fs::relative(at->path(), folder).generic_string(), .source = std::move(text)});
  }
  if (code) {
    Error error = make_error(ErrorKind::not_found, "The folder " + folder.string() +
                                                       " cannot be read: " + code.message() + ".");
    error.remedy = "Name a folder with workflow files (*.yaml, *.yml, *.json).";
    return error;
  }
  std::sort(files.begin(), files.end(),
            [](auto const& a, auto const& b) { return a.path < b.path; });
  return files;
}

namespace {

Result<Json> body_of(Session& session, WorkflowFolderOptions const& options) {
  FAIRLEAD_TRY(auto const files, read_folder(session, options.folder));
  Json list = Json::array();
  for (auto const& file : files)
    list.push_back(Json::object({{"path", file.path}, {"source", file.source}}));
  Json body = Json::object({{"files", std::move(list)}, {"prune", options.prune}});
  if (!options.digest.empty()) body.set("digest", options.digest);
  return body;
}

Tone tone_of_change(std::string const& change) {
  if (change == "invalid" || change == "conflict") return Tone::bad;
  if (change == "unchanged" || change == "unmanaged") return Tone::dim;
  return change == "disable" ? Tone::warn : Tone::good;
}

void print_item(Session& session, Json const& item) {
  auto& out = session.terminal.out;
  auto const& change = item["change"].as_string();
  out << toned(session.terminal, tone_of_change(change), change);
  if (!item["name"].as_string().empty()) {
    out << ' ' << item["namespace"].as_string() << '/' << item["name"].as_string() << ' ';
    if (item["fromVersion"].as_string() != item["version"].as_string() &&
        !item["fromVersion"].is_null())
      out << item["fromVersion"].as_string() << " -> ";
    out << item["version"].as_string();
  }
  if (!item["path"].as_string().empty()) out << "  " << harmless(item["path"].as_string());
  out << '\n';
  if (!item["message"].as_string().empty())
    out << "  " << harmless(item["message"].as_string()) << '\n';
  print_problems(session, item["path"].as_string(), item["problems"]);
  print_changes(session, item["changes"]);
  print_text_diff(session, item["text"].as_string());
}

void print_plan(Session& session, Json const& plan) {
  for (auto const& item : plan["items"].items()) {
    if (item["change"].as_string() != "unchanged") print_item(session, item);
  }
  std::string summary;
  for (auto const& [change, count] : plan["summary"].members())
    summary += (summary.empty() ? "" : ", ") + std::to_string(count.as_integer()) + " " + change;
  session.terminal.out << (summary.empty() ? "No workflows in the folder." : summary) << '\n';
}

Error cannot_write(fs::path const& path) {
  Error error =
      make_error(ErrorKind::unavailable, "The file " + path.string() + " could not be written.");
  error.remedy = "Check owner, rights and free space of that folder.";
  return error;
}

enum class Written { changed, unchanged };
Result<Written> write_if_other(Session& session, fs::path const& path, std::string const& text) {
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    FAIRLEAD_TRY(auto const present, read_text(session, path.string()));
    if (present == text) return Written::unchanged;
  }
  fs::create_directories(path.parent_path(), ignored);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) return cannot_write(path);
  return Written::changed;
}

// Which file of the folder holds which workflow already: it is written there, whatever its name.
Result<std::map<std::string, std::string>> places_in(Session& session, std::string const& folder) {
  std::map<std::string, std::string> places;
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) return places;
  FAIRLEAD_TRY(auto const body, body_of(session, {.folder = folder, .digest = "", .prune = false}));
  FAIRLEAD_TRY(auto const plan, session.server.post("/api/v1/workflows/plan", body));
  for (auto const& item : plan["items"].items()) {
    if (item["path"].as_string().empty() || item["name"].as_string().empty()) continue;
    places.emplace(item["namespace"].as_string() + "/" + item["name"].as_string(),
                   item["path"].as_string());
  }
  return places;
}

}  // namespace

bool stays_below(std::string const& path) {
  fs::path const normal = fs::path(path).lexically_normal();
  return !path.empty() && normal.is_relative() && *normal.begin() != "..";
}

Result<void> workflow_plan(Session& session, WorkflowFolderOptions const& options) {
  FAIRLEAD_TRY(auto const body, body_of(session, options));
  FAIRLEAD_TRY(auto const plan, session.server.post("/api/v1/workflows/plan", body));
  if (session.terminal.output == Output::json) {
    print_json(session.terminal, plan);
  } else {
    print_plan(session, plan);
  }
  if (!plan["ok"].as_bool()) {
    return make_error(ErrorKind::conflict, "The folder cannot be applied as it is.");
  }
  if (plan["changes"].as_integer() == 0) return {};
  session.exit_code = plan_has_changes;
  session.terminal.err << "Apply exactly this with: fairlead workflow apply " << options.folder
                       << (options.prune ? " --prune" : "") << " --plan "
                       << plan["digest"].as_string() << '\n';
  return {};
}

Result<void> workflow_apply_folder(Session& session, WorkflowFolderOptions const& options) {
  FAIRLEAD_TRY(auto const body, body_of(session, options));
  auto const answer = session.server.post("/api/v1/workflows/apply", body);
  if (!answer.ok()) {
    if (answer.error().details["items"].is_array()) print_plan(session, answer.error().details);
    return answer.error();
  }
  if (session.terminal.output == Output::json) {
    print_json(session.terminal, *answer);
  } else {
    print_plan(session, *answer);
  }
  return {};
}

Result<void> workflow_export(Session& session, std::string const& folder) {
  FAIRLEAD_TRY(auto const answer, session.server.get("/api/v1/workflows/export"));
  FAIRLEAD_TRY(auto const places, places_in(session, folder));
  Json written = Json::array();
  for (auto const& file : answer["files"].items()) {
    auto const name = file["namespace"].as_string() + "/" + file["name"].as_string();
    auto const place = places.find(name);
    std::string const path = place == places.end() ? file["path"].as_string() : place->second;
    if (!stays_below(path)) {
      return make_error(ErrorKind::corrupt,
                        "The server names a file outside of the folder: " + path + ".");
    }
    FAIRLEAD_TRY(auto const done,
                 write_if_other(session, fs::path(folder) / path, file["source"].as_string()));
    std::string const change = done == Written::changed ? "wrote" : "unchanged";
    written.push_back(Json::object({{"path", path}, {"change", change}}));
    if (session.terminal.output != Output::json)
      session.terminal.out << change << ' ' << path << '\n';
  }
  if (session.terminal.output == Output::json) print_json(session.terminal, written);
  return {};
}

}  // namespace fairlead::cli
