// AskedOnce: an evaluator for one event, which asks what it was asked before only once.
//
// A thousand runs that wait with the same filter and the same values of their variables are one
// question, also if the answer is an error. What was answered is forgotten with the object, and no
// more than answers_bytes_max of it is kept: what goes beyond is asked each time. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "expression/evaluator.h"

namespace fairlead::run {

inline constexpr std::size_t answers_bytes_max = std::size_t{8} * 1024 * 1024;

class AskedOnce final : public expression::Evaluator {
 public:
  // `evaluator` outlives it.
  explicit AskedOnce(expression::Evaluator& evaluator) : evaluator_(evaluator) {}
  Result<Json> evaluate(expression::Evaluation const& evaluation) override;
  Result<void> check(std::string_view program, std::vector<std::string> const& variables) override {
    return evaluator_.check(program, variables);
  }

 private:
  [[nodiscard]] std::size_t number_of(Json const& input);

  expression::Evaluator& evaluator_;
  std::vector<Json> inputs_;  // the event and the members of it that filters look at
  std::unordered_map<std::string, Result<Json>> answers_;
  std::size_t bytes_{0};
};

}  // namespace fairlead::run
