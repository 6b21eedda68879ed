// approval list, show, approve, refuse.
#include "base/text.h"
#include "cli/commands.h"
#include "cli/run_view.h"

namespace fairlead::cli {
namespace {

constexpr std::size_t question_shown = 60;

void print_approval(Session& session, Json const& approval) {
  print_pairs(session.terminal, {{"Approval", approval["id"].as_string()},
                                 {"Question", approval["question"].as_string()},
                                 {"Status", approval["status"].as_string()},
                                 {"Waits for", approval["waitsFor"].as_string()},
                                 {"Asked by", approval["requestedBy"].as_string()},
                                 {"Run", approval["run"].as_string()},
                                 {"Asked", when(approval["createdAt"])},
                                 {"Expires", when(approval["expiresAt"])},
                                 {"Closed", when(approval["closedAt"])}});
  for (auto const& each : approval["decisions"].items()) {
    session.terminal.out << each["by"].as_string() << " " << each["decision"].as_string() << " at "
                         << when(each["at"]);
    if (!each["comment"].as_string().empty())
      session.terminal.out << ": " << each["comment"].as_string();
    session.terminal.out << '\n';
  }
}

}  // namespace

Result<void> approval_list(Session& session, ApprovalListOptions const& options) {
  std::string path = "/api/v1/approvals?limit=500";
  if (options.status != "all") path += "&status=" + segment(options.status);
  if (!options.run.empty()) path += "&run=" + segment(options.run);
  FAIRLEAD_TRY(auto answer, session.server.get(path));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{.heading = {"APPROVAL", "STATUS", "QUESTION", "WAITS FOR", "EXPIRES"},
              .rows = {},
              .when_empty = "Nothing waits for a decision."};
  for (auto const& each : answer["items"].items())
    table.rows.push_back({each["id"].as_string(), each["status"].as_string(),
                          shorten(each["question"].as_string(), question_shown),
                          each["waitsFor"].as_string(), when(each["expiresAt"])});
  print(session.terminal, table);
  return {};
}

Result<void> approval_show(Session& session, std::string const& id) {
  FAIRLEAD_TRY(auto approval, session.server.get("/api/v1/approvals/" + segment(id)));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, approval), Result<void>();
  print_approval(session, approval);
  return {};
}

Result<void> approval_decide(Session& session, ApprovalDecideOptions const& options) {
  Json body = Json::object({{"decision", options.decision}, {"comment", options.comment}});
  if (!options.values.empty()) {
    FAIRLEAD_TRY(auto values, read_json(session, options.values));
    body.set("values", std::move(values));
  }
  FAIRLEAD_TRY(auto approval, session.server.post(
                                  "/api/v1/approvals/" + segment(options.id) + "/decisions", body));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, approval), Result<void>();
  print_approval(session, approval);
  return {};
}

}  // namespace fairlead::cli
