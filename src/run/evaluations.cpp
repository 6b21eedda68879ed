#include "run/evaluations.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "expression/evaluator.h"
#include "run/call_arguments.h"

namespace fairlead::run {
namespace {

using workflow::DurationValue;
using workflow::Expression;

Json moment(Time at) {
  auto const ms = to_epoch_ms(at);
  return Json::object({{"iso8601", format_time(at)},
                       {"epoch", Json::object({{"seconds", ms / 1000}, {"milliseconds", ms}})}});
}

Json workflow_variable(RunState const& state) {
  return Json::object({{"id", state.id.text},
                       {"definition", state.document->definition},
                       {"input", state.raw_input},
                       {"startedAt", moment(state.started_at)}});
}

Json task_variable(RunState const& state, Frame const& frame) {
  if (frame.task == nullptr) return {};
  Json const* definition = state.document->definition.pointer(frame.task->pointer);
  return Json::object({{"name", frame.task->name},
                       {"reference", frame.task->pointer},
                       {"definition", definition == nullptr ? Json() : *definition},
                       {"input", frame.raw_input},
                       {"output", frame.raw_output},
                       {"startedAt", moment(frame.started_at)}});
}

Json runtime_variable() {
  return Json::object(
      {{"name", "fairlead"}, {"version", FAIRLEAD_VERSION}, {"metadata", Json::object()}});
}

// jq also takes "$ name": then everything is sent.
bool names(std::string_view text, std::string_view variable) {
  std::string const dollar = "$" + std::string(variable);
  return text.find(dollar) != std::string_view::npos || text.find("$ ") != std::string_view::npos ||
         text.find("$\n") != std::string_view::npos || text.find("$\t") != std::string_view::npos;
}

void collect_text(Json const& value, std::string& text) {
  if (value.is_string()) text += value.as_string() + "\n";
  for (auto const& item : value.items())
    collect_text(item, text);
  for (auto const& [name, member] : value.members())
    collect_text(member, text);
}

bool holds_expression(Json const& value) {
  if (value.is_string()) return expression::expression_in(value.as_string()).has_value();
  for (auto const& item : value.items()) {
    if (holds_expression(item)) return true;
  }
  for (auto const& [name, member] : value.members()) {
    if (holds_expression(member)) return true;
  }
  return false;
}

// Makes the items of one frame in one stage.
class Items {
 public:
  Items(RunState const& state, Frame const& frame) : state_(state), frame_(frame) {}

  [[nodiscard]] Item literal(Json value) const { return {.source = std::move(value)}; }

  [[nodiscard]] Item program(Expression const& expression, Json const& input) const {
    auto inner = expression::expression_in(expression.jq);
    std::string text = inner ? std::move(*inner) : expression.jq;
    Json seen = variables(text);
    return {.mode = Item::Mode::program,
            .source = std::move(text),
            .input = input,
            .variables = std::move(seen)};
  }

  // Only strings that are wholly "${ }" are expressions.
  [[nodiscard]] Item text(Json const& value, Json const& input) const {
    if (!holds_expression(value)) return literal(value);
    std::string all;
    collect_text(value, all);
    return {.mode = Item::Mode::text, .source = value, .input = input, .variables = variables(all)};
  }

  // A field that is an expression by nature: bare jq is allowed.
  [[nodiscard]] Item field(Json const& value, Json const& input) const {
    if (value.is_string()) return program(Expression{value.as_string()}, input);
    return text(value, input);
  }

  // A condition that is not written holds or not as `absent` says.
  [[nodiscard]] Item condition(std::optional<Expression> const& written, Json const& input,
                               Json absent) const {
    return written ? program(*written, input) : literal(std::move(absent));
  }

  [[nodiscard]] Item duration(std::optional<DurationValue> const& value, Json const& input) const {
    if (!value) return literal({});
    if (auto const* fixed = std::get_if<Milliseconds>(&*value)) {
      return literal(Json::object({{"milliseconds", fixed->count()}}));
    }
    return program(std::get<Expression>(*value), input);
  }

  // The variables a text names, as a value; null if it names none.
  [[nodiscard]] Item seen_by(std::string_view text) const {
    Json seen = variables(text);
    return literal(seen.members().empty() ? Json() : std::move(seen));
  }

  [[nodiscard]] Json variables(std::string_view text) const {
    Json all = Json::object();
    bool const before_input = frame_.stage == Stage::condition || frame_.stage == Stage::input;
    if (names(text, "context")) all.set("context", state_.context);
    if (names(text, "input")) all.set("input", before_input ? frame_.raw_input : frame_.input);
    if (names(text, "output")) {
      all.set("output", frame_.stage == Stage::exporting ? frame_.output : frame_.raw_output);
    }
    if (names(text, "secrets")) all.set("secrets", Json::object());
    if (names(text, "task")) all.set("task", task_variable(state_, frame_));
    if (names(text, "workflow")) all.set("workflow", workflow_variable(state_));
    if (names(text, "runtime")) all.set("runtime", runtime_variable());
    add_bindings(text, all);
    return all;
  }

  [[nodiscard]] workflow::Document const& document() const { return *state_.document; }

 private:
  // Inner names hide outer ones.
  void add_bindings(std::string_view text, Json& all) const {
    std::vector<Frame const*> path;
    for (Frame const* each = &frame_;;) {
      path.push_back(each);
      if (each->parent == 0) break;
      each = &state_.frames.at(each->parent);
    }
    for (auto each = path.rbegin(); each != path.rend(); ++each) {
      for (auto const& [name, value] : (*each)->bindings) {
        if (names(text, name)) all.set(name, value);
      }
    }
  }

  RunState const& state_;
  Frame const& frame_;
};

using Needed = std::vector<Item>;

Needed arguments(Items const&, Frame const&, workflow::DoTask const&) { return {}; }
Needed arguments(Items const&, Frame const&, workflow::TryTask const&) { return {}; }
Needed arguments(Items const&, Frame const&, workflow::ForkTask const&) { return {}; }
Needed arguments(Items const& make, Frame const& frame, workflow::RunWorkflowTask const& run) {
  return {run.input.is_null() ? make.literal(Json::object()) : make.text(run.input, frame.input)};
}
Needed arguments(Items const& make, Frame const& frame, workflow::CallTask const& call) {
  Needed items{make.text(arguments_to_evaluate(make.document(), call), frame.input)};
  if (expression::expression_in(call.connection))
    items.push_back(make.text(Json(call.connection), frame.input));
  return items;
}
Needed arguments(Items const& make, Frame const& frame, workflow::SetTask const& set) {
  return {make.text(set.value, frame.input)};
}
Needed arguments(Items const& make, Frame const& frame, workflow::SwitchTask const& choice) {
  Needed items;
  for (auto const& each : choice.cases) {
    if (each.when) items.push_back(make.program(*each.when, frame.input));
  }
  return items;
}
Needed arguments(Items const& make, Frame const& frame, workflow::WaitTask const& wait) {
  return {make.duration(wait.duration, frame.input)};
}
Needed arguments(Items const& make, Frame const& frame, workflow::RaiseTask const& raise) {
  return {make.text(raise.error, frame.input)};
}
Needed arguments(Items const& make, Frame const& frame, workflow::ForTask const& loop) {
  return {make.field(loop.in, frame.input)};
}
Needed arguments(Items const& make, Frame const& frame, workflow::EmitTask const& emit) {
  return {make.text(emit.event, frame.input)};
}

// What the filter's expressions name; texts around them are no expressions.
std::string programs_in(workflow::EventFilter const& filter) {
  std::string all;
  for (auto const& [name, wanted] : filter.with.members()) {
    if (expression::expression_in(wanted.as_string())) all += wanted.as_string() + "\n";
  }
  for (auto const& [name, correlation] : filter.correlate.members())
    all += correlation["from"].as_string() + " ";
  return all;
}

// First what the correlations expect, by filter; then for each filter what its expressions see.
Needed arguments(Items const& make, Frame const& frame, workflow::ListenTask const& listen) {
  Json expected = Json::array();
  for (auto const& filter : listen.filters) {
    Json of_filter = Json::object();
    for (auto const& [name, correlation] : filter.correlate.members()) {
      if (correlation.contains("expect")) of_filter.set(name, correlation["expect"]);
    }
    expected.push_back(std::move(of_filter));
  }
  Needed items{make.text(expected, frame.input)};
  for (auto const& filter : listen.filters)
    items.push_back(make.seen_by(programs_in(filter)));
  return items;
}

Needed deciding(Items const& make, Frame const& frame) {
  if (auto const* loop = std::get_if<workflow::ForTask>(&frame.task->body)) {
    return {make.condition(loop->while_, std::get<ForState>(frame.body).value, true)};
  }
  auto const& attempt = std::get<workflow::TryTask>(frame.task->body);
  return {make.condition(attempt.when, frame.input, true),
          make.condition(attempt.except_when, frame.input, false)};
}

Needed retrying(Items const& make, Frame const& frame) {
  auto const& retry = *std::get<workflow::TryTask>(frame.task->body).retry;
  return {make.condition(retry.when, frame.input, true),
          make.condition(retry.except_when, frame.input, false)};
}

Needed transformed(Items const& make, Json const& as, Json const& value) {
  return {as.is_null() ? make.literal(value) : make.field(as, value)};
}

Needed inputs(Items const& make, RunState const& state, Frame const& frame) {
  bool const root = frame.task == nullptr;
  Json const& from = root ? state.document->input_from : frame.task->input_from;
  auto const& timeout = root ? state.document->timeout : frame.task->timeout;
  return {from.is_null() ? make.literal(frame.raw_input) : make.field(from, frame.raw_input),
          make.duration(timeout, frame.raw_input)};
}

Needed needed(RunState const& state, Frame const& frame) {
  Items const make(state, frame);
  switch (frame.stage) {
    case Stage::condition:
      return {make.condition(frame.task->condition, frame.raw_input, true)};
    case Stage::input:
      return inputs(make, state, frame);
    case Stage::arguments:
      return std::visit([&](auto const& body) { return arguments(make, frame, body); },
                        frame.task->body);
    case Stage::deciding:
      return deciding(make, frame);
    case Stage::retrying:
      return retrying(make, frame);
    case Stage::output:
      return transformed(make,
                         frame.task == nullptr ? state.document->output_as : frame.task->output_as,
                         frame.raw_output);
    case Stage::exporting:
      return transformed(make, frame.task->export_as, frame.output);
    default:
      break;
  }
  FAIRLEAD_ASSERT(false, "only evaluating stages need values");
  return {};
}

}  // namespace

Evaluate evaluation_for(RunState const& state, Frame const& frame) {
  Evaluate evaluation{.frame = frame.id, .stage = frame.stage, .items = needed(state, frame)};
  if (frame.stage == Stage::arguments &&
      std::holds_alternative<workflow::SwitchTask>(frame.task->body)) {
    evaluation.until = Evaluate::Until::first_true;
  }
  return evaluation;
}

Json variables_for(RunState const& state, Frame const& frame, std::string_view text) {
  return Items(state, frame).variables(text);
}

bool all_literal(Evaluate const& evaluation) {
  for (auto const& item : evaluation.items) {
    if (item.mode != Item::Mode::literal) return false;
  }
  return true;
}

}  // namespace fairlead::run
