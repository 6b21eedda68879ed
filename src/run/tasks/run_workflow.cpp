// run: another workflow as a run of its own, with its own page and journal.
//
// The child's id follows from the parent's id, place and visit, so asking for it twice gives one
// child. It is created in the same commit as the parent's entry `child-started`; when it ends, its
// last commit sets a timer of the parent (run/children.h), which brings `child-ended`. In between
// the parent is a row.
#include "run/problem.h"
#include "run/tasks/tasks.h"
#include "vault/digest.h"

namespace fairlead::run::tasks {
namespace {

using Await = workflow::RunWorkflowTask::Await;

constexpr std::size_t seed_digits = 13;  // of 4 bits: below 2^53

// A UUID of version 7 whose random part is the digest: sorts by time as other runs do.
RunId child_id(std::string const& digest, Time now) {
  auto const ms = static_cast<std::uint64_t>(to_epoch_ms(now));
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (int shift = 44; shift >= 0; shift -= 4)
    hex += digits[(ms >> static_cast<unsigned>(shift)) & 0xFU];
  hex += "7" + digest.substr(0, 3) + "8" + digest.substr(3, 15);
  for (std::size_t const at : {20U, 16U, 12U, 8U})
    hex.insert(at, 1, '-');
  return RunId(std::move(hex));
}

void start(Machine& m, Frame const& frame, ChildState const& child) {
  m.commands.emplace_back(
      StartRun{.frame = frame.id,
               .child = child,
               .parent = {.run = m.state.id, .task = frame.pointer(), .await = child.await},
               .depth = m.state.depth + 1});
}

Json problem_of(Frame const& frame, ChildState const& child, ChildEnded const& over) {
  if (over.status == RunStatus::cancelled) {
    Json problem =
        make_problem({.kind = "runtime",
                      .status = 499,
                      .title = "Child run cancelled",
                      .detail = "What this task waited for, " + child.words() + ", was cancelled."},
                     frame.pointer());
    problem.set("run", Json::object({{"id", child.run.text}}));
    return problem;
  }
  Json problem = over.problem;
  Json origin = Json::object({{"id", child.run.text}, {"instance", problem["instance"]}});
  // Of a grandchild: the innermost one says most.
  if (Json const* inner = problem.find("run")) origin.set("cause", *inner);
  std::string detail = problem["detail"].as_string();
  if (!detail.empty()) detail += " ";
  problem.set("detail", detail + "(in " + child.words() + ")");
  problem.set("instance", frame.pointer());
  problem.set("run", std::move(origin));
  return problem;
}

}  // namespace

void run_input_known(Machine& m, Frame& frame, Input& in) {
  auto const& task = std::get<workflow::RunWorkflowTask>(frame.task->body);
  if (m.state.depth >= runs_nested_max) {
    m.fault(frame, m.problem(frame, "runtime", 500, "Runs nested too deep",
                             "There are " + std::to_string(runs_nested_max) +
                                 " runs above this one, which is the most: does " +
                                 task.workflow_namespace + "/" + task.name +
                                 " start itself without an end?"));
    return;
  }
  std::string const place = m.place_of(frame);
  int const visit = ++m.state.effects[place].generation;
  std::string const digest =
      vault::sha256_hex(m.state.id.text + "\n" + place + "\n" + std::to_string(visit));
  ChildState child{.run = child_id(digest, m.now),
                   .seed = std::stoull(digest.substr(digest.size() - seed_digits), nullptr, 16),
                   .workflow_namespace = task.workflow_namespace,
                   .name = task.name,
                   .version = task.version,
                   .input = std::move(in.values.at(0)),
                   .await = task.await};
  m.note("child-intended", frame.pointer(),
         Json::object({{"run", child.run.text},
                       {"namespace", child.workflow_namespace},
                       {"name", child.name},
                       {"version", child.version},
                       {"await", child.await == Await::yes},
                       {"input", child.input}}));
  frame.stage = Stage::starting;
  start(m, frame, child);
  frame.body = std::move(child);
}

void run_begin_again(Machine& m, Frame& frame, Input&) {
  start(m, frame, std::get<ChildState>(frame.body));
}

void run_begun(Machine& m, Frame& frame, Input& in) {
  auto& child = std::get<ChildState>(frame.body);
  if (in.begun->error) {
    m.fault(frame, problem_from(*in.begun->error, frame.pointer()));
    return;
  }
  if (child.await == Await::no) {
    m.complete(frame, frame.input);
    return;
  }
  child.version = in.begun->version;
  child.input = {};
  frame.stage = Stage::awaiting;
  m.note("waiting", frame.pointer(), Json::object({{"waitingFor", child.words()}}));
}

void run_over(Machine& m, Frame& frame, Input& in) {
  ChildState const child = std::move(std::get<ChildState>(frame.body));
  frame.body = std::monostate{};
  if (in.over->status == RunStatus::completed) {
    m.complete(frame, in.over->output);
  } else {
    m.fault(frame, problem_of(frame, child, *in.over));
  }
}

bool waits_for_child(Frame const& frame) {
  auto const* child = std::get_if<ChildState>(&frame.body);
  return child != nullptr && child->await == Await::yes;
}

void hold_children(Machine& m, HoldRun::What what) {
  for (auto const& [id, frame] : m.state.frames) {
    // One that is being made is told when it is there.
    bool const there = what == HoldRun::What::resume || frame.stage == Stage::awaiting;
    if (there && waits_for_child(frame))
      m.commands.emplace_back(HoldRun{.run = std::get<ChildState>(frame.body).run, .what = what});
  }
}

void child_abandoned(Machine& m, Frame const& frame, std::string_view reason) {
  auto const* child = std::get_if<ChildState>(&frame.body);
  if (child == nullptr || frame.stage != Stage::awaiting) return;
  m.note("child-cancelled", frame.pointer(),
         Json::object({{"run", child->run.text}, {"reason", std::string(reason)}}));
  m.commands.emplace_back(CancelRun{child->run});
}

}  // namespace fairlead::run::tasks
