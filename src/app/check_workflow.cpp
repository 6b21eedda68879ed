#include "app/check_workflow.h"

#include <memory>

#include "app/action_lookup.h"
#include "expression/helper_pool.h"
#include "gitlab/hook_wishes.h"
#include "workflow/parse.h"

namespace fairlead::app {
namespace {

struct Checker {
  explicit Checker(Clock const& clock) : catalogue(every_action()), evaluator(clock) {}

  action::Catalogue catalogue;
  CatalogueLookup lookup{catalogue};
  expression::HelperPool evaluator;
};

}  // namespace

cli::WorkflowCheck make_workflow_check(Clock const& clock) {
  return [&clock, checker = std::shared_ptr<Checker>()](std::string const& source) mutable {
    if (!checker) checker = std::make_shared<Checker>(clock);
    auto validation = workflow::validate(source, checker->lookup, &checker->evaluator);
    gitlab::add_hook_problems(validation, source);
    return Result<Json>(to_json(validation));
  };
}

}  // namespace fairlead::app
