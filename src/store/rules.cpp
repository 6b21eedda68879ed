#include "store/rules.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "base/text.h"
#include "store/leases.h"
#include "store/version_order.h"
#include "vault/digest.h"

namespace fairlead::store {
namespace {

// Says which names there are.
Error no_such_connection(std::string_view name, std::vector<std::string> const& names) {
  Error error =
      make_error(ErrorKind::not_found,
                 name.empty() ? std::string("There is no default connection.")
                              : "There is no connection named " + std::string(name) + ".");
  error.where = "connection";
  error.remedy = names.empty()  ? std::string("Connect to a GitLab first.")
                 : name.empty() ? "Name one (`connection`), or make one the default (`fairlead "
                                  "connection set <name> --default`): " +
                                      join(names, ", ") + "."
                                : "Use one of these connections: " + join(names, ", ") + ".";
  return error;
}

}  // namespace

int clamp_rows(int limit) { return std::clamp(limit, 1, rows_max); }

Result<std::int64_t> row_from_cursor(std::string const& cursor) {
  std::int64_t row = INT64_MAX;
  if (cursor.empty()) return row;
  char const* end = cursor.data() + cursor.size();
  auto const [stop, error] = std::from_chars(cursor.data(), end, row);
  if (error == std::errc() && stop == end && row > 0) return row;
  Error bad = invalid_input("cursor", "This is no cursor of this list.");
  bad.remedy = "Take nextCursor of the page before as it is.";
  return bad;
}

std::string cursor_from_row(std::int64_t row) { return std::to_string(row); }

Error no_such(std::string_view what, std::string_view which) {
  return make_error(ErrorKind::not_found,
                    "There is no " + std::string(what) + " " + std::string(which) + ".");
}

Error connection_name_taken(std::string_view name) {
  Error error = make_error(ErrorKind::conflict,
                           "there is a connection named " + std::string(name) + " already");
  error.where = "name";
  error.remedy = "choose another name, or remove the other connection first";
  return error;
}

Error generation_changed(std::string_view name) {
  return make_error(ErrorKind::conflict, "the connection " + std::string(name) +
                                             " was changed by somebody else in the meantime");
}

Result<ConnectionRecord> find_connection(std::vector<ConnectionRecord> const& all,
                                         std::string_view name) {
  std::vector<std::string> names;
  for (ConnectionRecord const& record : all) {
    if (name.empty() ? record.is_default : record.name == name) return record;
    names.push_back(record.name);
  }
  if (name.empty() && all.size() == 1) return all.front();
  for (ConnectionRecord const& record : all) {
    for (Json const& alias : record.settings["aliases"].items()) {
      if (!name.empty() && alias.as_string() == name) return record;
    }
  }
  return no_such_connection(name, names);
}

WebhookRecord merged(WebhookRecord const& stored, WebhookRecord given) {
  given.sealed_token = stored.sealed_token;
  given.sealed_signing_token = stored.sealed_signing_token;
  given.keep = stored.keep;
  given.kept_by = stored.kept_by;
  bool const heard =
      stored.delivered_at && (!given.delivered_at || *given.delivered_at < *stored.delivered_at);
  if (!heard) return given;
  given.delivered_at = stored.delivered_at;
  given.status = stored.status;
  given.reason = stored.reason;
  given.is_signed = given.is_signed || stored.is_signed;
  return given;
}

Error no_such_workflow(std::string_view workflow_namespace, std::string_view name,
                       std::string_view version) {
  return no_such("workflow", std::string(workflow_namespace) + "/" + std::string(name) +
                                 " in version " + std::string(version));
}

Error no_such_sign_in() {
  Error error = make_error(ErrorKind::not_found, "This sign-in is unknown, used or expired.");
  error.remedy = "Start a new sign-in.";
  return error;
}

Error sign_in_bound() {
  Error error =
      make_error(ErrorKind::conflict, "This sign-in was opened in another browser already.");
  error.remedy = "Start a new sign-in.";
  return error;
}

Error run_moved_on(RunId const& run, std::int64_t expected_seq, std::int64_t last_seq) {
  return make_error(ErrorKind::conflict, "run " + run.text + " is at entry " +
                                             std::to_string(last_seq) + ", not at " +
                                             std::to_string(expected_seq));
}

Error run_exists(RunId const& run) {
  return make_error(ErrorKind::conflict, "there is a run " + run.text + " already");
}

Result<void> check_approval(ApprovalRecord const& stored, std::size_t decisions_before) {
  if (stored.status == "open" && stored.decisions.size() == decisions_before) return {};
  Error error = make_error(ErrorKind::conflict,
                           stored.status == "open"
                               ? "Somebody else decided on approval " + stored.id + " just now."
                               : "Approval " + stored.id + " is " + stored.status + " already.");
  error.remedy = "Look at it again: `fairlead approval show " + stored.id + "`.";
  return error;
}

Error event_dispatched_already(std::int64_t seq) {
  return make_error(ErrorKind::conflict,
                    "event " + std::to_string(seq) + " was dispatched already");
}

Result<void> check_schedule_change(ScheduleRecord const* stored, ScheduleChange const& change) {
  std::int64_t const present = stored == nullptr ? 0 : stored->generation;
  if (present == change.expected_generation) return {};
  return make_error(ErrorKind::conflict,
                    "the schedule of workflow " + change.row.workflow_namespace + "/" +
                        change.row.workflow_name + " is at generation " + std::to_string(present) +
                        ", not at " + std::to_string(change.expected_generation));
}

Result<PutWorkflow> decide_put(std::optional<WorkflowRecord> const& stored,
                               WorkflowRecord const& record) {
  if (!stored || stored->status == "draft") return PutWorkflow::write;
  bool const same = stored->content_hash == record.content_hash && record.status != "draft";
  if (same) return PutWorkflow::keep;
  Error error = make_error(ErrorKind::conflict, "Version " + record.version + " of workflow " +
                                                    record.workflow_namespace + "/" + record.name +
                                                    " is published with other content.");
  error.cause = "Published versions do not change: runs under way rely on them.";
  error.remedy = "Raise document.version and publish again.";
  return error;
}

void sort_newest_first(std::vector<WorkflowRecord>& all) {
  auto const key = [](WorkflowRecord const& w) { return std::tie(w.workflow_namespace, w.name); };
  std::stable_sort(all.begin(), all.end(), [&](auto const& a, auto const& b) {
    if (key(a) != key(b)) return key(a) < key(b);
    int const order = compare_versions(a.version, b.version);
    return order != 0 ? order > 0 : a.version > b.version;
  });
}

std::string workflows_state(std::vector<WorkflowRecord> all) {
  sort_newest_first(all);
  std::string text;
  for (WorkflowRecord const& w : all) {
    text += w.workflow_namespace + "/" + w.name + "/" + w.version + " " + w.status + " " +
            w.content_hash + "\n";
  }
  return "sha256:" + vault::sha256_hex(text);
}

Error workflows_changed() {
  Error error = make_error(ErrorKind::conflict,
                           "the workflows on the server are not those the plan was made for");
  error.title = "The server has changed";
  error.remedy = "make a new plan, read it, and apply that";
  return error;
}

Error no_draft(WorkflowRecord const& record) {
  Error error = make_error(ErrorKind::conflict, "Version " + record.version + " of workflow " +
                                                    record.workflow_namespace + "/" + record.name +
                                                    " is " + record.status + ", not a draft.");
  error.cause = "Versions that were published once stay: runs rely on them.";
  error.remedy = "Disable the workflow, or roll back to another version.";
  return error;
}

std::vector<WorkflowRecord> newest_published(std::vector<WorkflowRecord> all) {
  std::erase_if(all, [](WorkflowRecord const& w) { return w.status != "published"; });
  sort_newest_first(all);
  auto const same = [](WorkflowRecord const& a, WorkflowRecord const& b) {
    return a.workflow_namespace == b.workflow_namespace && a.name == b.name;
  };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

bool in_span(RunFilter const& filter, Time started_at) {
  return (!filter.started_from || started_at >= *filter.started_from) &&
         (!filter.started_before || started_at < *filter.started_before);
}

namespace {
constexpr std::string_view lease_lost_title = "Lease lost";
}

Error lease_lost(std::string_view what) {
  Error error = make_error(ErrorKind::conflict,
                           std::string(what) + " belongs to another node of this server by now");
  error.title = lease_lost_title;
  error.cause = "this node was not heard of for longer than its lease, or another one was faster";
  return error;
}

bool is_lease_lost(Error const& error) {
  return error.kind == ErrorKind::conflict && error.title == lease_lost_title;
}

Result<void> check_change(RunChange const& change) {
  std::int64_t seq = change.expected_seq;
  bool in_order = true;
  for (JournalEntry const& entry : change.journal)
    in_order = in_order && entry.seq == ++seq;
  if (in_order && change.run.last_seq == seq) return {};
  return make_error(ErrorKind::internal, "the journal entries of run " + change.run.id.text +
                                             " do not follow entry " +
                                             std::to_string(change.expected_seq));
}

}  // namespace fairlead::store
