#include "tests/sim/sim_evaluator.h"

extern "C" {
#include <jq.h>
#include <jv.h>
}

#include "expression/frame.h"
#include "expression/native.h"

namespace fairlead::sim {
namespace {

struct JqDeleter {
  void operator()(jq_state* state) const { jq_teardown(&state); }
};
using Jq = std::unique_ptr<jq_state, JqDeleter>;

std::string text_of(jv value) {
  if (jv_get_kind(value) != JV_KIND_STRING) value = jv_dump_string(value, 0);
  std::string text(jv_string_value(value),
                   static_cast<std::size_t>(jv_string_length_bytes(jv_copy(value))));
  jv_free(value);
  return text;
}

void ignore(void*, jv message) { jv_free(message); }

}  // namespace

struct SimEvaluator::Programs {
  std::map<std::string, Jq> compiled;
};

SimEvaluator::SimEvaluator() : programs_(std::make_unique<Programs>()) {}
SimEvaluator::~SimEvaluator() = default;

Result<Json> SimEvaluator::evaluate(expression::Evaluation const& evaluation) {
  if (auto value = expression::evaluate_native(evaluation)) return std::move(*value);
  std::vector<std::string> names;
  for (auto const& [name, value] : evaluation.variables.members())
    names.push_back(name);
  FAIRLEAD_TRY(auto const frame, expression::frame_program(evaluation.program, names));
  Jq& program = programs_->compiled[frame];
  if (!program) {
    Jq made(jq_init());
    jq_set_error_cb(made.get(), &ignore, nullptr);
    if (jq_compile(made.get(), frame.c_str()) == 0)
      return invalid_input(evaluation.program, "jq: does not compile");
    program = std::move(made);
  }
  std::string const input =
      Json::object({{"d", evaluation.input}, {"v", evaluation.variables}, {"n", 0}}).dump();
  jq_start(program.get(), jv_parse_sized(input.data(), static_cast<int>(input.size())), 0);
  jv const result = jq_next(program.get());
  if (jv_is_valid(result) != 0) return Json::parse(text_of(jv_dump_string(result, 0)));
  if (jv_invalid_has_msg(jv_copy(result)) != 0)
    return invalid_input(evaluation.program, text_of(jv_invalid_get_msg(result)));
  jv_free(result);
  return Json();
}

}  // namespace fairlead::sim
