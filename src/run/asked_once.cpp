#include "run/asked_once.h"

#include <algorithm>
#include <utility>

namespace fairlead::run {

std::size_t AskedOnce::number_of(Json const& input) {
  auto const found = std::find(inputs_.begin(), inputs_.end(), input);
  if (found == inputs_.end()) {
    inputs_.push_back(input);
    return inputs_.size() - 1;
  }
  return static_cast<std::size_t>(found - inputs_.begin());
}

Result<Json> AskedOnce::evaluate(expression::Evaluation const& evaluation) {
  std::string key = std::to_string(number_of(evaluation.input)) + "\n" + evaluation.program + "\n" +
                    evaluation.variables.dump();
  if (auto const found = answers_.find(key); found != answers_.end()) return found->second;
  auto answer = evaluator_.evaluate(evaluation);
  std::size_t const bytes = key.size() + (answer.ok() ? answer->dump().size() : 0);
  if (bytes_ + bytes > answers_bytes_max) return answer;
  bytes_ += bytes;
  answers_.emplace(std::move(key), answer);
  return answer;
}

}  // namespace fairlead::run
