// workflow validate: files and folders, by the server or on this machine alone.
#include <filesystem>

#include "cli/commands.h"
#include "cli/workflow_commands.h"

namespace fairlead::cli {
namespace {

constexpr std::string_view yaml_type = "application/yaml";

// "file.yaml:7:5: error: message", as compilers say it: editors jump to it.
void print_problem(Session& session, std::string const& file, Json const& problem) {
  bool const error = problem["severity"].as_string() == "error";
  session.terminal.out << file << ':' << problem["line"].as_integer() << ':'
                       << problem["column"].as_integer() << ": "
                       << toned(session.terminal, error ? Tone::bad : Tone::warn,
                                problem["severity"].as_string())
                       << ": " << harmless(problem["message"].as_string());
  if (!problem["pointer"].as_string().empty())
    session.terminal.out << toned(session.terminal, Tone::dim,
                                  "  [" + problem["pointer"].as_string() + "]");
  session.terminal.out << '\n';
}

// Each file of a folder stands for itself: "flows/a.yaml".
Result<std::vector<FolderText>> texts_of(Session& session, std::vector<std::string> const& names) {
  std::vector<FolderText> texts;
  for (auto const& name : names) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(name, ignored)) {
      FAIRLEAD_TRY(auto text, read_text(session, name));
      texts.push_back({.path = name, .source = std::move(text)});
      continue;
    }
    FAIRLEAD_TRY(auto inside, read_folder(session, name));
    if (inside.empty()) {
      Error error = make_error(ErrorKind::not_found, "The folder " + name + " has no workflows.");
      error.remedy = "Workflow files end in .yaml, .yml or .json.";
      return error;
    }
    for (auto& each : inside)
      texts.push_back({.path = (std::filesystem::path(name) / each.path).generic_string(),
                       .source = std::move(each.source)});
  }
  return texts;
}

}  // namespace

void print_problems(Session& session, std::string const& file, Json const& problems) {
  for (auto const& problem : problems.items())
    print_problem(session, file, problem);
}

Result<int> judge_texts(Session& session, std::vector<std::string> const& names,
                        Judge const& judge) {
  int bad = 0;
  Json all = Json::array();
  FAIRLEAD_TRY(auto const texts, texts_of(session, names));
  for (auto const& each : texts) {
    FAIRLEAD_TRY(auto answer, judge.ask(each.source));
    if (!answer["ok"].as_bool()) ++bad;
    if (session.terminal.output == Output::json) {
      answer.set("file", each.path);
      all.push_back(std::move(answer));
      continue;
    }
    print_problems(session, each.path, answer["problems"]);
    if (answer["ok"].as_bool())
      session.terminal.out << each.path << ": " << toned(session.terminal, Tone::good, judge.good)
                           << " (" << answer["document"]["namespace"].as_string() << "/"
                           << answer["document"]["name"].as_string() << " "
                           << answer["document"]["version"].as_string() << ")\n";
  }
  if (session.terminal.output == Output::json) print_json(session.terminal, all);
  return bad;
}

Result<void> workflow_validate(Session& session, WorkflowValidateOptions const& options) {
  bool const here = options.offline || session.server_is == Session::ServerIs::assumed;
  auto const ask = [&session, here](std::string const& text) -> Result<Json> {
    if (here) return session.check_workflow(text);
    return session.server.send_text(net::Method::post, "/api/v1/workflows/validate",
                                    {.content_type = std::string(yaml_type), .body = text});
  };
  FAIRLEAD_TRY(int const bad, judge_texts(session, options.files, {.good = "valid", .ask = ask}));
  if (here)
    session.terminal.err << "Checked on this machine. Whether the connections and secrets are "
                            "there, a server says: --server.\n";
  if (bad == 0) return {};
  return invalid_input(
      "", std::to_string(bad) + (bad == 1 ? " file is" : " files are") + " not a valid workflow.");
}

}  // namespace fairlead::cli
