// Steps that prepare: workflows, input, the clock, what GitLab and public hosts answer.
#include <array>

#include "steps.h"

namespace fairlead::ctk {
namespace {

using Done = Result<void>;

Done subject(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto text, given.text());
  return world.define(std::move(text), World::Role::subject);
}

Done another(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto text, given.text());
  return world.define(std::move(text), World::Role::other);
}

Done input(World& world, Arguments const& given) {
  FAIRLEAD_TRY(world.input, given.value());
  return {};
}

Done time(World& world, Arguments const& given) {
  auto const parsed = parse_time(given[0]);
  if (!parsed) return invalid_input("", "'" + given[0] + "' is no time as RFC 3339 writes it.");
  world.clock().set_now(*parsed);
  return {};
}

Done secret(World& world, Arguments const& given) {
  world.secrets().set(given[0], given[1]);
  return {};
}

// {status?, kind?, title?, message?, details?} of a failing action.
Done read_failure(Arguments const& given, Error& error) {
  FAIRLEAD_TRY(auto json, given.value());
  auto const kind = error_kind_from(json["kind"].string_or("corrupt"));
  if (!kind)
    return invalid_input("kind", "There is no kind of error '" + json["kind"].as_string() + "'.");
  error.kind = *kind;
  error.status = static_cast<int>(json["status"].as_integer());
  error.title = json["title"].string_or("");
  error.message = json["message"].string_or("The action failed.");
  error.details = json["details"];
  if (auto const* wait = json.find("retryAfterMs"); wait != nullptr)
    error.retry_after = Milliseconds(wait->as_integer());
  return {};
}

Done action_answers(World& world, Arguments const& given) {
  FAIRLEAD_TRY(auto output, given.value());
  world.actions().answer(given[0], std::move(output));
  return {};
}

Done action_fails(World& world, Arguments const& given) {
  Error error;
  FAIRLEAD_CHECK(read_failure(given, error));
  world.actions().fail(given[0], std::move(error));
  return {};
}

Done action_fails_first(World& world, Arguments const& given) {
  Error error;
  FAIRLEAD_CHECK(read_failure(given, error));
  world.actions().fail_first(given[0], std::move(error), given.number(1));
  return {};
}

StubAnswer stub_answer(int status) { return StubAnswer{.status = status}; }

Done host_answers(World& world, Arguments const& given) {
  auto answer = stub_answer(given.number(2));
  if (given.step->doc) {
    FAIRLEAD_TRY(answer.body, given.value());
  }
  world.stub().answer(given[0] + " " + given[1], std::move(answer));
  return {};
}

Done host_answers_first(World& world, Arguments const& given) {
  auto answer = stub_answer(given.number(2));
  if (given.step->doc) {
    FAIRLEAD_TRY(answer.body, given.value());
  }
  world.stub().answer_first(given[0] + " " + given[1], std::move(answer), given.number(3));
  return {};
}

Done host_answers_text(World& world, Arguments const& given) {
  auto answer = stub_answer(200);
  FAIRLEAD_TRY(answer.text, given.text());
  if (answer.text.ends_with('\n')) answer.text.pop_back();
  answer.content_type = given[2];
  world.stub().answer(given[0] + " " + given[1], std::move(answer));
  return {};
}

Done host_redirects(World& world, Arguments const& given) {
  auto answer = stub_answer(given.number(2));
  answer.headers.add("Location", given[3]);
  world.stub().answer(given[0] + " " + given[1], std::move(answer));
  return {};
}

constexpr std::array rows{
    StepRow{"a workflow with definition", subject},
    StepRow{"another workflow with definition", another},
    StepRow{"the workflow input is", input},
    StepRow{"the time is {text}", time},
    StepRow{"the secret {text} is {text}", secret},
    StepRow{"the action {text} answers", action_answers},
    StepRow{"the action {text} fails", action_fails},
    StepRow{"the action {text} first fails {number} times", action_fails_first},
    StepRow{"{word} {text} answers {number}", host_answers},
    StepRow{"{word} {text} first answers {number} for {number} times", host_answers_first},
    StepRow{"{word} {text} answers text of type {text}", host_answers_text},
    StepRow{"{word} {text} answers {number} leading to {text}", host_redirects},
};

}  // namespace

std::span<StepRow const> given_steps() { return rows; }

}  // namespace fairlead::ctk
