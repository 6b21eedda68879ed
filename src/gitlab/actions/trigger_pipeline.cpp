// Starts a pipeline, and waits for its end if wanted. Two requests make two pipelines, so a
// variable makes ours recognisable where variables are used at all; else only the circumstances can
// be compared.
// Source: https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline (checked on 19.5).
#include "base/text.h"
#include "gitlab/actions.h"
#include "gitlab/find_marked.h"
#include "gitlab/pipeline_variables.h"
#include "gitlab/pipeline_watch.h"
#include "gitlab/refs.h"
#include "gitlab/written_text.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

constexpr std::int64_t candidates_max = 20;
constexpr char const* effect_variable = "FAIRLEAD_EFFECT";
constexpr char const* key_variable = "FAIRLEAD_KEY";

enum class WaitFor { no, until_finished };
constexpr auto enum_names(WaitFor) {
  using Name = schema::EnumName<WaitFor>;
  return std::array{Name{WaitFor::no, "no", "Do not wait"},
                    Name{WaitFor::until_finished, "until_finished", "Until it has finished"}};
}

enum class OnCancel { keep, cancel };
constexpr auto enum_names(OnCancel) {
  using Name = schema::EnumName<OnCancel>;
  return std::array{Name{OnCancel::keep, "keep", "Let it run"},
                    Name{OnCancel::cancel, "cancel", "Cancel it"}};
}

struct Input {
  ProjectRef project;
  std::string ref;
  std::optional<PipelineVariables> variables;
  std::optional<std::map<std::string, Json>> inputs;
  WaitFor wait{WaitFor::no};
  std::optional<Span> timeout;
  IfBlocked if_blocked{IfBlocked::fail};
  OnCancel on_cancel{OnCancel::keep};
  std::optional<std::string> dedupe_key;

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project", .help = "Id, full path or URL.", .example = "ops/runbooks"}),
        field("ref", &Input::ref,
              {.label = "Branch or tag",
               .help = "Not a commit.",
               .example = "main",
               .pattern = schema::not_blank,
               .picker = "branch"}),
        field("variables", &Input::variables,
              {.label = "Variables",
               .help = "{NAME: value}, or a list of {key, value, variable_type: env_var / file}. "
                       "The project must allow them.",
               .example = R"({"HOST": "db1"})"}),
        field("inputs", &Input::inputs,
              {.label = "Inputs",
               .help = "Values for the pipeline's spec:inputs (GitLab 17.10 and newer).",
               .example = R"({"environment": "production"})"}),
        field("wait", &Input::wait,
              {.label = "Wait",
               .help = "Whether this step ends with the pipeline's start or with its end.",
               .example = "until_finished",
               .defaulted = true}),
        field(
            "timeout", &Input::timeout,
            {.label = "Timeout",
             .help =
                 "How long to wait at most; a day if left out. Seconds, or a text such as 30 min.",
             .example = "30 min"}),
        field("if_blocked", &Input::if_blocked,
              {.label = "If a manual job blocks it",
               .help = "Such a pipeline goes on only when somebody starts the job.",
               .example = "wait",
               .defaulted = true,
               .advanced = true}),
        field("on_cancel", &Input::on_cancel,
              {.label = "If the run is cancelled",
               .help = "What happens to the pipeline when the run is cancelled while it waits.",
               .example = "cancel",
               .defaulted = true,
               .advanced = true}),
        field("dedupe_key", &Input::dedupe_key,
              {.label = "Deduplication key",
               .help =
                   "A pipeline of ours on that ref with the same key, at most a day old, is taken "
                   "instead of starting another one. Needs the right to set and read variables.",
               .example = "change-4711",
               .max_length = 200,
               .pattern = schema::not_blank,
               .advanced = true})};
  }
};

WatchTerms terms(Input const& in) {
  return {.timeout = in.timeout ? in.timeout->length : watch_timeout_default,
          .if_blocked = in.if_blocked};
}

// A mark needs variables, and many projects refuse them: it is set only if the author uses them
// anyway.
bool can_be_marked(Input const& in) {
  return in.dedupe_key || (in.variables && !in.variables->list.empty());
}

action::Request marked_request(Input const& in, std::string const& marker) {
  PipelineVariables variables = in.variables.value_or(PipelineVariables());
  if (!marker.empty() && can_be_marked(in))
    variables.list.push_back({.key = effect_variable, .value = marker});
  if (in.dedupe_key)
    variables.list.push_back({.key = key_variable, .value = key_marker(*in.dedupe_key)});
  auto out = action::post("/projects/{}/pipeline", in.project);
  out.body("ref", in.ref);
  if (!variables.list.empty()) out.body("variables", variables);
  return out.body("inputs", in.inputs);
}

action::Request request(Input const& in) { return marked_request(in, ""); }

bool contains(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// GitLab says all of these with 400 and a sentence, whose wording changes.
Error explained(Input const& in, Error error) {
  std::string const words = to_lower_ascii(error.message);
  if (error.status != 400) return error;
  if (contains(words, "pipeline variables")) {
    error.kind = ErrorKind::denied;
    error.where = "variables";
    error.cause =
        "The project does not let the connection's user set pipeline variables; since GitLab 17.7 "
        "nobody may in new projects.";
    error.remedy =
        "Use inputs (spec:inputs) instead, or have a maintainer change the minimum role to use "
        "pipeline variables in Settings > CI/CD > Variables.";
  } else if (contains(words, "reference not found")) {
    error.kind = ErrorKind::not_found;
    error.where = "ref";
    error.cause = "The project " + in.project.text + " has no branch or tag " + in.ref +
                  "; a commit is not taken.";
    error.remedy = "Check the name of the branch or tag.";
  } else if (contains(words, "missing ci config") || contains(words, "missing .gitlab-ci.yml")) {
    error.cause = "There is no CI configuration at " + in.ref + ".";
    error.remedy =
        "Add .gitlab-ci.yml to that branch, or correct the CI configuration file in Settings > "
        "CI/CD.";
  } else if (contains(words, "rules") || contains(words, "no stages / jobs")) {
    error.kind = ErrorKind::conflict;
    error.cause = "No job of the CI configuration runs for pipelines started through the API on " +
                  in.ref + ".";
    error.remedy = "Let a job's rules match $CI_PIPELINE_SOURCE == \"api\", or choose another ref.";
  } else if (error.kind == ErrorKind::invalid_input) {
    error.remedy =
        "Correct the CI configuration or the values, then run it again; no pipeline was left "
        "behind.";
  }
  return error;
}

// Our pipelines on that ref since `since`, newest first.
Result<Json::Array> candidates(action::Context& context, Input const& in, Time since) {
  FAIRLEAD_TRY(Json const me, context.api.account());
  Json::Array rows;
  action::Request const request = action::get("/projects/{}/pipelines", in.project)
                                      .query("ref", in.ref)
                                      .query("source", "api")
                                      .query("username", me["username"])
                                      .query("created_after", shortly_before(since));
  auto const take = [&](Json row) -> Result<void> {
    rows.push_back(std::move(row));
    return {};
  };
  FAIRLEAD_CHECK(context.api.list(request, {.limit = candidates_max}, take));
  return rows;
}

// Whether the pipeline was started with that variable. Reading variables takes a maintainer.
Result<bool> has_variable(action::Context& context, Input const& in, Json const& row,
                          PipelineVariable const& wanted) {
  FAIRLEAD_TRY(auto const response,
               context.api.send(action::get("/projects/{}/pipelines/{}/variables", in.project,
                                            row["id"].as_integer())));
  for (Json const& one : response.body.items()) {
    if (one["key"].as_string() == wanted.key && one["value"].as_string() == wanted.value)
      return true;
  }
  return false;
}

Result<std::optional<Pipeline>> find_by_variable(action::Context& context, Input const& in,
                                                 Time since, PipelineVariable const& wanted) {
  FAIRLEAD_TRY(auto const rows, candidates(context, in, since));
  for (Json const& row : rows) {
    FAIRLEAD_TRY(bool const ours, has_variable(context, in, row, wanted));
    if (!ours) continue;
    FAIRLEAD_TRY(auto const response,
                 context.api.send(
                     action::get("/projects/{}/pipelines/{}", in.project, row["id"].as_integer())));
    FAIRLEAD_TRY(Pipeline pipeline, schema::decode_answer<Pipeline>(response.body));
    return std::optional<Pipeline>(std::move(pipeline));
  }
  return std::optional<Pipeline>();
}

Error a_person_must_look(Input const& in, Json::Array const& rows) {
  Error error = cannot_be_recognised("a pipeline on " + in.ref + " of " + in.project.text);
  Json list = Json::array();
  for (Json const& row : rows)
    list.push_back(
        Json::object({{"id", row["id"]}, {"status", row["status"]}, {"webUrl", row["web_url"]}}));
  error.details.set("candidates", std::move(list));
  return error;
}

Result<std::optional<Pipeline>> find_existing(action::Context& context, Input const& in) {
  std::string const marker = effect_marker(context.marker);
  Time const since = context.marker.first_attempt_at;
  if (marker.empty()) {
    FAIRLEAD_TRY(auto const rows, candidates(context, in, since));
    return a_person_must_look(in, rows);
  }
  if (can_be_marked(in)) {
    auto found = find_by_variable(context, in, since, {.key = effect_variable, .value = marker});
    if (found.ok() || found.error().kind != ErrorKind::denied) return found;
  }
  FAIRLEAD_TRY(auto const rows, candidates(context, in, since));
  if (rows.empty()) return std::optional<Pipeline>();
  return a_person_must_look(in, rows);
}

Result<Pipeline> start(action::Context& context, Input const& in) {
  if (in.dedupe_key) {
    auto const a_day_ago = context.clock.now() - std::chrono::hours(24);
    FAIRLEAD_TRY(auto found,
                 find_by_variable(context, in, a_day_ago,
                                  {.key = key_variable, .value = key_marker(*in.dedupe_key)}));
    if (found) return std::move(*found);
  }
  auto response = context.api.send(marked_request(in, effect_marker(context.marker)));
  if (!response.ok()) return explained(in, std::move(response).error());
  return schema::decode_answer<Pipeline>(response->body);
}

Result<action::Step<Pipeline>> run(action::Context& context, Input const& in) {
  std::int64_t const watched = watched_pipeline(context.wait_state);
  if (watched != 0) return watch(context, in.project.text, watched, terms(in));
  Json const& existing = context.wait_state["existing"];
  FAIRLEAD_TRY(Pipeline pipeline, existing.is_object() ? schema::decode_answer<Pipeline>(existing)
                                                       : start(context, in));
  if (in.wait == WaitFor::no) return action::Step<Pipeline>{.output = std::move(pipeline)};
  return begin_watch(context, in.project.text, std::move(pipeline));
}

// What an attempt without an answer started; 0: surely nothing.
Result<std::int64_t> started_unheard(action::Context& context, Input const& in) {
  auto const left = action::settles_in(context.marker, context.clock.now());
  FAIRLEAD_TRY(auto const found, find_existing(context, in));
  if (found) return found->id;
  if (left > Milliseconds(0)) return action::not_seen_yet("trigger-pipeline", left);
  return 0;
}

Result<void> cancel(action::Context& context, Input const& in) {
  std::int64_t pipeline = watched_pipeline(context.wait_state);
  if (pipeline == 0) {
    FAIRLEAD_TRY(pipeline, started_unheard(context, in));
  }
  if (pipeline == 0) return {};
  FAIRLEAD_CHECK(
      context.api.send(action::post("/projects/{}/pipelines/{}/cancel", in.project, pipeline)));
  return {};
}

}  // namespace

action::Action trigger_pipeline() {
  return action::define<Input, Pipeline>(
      {.name = "trigger-pipeline",
       .title = "Trigger pipeline",
       .description = "Starts a pipeline on a branch or tag, and waits for its end if wanted.",
       .docs = "https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline",
       .effect = action::creates<Input, Pipeline>(find_existing),
       .scope = action::Scope::api,
       .role = action::Role::developer,
       .request = request,
       .resolve = [](action::Lookup const& lookup,
                     Input& in) { return bind(lookup, in.project, "project"); },
       .run_waiting = run,
       .cancel = cancel,
       .is_cancel_asked = [](Input const& in) { return in.on_cancel == OnCancel::cancel; }});
}

}  // namespace fairlead::gitlab
