// SimEvaluator: jq in the simulation's own process, without helpers, budgets or clocks.
//
// The helper pool has its own tests; here the same programs must give the same values in the same
// order on every machine. The programs are the simulation's own. One thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "expression/evaluator.h"

namespace fairlead::sim {

class SimEvaluator final : public expression::Evaluator {
 public:
  SimEvaluator();
  ~SimEvaluator() override;
  Result<Json> evaluate(expression::Evaluation const& evaluation) override;
  Result<void> check(std::string_view, std::vector<std::string> const&) override { return {}; }

 private:
  struct Programs;
  std::unique_ptr<Programs> programs_;
};

}  // namespace fairlead::sim
