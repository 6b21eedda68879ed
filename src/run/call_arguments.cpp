#include "run/call_arguments.h"

#include <algorithm>
#include <array>

#include "expression/evaluator.h"
#include "net/uri_template.h"
#include "run/evaluations.h"
#include "workflow/secret_names.h"

namespace fairlead::run {
namespace {

using action::LatePlace;
using workflow::CallTask;
using workflow::Document;

// A policy as it stands in the document.
constexpr std::array<std::string_view, 2> policy_places{"/endpoint/authentication",
                                                        "/authentication"};
constexpr std::array<std::string_view, 4> template_places{
    "/endpoint", "/endpoint/uri", "/document/endpoint", "/document/endpoint/uri"};
constexpr std::array<std::string_view, 2> issuing_kinds{"oauth2", "oidc"};

bool is_outside_call(CallTask const& call) {
  return call.kind == CallTask::Kind::http || call.kind == CallTask::Kind::openapi;
}

// The value at a pointer whose parts need no unescaping.
Json* at_pointer(Json& value, std::string_view pointer) {
  auto const* found = value.pointer(pointer);
  return const_cast<Json*>(found);  // NOLINT: `value` itself is not const
}

void put_policy(Document const& document, Json& with, std::string_view pointer) {
  Json* policy = at_pointer(with, pointer);
  if (policy == nullptr || !(*policy)["use"].is_string()) return;
  // An unknown name stays and is refused by the call.
  if (auto const* named = document.authentications.find((*policy)["use"].as_string()))
    *policy = *named;
}

// `with` as the document means it: only needed where there are policies or secrets.
Json written_out(Document const& document, CallTask const& call) {
  Json with = call.with;
  if (!is_outside_call(call)) return with;
  for (auto const pointer : policy_places)
    put_policy(document, with, pointer);
  if (Json* endpoint = at_pointer(with, "/document/endpoint"); endpoint != nullptr)
    put_policy(document, *endpoint, "/authentication");
  return with;
}

bool may_be_late(Document const& document) { return !document.secrets.empty(); }

bool declared(Document const& document, std::string const& name) {
  return std::find(document.secrets.begin(), document.secrets.end(), name) !=
         document.secrets.end();
}

// Finds the places of one `with`.
class LatePlaces {
 public:
  explicit LatePlaces(Document const& document) : document_(document) {}

  std::vector<LatePlace> of(CallTask const& call, Json const& with) {
    texts(with, "");
    if (is_outside_call(call)) {
      for (auto const pointer : policy_places)
        policy(with, std::string(pointer));
      policy(with, "/document/endpoint/authentication");
    }
    return std::move(places_);
  }

 private:
  void texts(Json const& value, std::string const& pointer) {
    if (value.is_string()) text(value.as_string(), pointer);
    for (std::size_t i = 0; i < value.items().size(); ++i)
      texts(value.at(i), pointer + "/" + std::to_string(i));
    for (auto const& [name, member] : value.members())
      texts(member, pointer + "/" + pointer_token(name));
  }

  void text(std::string const& value, std::string const& pointer) {
    if (value.find("secrets") == std::string::npos) return;
    auto program = expression::expression_in(value);
    if (!program) return;
    auto named = workflow::secrets_named(*program);
    std::erase_if(named.names, [&](auto const& name) { return !declared(document_, name); });
    if (named.names.empty()) return;
    places_.push_back({.pointer = pointer, .text = *program, .secrets = std::move(named.names)});
  }

  // {basic: {use: <secret>}}
  void policy(Json const& with, std::string const& pointer) {
    auto const* found = with.pointer(pointer);
    if (found == nullptr) return;
    for (auto const& [kind, properties] : found->members()) {
      auto const& name = properties["use"];
      if (!name.is_string() || !declared(document_, name.as_string())) continue;
      places_.push_back({.pointer = pointer + "/" + kind,
                         .kind = LatePlace::Kind::secret,
                         .text = name.as_string(),
                         .secrets = {name.as_string()}});
    }
  }

  Document const& document_;
  std::vector<LatePlace> places_;
};

Result<void> fill_template(Json const& written, Json& arguments, std::string_view pointer,
                           Json const& input) {
  auto const* text = written.pointer(pointer);
  if (text == nullptr || !text->is_string()) return {};
  if (expression::expression_in(text->as_string())) return {};
  FAIRLEAD_TRY(auto filled, net::expand_uri_template(text->as_string(), input));
  *at_pointer(arguments, pointer) = std::move(filled);
  return {};
}

Result<void> fill_templates(CallTask const& call, Json const& written, Json& arguments,
                            Json const& input) {
  if (!is_outside_call(call)) return {};
  for (auto const pointer : template_places)
    FAIRLEAD_CHECK(fill_template(written, arguments, pointer, input));
  for (auto const policy : policy_places) {
    for (auto const kind : issuing_kinds) {
      FAIRLEAD_CHECK(fill_template(
          written, arguments, std::string(policy) + "/" + std::string(kind) + "/authority", input));
    }
  }
  return {};
}

}  // namespace

Json arguments_to_evaluate(Document const& document, CallTask const& call) {
  if (!is_outside_call(call) && !may_be_late(document)) return call.with;
  Json with = written_out(document, call);
  if (!may_be_late(document)) return with;
  for (auto const& place : LatePlaces(document).of(call, with)) {
    if (place.kind == LatePlace::Kind::program) *at_pointer(with, place.pointer) = nullptr;
  }
  return with;
}

Result<Json> finished_arguments(Document const& document, Frame const& frame, Json values) {
  auto const& call = std::get<CallTask>(frame.task->body);
  if (!is_outside_call(call) && !may_be_late(document)) return values;
  Json const written = written_out(document, call);
  if (may_be_late(document)) {
    for (auto const& place : LatePlaces(document).of(call, written)) {
      if (place.kind == LatePlace::Kind::program)
        *at_pointer(values, place.pointer) = *written.pointer(place.pointer);
    }
  }
  FAIRLEAD_CHECK(fill_templates(call, written, values, frame.input));
  return values;
}

action::LateArguments late_arguments(RunState const& state, Frame const& frame) {
  auto const& document = *state.document;
  if (!may_be_late(document)) return {};
  auto const& call = std::get<CallTask>(frame.task->body);
  action::LateArguments late;
  late.places = LatePlaces(document).of(call, written_out(document, call));
  if (late.places.empty()) return late;
  std::string programs;
  for (auto const& place : late.places) {
    if (place.kind == LatePlace::Kind::program) programs += place.text + "\n";
  }
  late.workflow =
      document.workflow_namespace + "/" + document.name + " (version " + document.version + ")";
  if (programs.empty()) return late;
  late.input = frame.input;
  late.variables = variables_for(state, frame, programs);
  late.variables.erase("secrets");
  return late;
}

}  // namespace fairlead::run
