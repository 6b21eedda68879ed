// emit: a CloudEvent into the inbox. Its id comes from the run and the place, so handing it over
// twice is harmless.
#include "run/problem.h"
#include "run/tasks/tasks.h"
#include "vault/digest.h"

namespace fairlead::run::tasks {
namespace {

constexpr std::size_t id_length = 32;

// What the author left out.
void fill_in(Json& event, std::string_view attribute, Json value) {
  if (!event.contains(attribute)) event.set(attribute, std::move(value));
}

}  // namespace

void emit_event_known(Machine& m, Frame& frame, Input& in) {
  Json event = Json::object({{"specversion", "1.0"}});
  for (auto& [name, value] : in.values.at(0).make_object())
    event.set(name, std::move(value));
  auto const& document = *m.state.document;
  int const number = ++m.state.effects[m.place_of(frame)].generation;
  fill_in(
      event, "id",
      vault::sha256_hex(m.state.id.text + "\n" + m.place_of(frame) + "\n" + std::to_string(number))
          .substr(0, id_length));
  fill_in(event, "source",
          "/workflows/" + document.workflow_namespace + "/" + document.name + "/runs/" +
              m.state.id.text);
  fill_in(event, "time", format_time(m.now));
  fill_in(event, "datacontenttype", "application/json");
  frame.stage = Stage::emitting;
  frame.body = EmitState{.event = event};
  m.commands.emplace_back(Emit{.frame = frame.id, .event = std::move(event)});
}

void emit_done(Machine& m, Frame& frame, Input& in) {
  if (!in.error.message.empty()) {
    m.fault(frame, problem_from(in.error, frame.pointer()));
    return;
  }
  Json event = std::move(std::get<EmitState>(frame.body).event);
  m.complete(frame, std::move(event));
}

void emit_again(Machine& m, Frame& frame, Input&) {
  m.commands.emplace_back(Emit{.frame = frame.id, .event = std::get<EmitState>(frame.body).event});
}

}  // namespace fairlead::run::tasks
