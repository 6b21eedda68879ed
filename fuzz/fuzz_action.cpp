// Fuzz target: typed decoding by schema, both ways. A document {action, input, answer}: the input
// is checked and planned as any user's would be, then the action runs against a GitLab that gives
// this answer to whatever it is asked. Nothing may crash or hang; a planned request is well-formed.
#include <cstdint>
#include <string_view>

#include "action/catalogue.h"
#include "base/assert.h"
#include "gitlab/actions.h"

using namespace fairlead;

namespace {

constexpr int requests_max = 200;

// Gives the same answer to everything, a bounded number of times.
class SameAnswer final : public action::Api {
 public:
  explicit SameAnswer(Json answer) : answer_(std::move(answer)) {}

  Result<action::Response> send(action::Request const& request) override {
    FAIRLEAD_CHECK(count(request));
    return action::Response{.status = 200, .headers = {}, .body = answer_, .text = {}};
  }
  Result<action::ListSummary> list(action::Request const& request, action::ListOptions const&,
                                   action::ItemSink const& sink) override {
    FAIRLEAD_CHECK(count(request));
    action::ListSummary summary;
    for (auto const& item : answer_.items()) {
      FAIRLEAD_CHECK(sink(item));
      ++summary.count;
    }
    return summary;
  }
  Result<Json> account() override {
    return Json::object({{"id", 7}, {"username", "alice"}, {"name", "Alice"}});
  }
  std::string const& base_url() const override { return base_url_; }

 private:
  Result<void> count(action::Request const& request) {
    FAIRLEAD_ASSERT(request.path.starts_with("/"), "a path is below the API's root");
    for (char const c : request.path)
      FAIRLEAD_ASSERT(c > 0x20 && c < 0x7f, "a path is encoded");
    if (++asked_ > requests_max) return make_error(ErrorKind::unavailable, "asked too often");
    return {};
  }

  Json answer_;
  std::string base_url_{"https://gitlab.example.com"};
  int asked_{0};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static action::Catalogue const catalogue(gitlab::all_actions());
  static SystemClock const clock;
  auto const document = Json::parse({reinterpret_cast<char const*>(data), size});
  if (!document.ok()) return 0;
  auto const found = catalogue.find("gitlab", (*document)["action"].as_string());
  if (!found.ok()) return 0;
  action::Action const& action = **found;
  Json const& input = (*document)["input"];
  if (!action.check(input).ok()) return 0;
  auto const planned = action.plan(nullptr, input);
  FAIRLEAD_ASSERT(planned.ok() || !planned.error().message.empty(), "a refusal has words");
  SameAnswer api((*document)["answer"]);
  action::Context context{.api = api,
                          .clock = clock,
                          .marker = {.id = "run-1.task-1", .first_attempt_at = {}},
                          .wait_state = (*document)["waitState"],
                          .sink = nullptr};
  auto const outcome = action.run(context, input);
  FAIRLEAD_ASSERT(outcome.ok() || !outcome.error().message.empty(), "a failure has words");
  if (action.find_existing) static_cast<void>(action.find_existing(context, input));
  return 0;
}
