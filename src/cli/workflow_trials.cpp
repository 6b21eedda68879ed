#include "cli/workflow_trials.h"

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/workflow_commands.h"
#include "net/url.h"

namespace fairlead::cli {
namespace {

constexpr std::string_view indent = "  ";

bool would_fail(Json const& step) {
  return !step["problem"].is_null() || !step["allowed"].as_bool(true);
}

void print_line(Session& session, std::string_view text, Tone tone = Tone::plain) {
  session.terminal.out << indent << toned(session.terminal, tone, harmless(text)) << '\n';
}

void print_value(Session& session, Json const& value) {
  for (auto const& line : split(value.pretty(), '\n'))
    session.terminal.out << indent << indent << harmless(line) << '\n';
}

std::string target_of(Json const& request) {
  net::QueryPairs query;
  for (auto const& [name, value] : request["query"].members()) {
    if (!value.is_array()) query.emplace_back(name, value.as_string());
    for (auto const& each : value.items())
      query.emplace_back(name, each.as_string());
  }
  std::string const path = request["path"].as_string();
  return query.empty() ? path : path + "?" + net::encode_query(query);
}

// The requests where they are known, else what the call is given.
void print_call(Session& session, Json const& step) {
  if (!step["call"].is_null()) print_line(session, "calls " + step["call"].as_string());
  Json const& requests = step["request"]["requests"];
  for (auto const& request : requests.items()) {
    print_line(session, request["method"].as_string() + " " + target_of(request));
    if (!request["body"].is_null()) print_value(session, request["body"]);
  }
  if (!requests.empty() || step["input"].empty()) return;
  print_line(session, "with");
  print_value(session, step["input"]);
}

void print_step(Session& session, Json const& step) {
  session.terminal.out << '\n'
                       << toned(session.terminal, Tone::strong, harmless(step["title"].as_string()))
                       << toned(session.terminal, Tone::dim,
                                "  [" + harmless(step["task"].as_string()) + "]")
                       << '\n';
  if (!step["note"].is_null()) print_line(session, step["note"].as_string(), Tone::dim);
  print_call(session, step);
  if (step.contains("output")) {
    print_line(session, "gives");
    print_value(session, step["output"]);
  }
  if (!step["expression"].is_null()) print_line(session, step["expression"].as_string(), Tone::dim);
  if (!step["problem"].is_null())
    print_line(session, "would fail: " + step["problem"].as_string(), Tone::bad);
  if (!step["allowed"].as_bool(true))
    print_line(session, "is not allowed: " + step["reason"].as_string(), Tone::bad);
}

Error both_from_standard_input() {
  Error error = invalid_input("input", "Standard input cannot be both the workflow and its input.");
  error.remedy = "Name a file for one of them.";
  return error;
}

}  // namespace

Result<void> workflow_check(Session& session, WorkflowTrialOptions const& options) {
  auto const ask = [&session](std::string const& source) {
    return session.server.post("/api/v1/workflows/check", Json::object({{"source", source}}));
  };
  FAIRLEAD_TRY(int const bad,
               judge_texts(session, options.files, {.good = "can be published", .ask = ask}));
  if (bad == 0) return {};
  return invalid_input("", std::to_string(bad) + (bad == 1 ? " file" : " files") +
                               " cannot be published as it stands.");
}

Result<void> workflow_dry_run(Session& session, WorkflowTrialOptions const& options) {
  if (options.file == "-" && options.input == "-") return both_from_standard_input();
  FAIRLEAD_TRY(auto source, read_text(session, options.file));
  Json body = Json::object({{"source", std::move(source)}});
  if (!options.input.empty()) {
    FAIRLEAD_TRY(auto input, read_json(session, options.input));
    body.set("input", std::move(input));
  }
  FAIRLEAD_TRY(auto const answer, session.server.post("/api/v1/workflows/dry-run", body));
  int bad = 0;
  for (auto const& step : answer["steps"].items())
    bad += would_fail(step) ? 1 : 0;
  if (bad > 0) session.exit_code = dry_run_fails;
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  session.terminal.out << "Dry run: nothing was done, and GitLab was not asked.\n";
  for (auto const& step : answer["steps"].items())
    print_step(session, step);
  if (answer["more"].as_bool()) session.terminal.err << "There are more steps than are shown.\n";
  if (bad > 0)
    session.terminal.err << bad << (bad == 1 ? " step" : " steps")
                         << " would fail or may not be done.\n";
  return {};
}

void add_workflow_trials(CLI::App& group, WorkflowTrialOptions& options, AddCommand const& add) {
  add(group, "check", "what publishing would object to, also as GitLab is now",
      [&options](Session& session) { return workflow_check(session, options); })
      ->add_option("files", options.files, "YAML or JSON, or folders with such")
      ->required();
  auto* dry_run =
      add(group, "dry-run", "show what each step would do with an input; nothing is done",
          [&options](Session& session) { return workflow_dry_run(session, options); });
  dry_run->add_option("file", options.file, "YAML or JSON")->required();
  dry_run->add_option("--input", options.input, "JSON, @file or -");
}

}  // namespace fairlead::cli
