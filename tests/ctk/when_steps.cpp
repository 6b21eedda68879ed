// Steps in which something happens: a run starts, time passes, an event arrives, the server dies.
#include <array>

#include "steps.h"

namespace fairlead::ctk {
namespace {

using Done = Result<void>;

Done ready(World& world) {
  if (!world.problems().empty())
    return invalid_input(
        "", "The workflow is refused: " + workflow::describe(world.problems().front()));
  if (!world.defined()) return invalid_input("", "No workflow was given.");
  return {};
}

Done executed(World& world, Arguments const&) {
  FAIRLEAD_CHECK(ready(world));
  FAIRLEAD_CHECK(world.start());
  return world.run_to_the_end();
}

Done started(World& world, Arguments const&) {
  FAIRLEAD_CHECK(ready(world));
  return world.start();
}

Done published(World& world, Arguments const&) {
  FAIRLEAD_CHECK(ready(world));
  return world.settle();
}

Done passes(World& world, Arguments const& given) { return world.pass(given.duration(0)); }
Done ends(World& world, Arguments const&) { return world.run_to_the_end(); }
Done cancelled(World& world, Arguments const&) { return world.cancel(); }
Done restarts(World& world, Arguments const&) { return world.restart(); }

// What CloudEvents requires and the scenario leaves out is filled in.
Done event_arrives(World& world, Arguments const& given) {
  FAIRLEAD_CHECK(ready(world));
  FAIRLEAD_TRY(auto event, given.value());
  if (!event.contains("specversion")) event.set("specversion", "1.0");
  if (!event.contains("source")) event.set("source", "https://events.example.com");
  if (!event.contains("id")) {
    FAIRLEAD_TRY(auto before, world.events());
    event.set("id", "event-" + std::to_string(before.size() + 1));
  }
  return world.deliver(event);
}

constexpr std::array rows{
    StepRow{"the workflow is executed", executed},
    StepRow{"the workflow is started", started},
    StepRow{"the workflow is published", published},
    StepRow{"the run goes on to its end", ends},
    StepRow{"{duration} pass", passes},
    StepRow{"{duration} passes", passes},
    StepRow{"the event arrives", event_arrives},
    StepRow{"the workflow is cancelled", cancelled},
    StepRow{"the server restarts", restarts},
};

}  // namespace

std::span<StepRow const> when_steps() { return rows; }

}  // namespace fairlead::ctk
