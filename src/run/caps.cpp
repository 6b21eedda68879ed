#include "run/caps.h"

#include <utility>

#include "base/text.h"
#include "run/problem.h"

namespace fairlead::run {
namespace {

using What = decltype(Event::what);

constexpr std::size_t number_bytes = 12;  // most are shorter, few are longer

Evaluated capped(Evaluated answer, PayloadCaps const& caps) {
  std::size_t bytes = 0;
  for (auto const& value : answer.values)
    bytes += bytes_of(value);
  if (bytes <= caps.payload_bytes_max) return answer;
  answer.values.clear();
  answer.error =
      too_large("What the expressions of this task give has", bytes, caps.payload_bytes_max);
  return answer;
}

CallReturned capped(CallReturned answer, PayloadCaps const& caps) {
  std::size_t const bytes =
      bytes_of(answer.output) + (answer.wait ? bytes_of(answer.wait->state) : 0);
  if (answer.error || bytes <= caps.payload_bytes_max) return answer;
  answer.output = {};
  answer.wait.reset();
  answer.error =
      too_large(answer.effect == action::Effect::reads ? "The answer of the call has"
                                                       : "The call took effect, but its answer has",
                bytes, caps.payload_bytes_max);
  return answer;
}

ChildEnded capped(ChildEnded answer, PayloadCaps const& caps) {
  std::size_t const bytes = bytes_of(answer.output);
  if (bytes <= caps.payload_bytes_max) return answer;
  answer.output = {};
  answer.status = RunStatus::faulted;
  answer.problem =
      problem_from(too_large("The output of the child run has", bytes, caps.payload_bytes_max), "");
  return answer;
}

}  // namespace

std::size_t bytes_of(Json const& value) {
  switch (value.type()) {
    case Json::Type::null:
    case Json::Type::boolean:
      return 5;
    case Json::Type::integer:
    case Json::Type::number:
      return number_bytes;
    case Json::Type::string:
      return value.as_string().size() + 2;
    default:
      break;
  }
  std::size_t bytes = 2;
  for (auto const& item : value.items())
    bytes += bytes_of(item) + 1;
  for (auto const& [name, member] : value.members())
    bytes += name.size() + 4 + bytes_of(member);
  return bytes;
}

Error too_large(std::string const& what, std::size_t bytes, std::size_t bytes_max) {
  Error error = make_error(ErrorKind::invalid_input,
                           what + " about " + with_thousands(static_cast<long long>(bytes)) +
                               " bytes, and " + with_thousands(static_cast<long long>(bytes_max)) +
                               " is the most a payload may have.");
  error.title = "Payload too large";
  error.status = 413;
  error.remedy =
      "Ask for less (a filter, fewer fields, a page at a time), keep large data elsewhere and pass "
      "a link to it, or raise the server's payload cap.";
  error.details = Json::object({{"type", std::string(error_base) + "runtime"}, {"status", 413}});
  return error;
}

What within_caps(What what, PayloadCaps const& caps) {
  if (auto* answer = std::get_if<Evaluated>(&what)) return capped(std::move(*answer), caps);
  if (auto* answer = std::get_if<CallReturned>(&what)) return capped(std::move(*answer), caps);
  if (auto* answer = std::get_if<ChildEnded>(&what)) return capped(std::move(*answer), caps);
  return what;
}

}  // namespace fairlead::run
