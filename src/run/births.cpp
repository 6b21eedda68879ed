#include "run/births.h"

#include <utility>

#include "run/problem.h"
#include "run/shard.h"

namespace fairlead::run {
namespace {

// The task is still about to start this very child.
bool is_expected(RunState const& state, StartRun const& command) {
  auto const frame = state.frames.find(command.frame);
  if (frame == state.frames.end() || frame->second.stage != Stage::starting) return false;
  auto const* child = std::get_if<ChildState>(&frame->second.body);
  return child != nullptr && child->run == command.child.run;
}

// A workflow that does not exist is a mistake in the one that names it.
Error cannot_start(ChildState const& child, Error error) {
  error.message = "The workflow " + child.workflow_namespace + "/" + child.name +
                  (child.version.empty() ? std::string() : ":" + child.version) +
                  " cannot be run: " + error.message;
  error.title = "No such workflow";
  error.details =
      Json::object({{"type", std::string(error_base) + "configuration"}, {"status", 400}});
  return error;
}

Error no_room() {
  Error error = make_error(ErrorKind::unavailable, "Too many runs are active to start another.");
  error.title = "Too many runs";
  error.remedy = "Start fewer at a time, or retry it later with `try` and `retry`.";
  return error;
}

// Runs that wait to start another count as active: this leaves them room to do it.
constexpr std::size_t room_for_children = 2;

}  // namespace

ActiveRun::ActiveRun() = default;
ActiveRun::~ActiveRun() = default;

void Shard::start_child(ActiveRun& run, StartRun const& command) {
  ChildState const& child = command.child;
  if (!is_expected(run.state, command)) {
    --run.effects;
    return;
  }
  ChildStarted answer{.frame = command.frame, .run = child.run};
  auto document = parts_.library.get({child.workflow_namespace, child.name, child.version});
  if (!document.ok() && document.error().kind == ErrorKind::unavailable) {
    backlog_.push_back({.run = run.state.id, .incarnation = run.incarnation, .work = command});
    return;
  }
  --run.effects;
  if (!document.ok()) {
    answer.error = cannot_start(child, std::move(document).error());
  } else if (runs_.size() - idle_.size() + run.births.size() >
             limits_.active_max * room_for_children) {
    answer.error = no_room();
  } else {
    answer.version = (*document)->version;
    run.births.push_back(std::make_unique<Birth>(Birth{
        .made = make_run({.document = *document,
                          .input = child.input,
                          .cause = "run " + command.parent.run.text + ", " + command.parent.task,
                          .lifecycle = &parts_.lifecycle,
                          .parent = command.parent,
                          .depth = command.depth},
                         {.id = child.run, .seed = child.seed}, parts_.clock.now())}));
  }
  apply(run, std::move(answer), nullptr);
}

}  // namespace fairlead::run
