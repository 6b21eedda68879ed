// Runs every golden case through the real catalogue, invoker and GitLab client; only the network is
// scripted.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "action/catalogue.h"
#include "base/text.h"
#include "gitlab/actions.h"
#include "gitlab/client.h"
#include "testing/files.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "testing/virtual_pause.h"
#include "tests/golden/script_transport.h"

namespace fairlead::golden {
namespace {

// One connection with a token that never ends.
class SteadySource final : public connection::TokenSource {
 public:
  explicit SteadySource(Json const& setup) {
    endpoint_.name = "main";
    endpoint_.base_url = base_url;
    endpoint_.scopes = setup["scopes"].string_or("api");
    endpoint_.account =
        Json::object({{"id", 41}, {"username", "fairlead-bot"}, {"name", "Fairlead"}});
    if (setup["writes"].as_string() == "refused") {
      endpoint_.writes = connection::Endpoint::Writes::refused;
    }
  }
  Result<connection::Endpoint> endpoint() override { return endpoint_; }
  Result<connection::Token> token() override {
    return connection::Token{.bearer = Secret("golden-token"), .generation = 1};
  }
  Result<connection::Token> renew(connection::Token const&, connection::Refusal) override {
    return make_error(ErrorKind::denied, "The golden token was refused");
  }

 private:
  connection::Endpoint endpoint_;
};

class OneApi final : public action::ApiProvider {
 public:
  explicit OneApi(std::shared_ptr<action::Api> api) : api_(std::move(api)) {}
  Result<std::shared_ptr<action::Api>> open(std::string_view) override { return api_; }

 private:
  std::shared_ptr<action::Api> api_;
};

action::Invocation invocation_of(std::string const& name, Case const& story) {
  action::Invocation invocation{.name = name, .input = story.input};
  invocation.marker.id = story.setup["marker"].as_string();
  if (auto const time = parse_time(story.setup["firstAttemptAt"].as_string())) {
    invocation.marker.first_attempt_at = *time;
  }
  invocation.wait_state = story.setup["waitState"];
  if (story.setup["mode"].as_string() == "recover") {
    invocation.mode = action::Invocation::Mode::recover;
  }
  return invocation;
}

std::vector<Section> outcome_sections(Result<action::Outcome> const& result) {
  if (!result.ok()) return {{"error", to_json(result.error()).pretty()}};
  std::vector<Section> list{{"output", result->output.pretty()}};
  if (result->adopted) list.push_back({"adopted", "true"});
  if (result->wait) {
    Json const wait = Json::object({{"waitingFor", result->wait->waiting_for},
                                    {"checkAfterMs", result->wait->check_after.count()},
                                    {"state", result->wait->state}});
    list.push_back({"wait", wait.pretty()});
  }
  return list;
}

// What the action really did, as a case.
Case play(std::string const& name, Case const& story) {
  testing::VirtualClock clock;
  if (auto const now = parse_time(story.setup["now"].as_string())) clock.set_now(*now);
  testing::VirtualPause pause(clock);
  testing::SeededRandom random;
  auto const log = make_null_log();
  ScriptTransport transport(story.exchanges);
  auto const source = std::make_shared<SteadySource>(story.setup);
  gitlab::Surroundings const surroundings{transport, clock, pause, random, *log};
  auto const client = std::make_shared<gitlab::Client>(surroundings, source, *source->endpoint());
  static action::Catalogue const catalogue(gitlab::all_actions());  // read-only, costly to make
  OneApi provider(client);
  auto const result =
      action::make_invoker(catalogue, provider, clock)->invoke(invocation_of(name, story));
  Case played = story;
  played.exchanges.resize(std::max(played.exchanges.size(), transport.sent().size()));
  for (std::size_t i = 0; i < played.exchanges.size(); ++i) {
    played.exchanges[i].request =
        i < transport.sent().size() ? transport.sent()[i] : "(never sent)";
  }
  played.outcome = outcome_sections(result);
  return played;
}

bool updating() {
  char const* const value = std::getenv("FAIRLEAD_UPDATE_GOLDEN");
  return value != nullptr && std::string_view(value) == "1";
}

class Golden : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(Golden, case_plays_as_written) {
  std::filesystem::path const& file = GetParam();
  std::string const text = testing::read_file(file).value_or("");
  Case const story = parse_case(text);
  ASSERT_TRUE(story.comment.starts_with("# ")) << "the first line says what the case shows";
  std::string const played = format_case(play(file.parent_path().filename().string(), story));
  EXPECT_EQ(played.find("golden-token"), std::string::npos) << "the token shows in the outcome";
  if (updating() && !HasFailure()) {
    testing::write_file(file, played);
  } else if (played != text) {
    ADD_FAILURE() << file << " plays differently:\n" << testing::line_diff(text, played);
  }
}

std::string test_name(::testing::TestParamInfo<std::filesystem::path> const& info) {
  std::string name =
      info.param.parent_path().filename().string() + "__" + info.param.stem().string();
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Gitlab, Golden, ::testing::ValuesIn(case_files()), test_name);

}  // namespace
}  // namespace fairlead::golden
