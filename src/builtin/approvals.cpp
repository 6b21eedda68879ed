#include "builtin/approvals.h"

#include <algorithm>

#include "base/text.h"
#include "builtin/approval_form.h"

namespace fairlead::builtin {
namespace {

Error denied(std::string message, std::string remedy) {
  Error error = make_error(ErrorKind::denied, std::move(message));
  error.title = "Not your decision";
  error.remedy = std::move(remedy);
  return error;
}

store::EventRecord event_of(store::ApprovalRecord const& record, std::string_view type, Time now) {
  store::EventRecord event{.source = std::string(approvals_source),
                           .id = record.id + (type == requested_type ? ".requested" : ".decided"),
                           .type = std::string(type),
                           .received_at = now};
  Json data = Json::object({{"id", record.id},
                            {"run", record.run.text},
                            {"status", record.status},
                            {"question", record.request["question"]},
                            {"approvers", record.request["approvers"]},
                            {"requestedBy", record.request["requestedBy"]},
                            {"decisions", record.decisions}});
  if (record.expires_at) data.set("expiresAt", format_time(*record.expires_at));
  event.envelope = Json::object({{"specversion", "1.0"},
                                 {"id", event.id},
                                 {"source", event.source},
                                 {"type", event.type},
                                 {"subject", record.id},
                                 {"time", format_time(now)},
                                 {"datacontenttype", "application/json"},
                                 {"data", std::move(data)}});
  return event;
}

std::string status_of(Approvals::Why why) {
  return why == Approvals::Why::expired ? "expired" : "cancelled";
}

bool decided_before(store::ApprovalRecord const& record, std::string const& name) {
  auto const& all = record.decisions.items();
  return std::any_of(all.begin(), all.end(),
                     [&](Json const& each) { return each["by"].as_string() == name; });
}

Result<void> check_decision(store::ApprovalRecord const& record, Decision const& decision) {
  Approvers const approvers = approvers_from(record.request);
  if (!may_decide(approvers, decision.by))
    return denied(decision.by.name + " is not among the approvers of " + record.id + ".",
                  "This is for " + describe(approvers) + " to decide.");
  if (decision.by.name == record.request["requestedBy"].as_string())
    return denied("Nobody decides on what they asked for themselves.",
                  "Let another approver decide: " + describe(approvers) + ".");
  if (decided_before(record, decision.by.name))
    return make_error(ErrorKind::conflict,
                      decision.by.name + " has decided on " + record.id + " before.");
  if (decision.comment.size() > comment_max)
    return invalid_input("comment",
                         "The comment is longer than " + std::to_string(comment_max) + " bytes.");
  // Who refuses need not fill in the form.
  bool const form_counts =
      decision.verdict == Decision::Verdict::approve || !decision.values.empty();
  if (form_counts) FAIRLEAD_CHECK(check_values(record.request["form"], decision.values));
  return {};
}

std::int64_t approved_so_far(store::ApprovalRecord const& record) {
  auto const& all = record.decisions.items();
  return std::count_if(all.begin(), all.end(),
                       [](Json const& each) { return each["decision"].as_string() == "approved"; });
}

}  // namespace

std::string approval_wake_key(std::string_view id) { return "approval:" + std::string(id); }

Approvers approvers_from(Json const& request) {
  Approvers approvers;
  for (auto const& user : request["approvers"]["users"].items())
    approvers.users.push_back(user.as_string());
  for (auto const& role : request["approvers"]["roles"].items()) {
    if (auto const known = access::role_from(role.as_string())) approvers.roles.push_back(*known);
  }
  approvers.required = static_cast<int>(request["required"].as_integer(1));
  return approvers;
}

std::string describe(Approvers const& approvers) {
  std::vector<std::string> names = approvers.users;
  for (auto const role : approvers.roles)
    names.push_back("any " + std::string(access::to_string(role)));
  if (names.empty()) names.emplace_back("any operator");
  std::string const all = join(names, approvers.required > 1 ? ", " : " or ");
  return approvers.required > 1 ? std::to_string(approvers.required) + " of " + all : all;
}

bool may_decide(Approvers const& approvers, Decider const& person) {
  auto const& users = approvers.users;
  if (std::find(users.begin(), users.end(), person.name) != users.end()) return true;
  if (users.empty() && approvers.roles.empty())
    return access::allows(person.role, access::Role::operator_);
  return std::any_of(approvers.roles.begin(), approvers.roles.end(),
                     [&](access::Role needed) { return access::allows(person.role, needed); });
}

Result<void> Approvals::open(store::ApprovalRecord const& record) {
  FAIRLEAD_TRY(std::int64_t const seq,
               parts_.store.approvals().insert(
                   record, event_of(record, requested_type, parts_.clock.now())));
  if (seq != 0) parts_.arrived(seq);
  return {};
}

// A run may end by a timeout or an error without a word to us.
std::optional<Approvals::Why> Approvals::over(store::ApprovalRecord const& record) const {
  if (record.status != "open") return std::nullopt;
  if (record.expires_at && *record.expires_at <= parts_.clock.now()) return Why::expired;
  auto const run = parts_.store.runs().get(record.run);
  bool const gone = run.ok() ? run->ended_at.has_value() : run.error().kind == ErrorKind::not_found;
  return gone ? std::optional(Why::cancelled) : std::nullopt;
}

store::ApprovalRecord Approvals::as_of_now(store::ApprovalRecord record) const {
  if (auto const why = over(record)) record.status = status_of(*why);
  return record;
}

Result<store::ApprovalRecord> Approvals::get(std::string const& id) {
  FAIRLEAD_TRY(auto record, parts_.store.approvals().get(id));
  return as_of_now(std::move(record));
}

Result<store::ApprovalRecord> Approvals::settled(std::string const& id) {
  FAIRLEAD_TRY(auto record, parts_.store.approvals().get(id));
  auto const why = over(record);
  if (!why) return record;
  FAIRLEAD_CHECK(close(id, *why));
  return parts_.store.approvals().get(id);
}

Result<int> Approvals::tidy() {
  int closed = 0;
  std::string cursor;
  for (int page_number = 0; page_number < tidied_pages_max; ++page_number) {
    FAIRLEAD_TRY(auto const page,
                 parts_.store.approvals().list({.status = "open", .run = {}}, cursor, tidied_page));
    for (auto const& record : page.items) {
      auto const why = over(record);
      if (!why) continue;
      FAIRLEAD_CHECK(close(record.id, *why));
      ++closed;
    }
    if (page.next_cursor.empty()) break;
    cursor = page.next_cursor;
  }
  return closed;
}

Result<store::Page<store::ApprovalRecord>> Approvals::list(store::ApprovalFilter const& filter,
                                                           std::string const& cursor, int limit) {
  FAIRLEAD_TRY(auto page, parts_.store.approvals().list(filter, cursor, limit));
  std::vector<store::ApprovalRecord> fitting;
  for (auto& each : page.items) {
    auto now = as_of_now(std::move(each));
    if (filter.status.empty() || filter.status == now.status) fitting.push_back(std::move(now));
  }
  page.items = std::move(fitting);
  return page;
}

Result<store::ApprovalRecord> Approvals::decide(Decision const& decision) {
  FAIRLEAD_TRY(auto record, settled(decision.approval));
  if (record.status != "open") {
    Error error =
        make_error(ErrorKind::conflict, "Approval " + record.id + " is " + record.status + ".");
    error.cause = "There is nothing left to decide.";
    return error;
  }
  FAIRLEAD_CHECK(check_decision(record, decision));
  return count(std::move(record), decision);
}

Result<store::ApprovalRecord> Approvals::count(store::ApprovalRecord record,
                                               Decision const& decision) {
  Time const now = parts_.clock.now();
  bool const approves = decision.verdict == Decision::Verdict::approve;
  std::size_t const before = record.decisions.size();
  record.decisions.push_back(Json::object({{"decision", approves ? "approved" : "refused"},
                                           {"by", decision.by.name},
                                           {"at", format_time(now)},
                                           {"comment", decision.comment},
                                           {"values", decision.values}}));
  if (!approves) record.status = "refused";
  if (approves && approved_so_far(record) >= approvers_from(record.request).required)
    record.status = "approved";
  bool const closed = record.status != "open";
  std::optional<store::EventRecord> event;
  if (closed) {
    record.closed_at = now;
    event = event_of(record, decided_type, now);
  }
  FAIRLEAD_TRY(std::int64_t const seq, parts_.store.approvals().update(record, before, event));
  if (seq != 0) parts_.arrived(seq);
  // What is durable is decided; a run that is not woken now looks by itself.
  if (closed) static_cast<void>(parts_.wake(approval_wake_key(record.id)));
  return record;
}

Result<void> Approvals::close(std::string const& id, Why why) {
  FAIRLEAD_TRY(auto record, parts_.store.approvals().get(id));
  if (record.status != "open") return {};
  Time const now = parts_.clock.now();
  record.status = status_of(why);
  record.closed_at = now;
  auto const done = parts_.store.approvals().update(record, record.decisions.size(),
                                                    event_of(record, decided_type, now));
  // Somebody decided at the same moment: then it is closed, or the next look closes it.
  if (!done.ok() && done.error().kind != ErrorKind::conflict) return done.error();
  if (done.ok() && *done != 0) parts_.arrived(*done);
  return {};
}

}  // namespace fairlead::builtin
