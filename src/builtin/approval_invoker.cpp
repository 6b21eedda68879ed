#include "builtin/approval_invoker.h"

#include <algorithm>

#include "base/text.h"
#include "builtin/approval_form.h"
#include "workflow/duration.h"

namespace fairlead::builtin {
namespace {

using action::Invocation;
using action::Outcome;

constexpr std::string_view hand_prefix = "hand of ";
constexpr std::size_t name_length_max = 200;

Json names_schema(char const* label, char const* help) {
  return Json::object({{"type", "array"},
                       {"title", label},
                       {"description", help},
                       {"items", Json::object({{"type", "string"}})}});
}

Json input_schema() {
  Json approvers = Json::object(
      {{"type", "object"},
       {"title", "Approvers"},
       {"description", "Who may decide; any operator if nobody is named."},
       {"properties",
        Json::object({{"users", names_schema("People", "Their names in Fairlead.")},
                      {"roles", names_schema("Roles",
                                             "viewer, operator, author, org-admin: these and "
                                             "higher ones.")}})},
       {"additionalProperties", false}});
  return Json::object(
      {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
       {"type", "object"},
       {"properties",
        Json::object(
            {{"question", Json::object({{"type", "string"},
                                        {"title", "Question"},
                                        {"description", "What is to be decided."}})},
             {"approvers", std::move(approvers)},
             {"required", Json::object({{"type", "integer"},
                                        {"title", "How many must approve"},
                                        {"description", "1 if left out. One refusal refuses."},
                                        {"minimum", 1}})},
             {"expires_after", Json::object({{"type", "string"},
                                             {"title", "Expires after"},
                                             {"description",
                                              "ISO 8601, such as PT4H or P2D; a week if left out. "
                                              "Then the task fails with a timeout error."}})},
             {"requester", Json::object({{"type", "string"},
                                         {"title", "Requester"},
                                         {"description",
                                          "Who asks, and so may not decide; who "
                                          "started the run if left out."}})},
             {"form", Json::object({{"type", "object"},
                                    {"title", "Form"},
                                    {"description",
                                     "Fields to fill in when approving: a JSON "
                                     "Schema of plain values."}})}})},
       {"required", Json::array({Json("question")})},
       {"additionalProperties", false}});
}

Json output_schema() {
  auto text = [](char const* label) {
    return Json::object({{"type", "string"}, {"title", label}});
  };
  return Json::object(
      {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
       {"type", "object"},
       {"properties",
        Json::object({{"decision", text("approved or refused")},
                      {"by", text("Who decided last")},
                      {"at", text("When")},
                      {"comment", text("Their comment")},
                      {"values", Json::object({{"type", "object"}, {"title", "The form"}})},
                      {"decisions",
                       Json::object({{"type", "array"}, {"title", "Everybody's decisions"}})}})}});
}

action::ActionInfo info() {
  action::ActionInfo info;
  info.catalog = std::string(default_catalog);
  info.name = "request-approval";
  info.version = "1.0.0";
  info.title = "Request approval";
  info.description =
      "Asks people and waits for their decision. A refusal is data; nobody in time is an error.";
  info.effect = action::Effect::changes;
  info.scope = action::Scope::none;
  info.waits = true;
  info.input_schema = input_schema();
  info.output_schema = output_schema();
  return info;
}

Result<void> check_names(Json const& names, std::string const& where) {
  if (names.is_null()) return {};
  if (!names.is_array()) return invalid_input(where, "It must be a list of names.");
  if (names.size() > approvers_max)
    return invalid_input(where, "At most " + std::to_string(approvers_max) + " names.");
  for (auto const& name : names.items()) {
    bool const fine =
        name.is_string() && !name.as_string().empty() && name.as_string().size() <= name_length_max;
    if (!fine) return invalid_input(where, "Every name is a text that is not empty.");
  }
  return {};
}

Result<void> check_approvers(Json const& input) {
  Json const& approvers = input["approvers"];
  if (!approvers.is_null() && !approvers.is_object())
    return invalid_input("approvers", "It must be an object with users, roles, or both.");
  for (auto const& [name, value] : approvers.members()) {
    if (name != "users" && name != "roles")
      return invalid_input("approvers." + name, "Approvers are given as users and roles.");
    FAIRLEAD_CHECK(check_names(value, "approvers." + name));
  }
  for (auto const& role : approvers["roles"].items()) {
    if (!access::role_from(role.as_string()))
      return invalid_input("approvers.roles", "There is no role \"" + role.as_string() +
                                                  "\": it is viewer, operator, author, or "
                                                  "org-admin.");
  }
  std::int64_t const required = input["required"].as_integer(1);
  if (required < 1 || required > static_cast<std::int64_t>(approvers_max))
    return invalid_input("required", "It must be a number of people, at least 1.");
  std::size_t const named = approvers["users"].size();
  bool const only_named = named > 0 && approvers["roles"].empty();
  if (only_named && required > static_cast<std::int64_t>(named))
    return invalid_input("required", "More people must approve than are named.");
  return {};
}

Result<Milliseconds> expiry_of(Json const& input) {
  std::string const& text = input["expires_after"].as_string();
  if (text.empty()) return approval_expiry_default;
  auto const length = workflow::parse_duration(text);
  bool const fine = length.ok() && *length > Milliseconds(0) && *length <= approval_expiry_max;
  if (!fine)
    return invalid_input("expires_after", "\"" + shorten(text, 50) +
                                              "\" is no ISO 8601 duration up to a year, such as "
                                              "PT4H or P2D.");
  return *length;
}

Result<void> check_input(Json const& input) {
  if (!input.is_object()) return invalid_input("", "The input is an object.");
  std::vector<std::string> const known{"question",      "approvers", "required",
                                       "expires_after", "requester", "form"};
  for (auto const& [name, value] : input.members()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    auto const near = nearest_name(name, known);
    return invalid_input(
        name, "There is no such input" + (near ? "; is " + *near + " meant?" : std::string(".")));
  }
  std::string const& question = input["question"].as_string();
  if (trim(question).empty()) return invalid_input("question", "Say what is to be decided.");
  if (question.size() > question_max) return invalid_input("question", "It is too long.");
  FAIRLEAD_CHECK(check_approvers(input));
  FAIRLEAD_CHECK(expiry_of(input));
  return check_form(input["form"]);
}

// "replay of <run> by <name>", "replay of <run> from <task> by <name>": see run/replays.cpp.
std::string replayer_of(store::RunRecord const& run) {
  std::string const whole = "replay of " + run.replay_of.text + " by ";
  if (run.cause.starts_with(whole)) return run.cause.substr(whole.size());
  auto const by = run.cause.rfind(" by ");
  return by == std::string::npos ? "" : run.cause.substr(by + 4);
}

// Who sent it through the API; only what GitLab delivered itself is believed about its user.
std::string sender_of(store::EventRecord const& event) {
  if (auto const& sender = event.envelope[store::sender_attribute]; !sender.is_null())
    return sender.as_string();
  if (!event.type.starts_with("com.gitlab.")) return "";
  return event.envelope["data"]["user"]["username"].as_string();
}

// Who pressed the button, replayed the run, or whose doing the event was.
std::string requester_of(Json const& input, store::Store& store, RunId const& run) {
  if (auto const& named = input["requester"].as_string(); !named.empty()) return named;
  auto const record = store.runs().get(run);
  if (!record.ok()) return "";
  if (record->cause.starts_with(hand_prefix)) return record->cause.substr(hand_prefix.size());
  if (!record->replay_of.empty()) return replayer_of(*record);
  if (record->event_seq == 0) return "";
  auto const event = store.events().get(record->event_seq);
  if (!event.ok()) return "";
  return sender_of(*event);
}

Error expired(store::ApprovalRecord const& record) {
  Error error = make_error(ErrorKind::timed_out,
                           "Nobody decided in time: " + record.request["question"].as_string());
  error.title = "Approval expired";
  error.status = 408;
  error.remedy = "Ask again, or allow more time with expires_after.";
  error.details = Json::object({{"approval", record.id}, {"decisions", record.decisions}});
  return error;
}

Error withdrawn(store::ApprovalRecord const& record) {
  Error error = make_error(ErrorKind::cancelled, "Approval " + record.id + " was withdrawn.");
  error.title = "Approval cancelled";
  return error;
}

Outcome decided(store::ApprovalRecord const& record) {
  Json const& last = record.decisions.at(record.decisions.size() - 1);
  return {.output = Json::object({{"decision", record.status},
                                  {"by", last["by"]},
                                  {"at", last["at"]},
                                  {"comment", last["comment"]},
                                  {"values", last["values"]},
                                  {"decisions", record.decisions}})};
}

class ApprovalInvoker final : public action::Invoker {
 public:
  explicit ApprovalInvoker(ApprovalParts parts) : parts_(parts) {}

  Result<Outcome> invoke(Invocation const& invocation) override {
    if (!is_ours(invocation.catalog, invocation.name)) return parts_.next.invoke(invocation);
    std::string const& id = invocation.marker.id;
    if (id.empty() || invocation.run.empty())
      return invalid_input("", "An approval is asked for by a workflow, not by hand.");
    if (invocation.mode == Invocation::Mode::cancel) {
      auto const closed = parts_.approvals.close(id, Approvals::Why::cancelled);
      // The run was cancelled before it was asked for.
      bool const never_asked = !closed.ok() && closed.error().kind == ErrorKind::not_found &&
                               invocation.wait_state.is_null();
      if (!closed.ok() && !never_asked) return closed.error();
      return Outcome{};
    }
    if (invocation.wait_state.is_null()) FAIRLEAD_CHECK(ask(invocation));
    FAIRLEAD_TRY(auto const record, parts_.approvals.settled(id));
    if (record.status == "expired") return expired(record);
    if (record.status == "cancelled") return withdrawn(record);
    return record.status == "open" ? wait(record) : decided(record);
  }

  Result<action::ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                         std::string_view version) const override {
    return parts_.next.info(catalog, name, version);
  }

  Result<action::Effect> effect_of(Invocation const& invocation) const override {
    return parts_.next.effect_of(invocation);
  }

 private:
  static bool is_ours(std::string_view catalog, std::string_view name) {
    return catalog == default_catalog && name == "request-approval";
  }

  Result<void> ask(Invocation const& invocation) {
    Json const& input = invocation.input;
    FAIRLEAD_CHECK(check_input(input));
    FAIRLEAD_TRY(Milliseconds const expiry, expiry_of(input));
    RunId const run(invocation.run);
    Time const now = parts_.clock.now();
    store::ApprovalRecord record{.id = invocation.marker.id,
                                 .run = run,
                                 .status = "open",
                                 .created_at = now,
                                 .expires_at = now + expiry,
                                 .decisions = Json::array()};
    record.request = Json::object(
        {{"question", input["question"]},
         {"approvers", input["approvers"].is_null() ? Json::object() : input["approvers"]},
         {"required", input["required"].as_integer(1)},
         {"form", input["form"]},
         {"requestedBy", requester_of(input, parts_.store, run)},
         {"task", invocation.task}});
    return parts_.approvals.open(record);
  }

  Outcome wait(store::ApprovalRecord const& record) const {
    Milliseconds left = approval_check_interval;
    if (record.expires_at) left = std::min(left, *record.expires_at - parts_.clock.now());
    std::string const words = "approval by " + describe(approvers_from(record.request)) + ": " +
                              shorten(record.request["question"].as_string(), 100);
    return {.output = {},
            .wait = action::Wait{.check_after = std::max(left, Milliseconds(1)),
                                 .waiting_for = words,
                                 .state = Json::object({{"approval", record.id}}),
                                 .wake_key = approval_wake_key(record.id)}};
  }

  ApprovalParts parts_;
};

}  // namespace

std::unique_ptr<action::Invoker> make_approval_invoker(ApprovalParts parts) {
  return std::make_unique<ApprovalInvoker>(parts);
}

action::Action request_approval() {
  action::Action action;
  action.info = info();
  action.check = check_input;
  action.plan = [](action::Api*, Json const& input) -> Result<std::vector<action::Request>> {
    FAIRLEAD_CHECK(check_input(input));
    return std::vector<action::Request>();
  };
  action.run = [](action::Context&, Json const&) -> Result<Outcome> {
    return invalid_input("", "An approval is asked for by a workflow, not by hand.");
  };
  return action;
}

}  // namespace fairlead::builtin
