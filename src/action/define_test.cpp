#include "action/define.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "action/catalogue.h"
#include "action/dry_run.h"
#include "testing/virtual_clock.h"

namespace fairlead::action {
namespace {

using schema::field;

// Answers in order and writes down what was asked.
class FakeApi final : public Api {
 public:
  Result<Response> send(Request const& request) override {
    sent.push_back(std::string(net::to_string(request.method)) + " " + target(request));
    if (answers.empty()) return make_error(ErrorKind::internal, "unexpected call " + sent.back());
    Result<Response> answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
  Result<ListSummary> list(Request const& request, ListOptions const& options,
                           ItemSink const& sink) override {
    sent.push_back(target(request) + " limit " +
                   (options.limit ? std::to_string(*options.limit) : "none") + " by " +
                   std::to_string(options.per_page));
    for (Json const& row : rows)
      FAIRLEAD_CHECK(sink(row));
    return ListSummary{.count = static_cast<std::int64_t>(rows.size()),
                       .total = 9,
                       .complete = false,
                       .note = "2 of 9"};
  }
  Result<Json> account() override { return Json::object({{"id", 41}}); }
  [[nodiscard]] std::string const& base_url() const override { return base_url_; }

  void answer(int status, std::string_view json) {
    answers.push_back(Response{.status = status, .body = Json::parse(json).value()});
  }

  std::vector<std::string> sent;
  std::deque<Result<Response>> answers;
  std::vector<Json> rows;

 private:
  std::string base_url_{"https://gitlab.test/git"};
};

class FakeProvider final : public ApiProvider {
 public:
  explicit FakeProvider(std::shared_ptr<FakeApi> api) : api_(std::move(api)) {}
  Result<std::shared_ptr<Api>> open(std::string_view connection) override {
    if (connection == "broken") return make_error(ErrorKind::denied, "needs sign-in");
    return std::shared_ptr<Api>(api_);
  }

 private:
  std::shared_ptr<FakeApi> api_;
};

struct Input {
  std::string name;
  std::optional<std::int64_t> weight;
  static constexpr auto fields() {
    return std::tuple{field("name", &Input::name, {.label = "Name", .min_length = 1}),
                      field("weight", &Input::weight, {.label = "Weight"})};
  }
};
struct Thing {
  std::int64_t id{};
  Json rest;
  static constexpr auto fields() {
    return std::tuple{field("id", &Thing::id, {.label = "Id"}), schema::rest(&Thing::rest)};
  }
};
struct ListInput {
  std::optional<std::string> search;
  std::optional<std::int64_t> limit;
  bool all{false};
  static constexpr auto fields() {
    return std::tuple{field("search", &ListInput::search), limit_field(&ListInput::limit),
                      all_field(&ListInput::all)};
  }
};

Result<std::optional<Thing>> find_thing(Context& context, Input const& in) {
  FAIRLEAD_TRY(Response response, context.api.send(get("/things").query("name", in.name)));
  if (response.body.empty()) return std::optional<Thing>();
  FAIRLEAD_TRY(Thing thing, schema::decode_answer<Thing>(response.body.at(0)));
  return std::optional<Thing>(std::move(thing));
}

// Whether `.effect = E` compiles: a bare Effect::creates must not.
template <Effect E>
concept PlainEffect = requires {
  typename std::bool_constant<(EffectOf<Input, Thing>(E), true)>;
};
static_assert(PlainEffect<Effect::reads> && PlainEffect<Effect::changes> &&
              PlainEffect<Effect::deletes>);
static_assert(!PlainEffect<Effect::creates>);

Action create_thing(std::string_view version = "1.0.0") {
  return define<Input, Thing>(
      {.name = "create-thing",
       .version = version,
       .title = "Create thing",
       .effect = creates(find_thing),
       .scope = Scope::api,
       .role = Role::reporter,
       .request =
           [](Input const& in) {
             return post("/things").body("name", in.name).body("weight", in.weight);
           },
       .check = [](Input const& in) -> Result<void> {
         if (in.name == "bad") return invalid_input("name", "must be good");
         return {};
       },
       .resolve = [](Lookup const& lookup, Input& in) -> Result<void> {
         if (in.name == "me")
           in.name = lookup.api == nullptr ? "<me>" : lookup.api->account()->dump();
         return {};
       }});
}

Action list_things() {
  return define<ListInput, Listing<Thing>>(
      {.name = "list-things",
       .title = "List things",
       .effect = Effect::reads,
       .scope = Scope::read_api,
       .request = [](ListInput const& in) { return get("/things").query("search", in.search); },
       .explain =
           [](ListInput const&, Error error) {
             error.remedy = "explained";
             return error;
           }});
}

Action wait_thing() {
  return define<Input, Thing>(
      {.name = "wait-thing",
       .title = "Wait",
       .effect = creates(find_thing),
       .scope = Scope::api,
       .request = [](Input const&) { return post("/things"); },
       .run_waiting = [](Context& context, Input const&) -> Result<Step<Thing>> {
         Thing thing{.id = context.wait_state["existing"]["id"].as_integer(-1), .rest = {}};
         return Step<Thing>{.output = thing,
                            .wait = Wait{.check_after = Milliseconds(5'000),
                                         .waiting_for = "thing",
                                         .state = Json::object({{"id", 7}})}};
       }});
}

struct Stage {
  std::shared_ptr<FakeApi> api = std::make_shared<FakeApi>();
  FakeProvider provider{api};
  testing::VirtualClock clock;
  Catalogue catalogue{{wait_thing(), create_thing("1.9.0"), list_things(), create_thing("1.10.0")}};
  std::unique_ptr<Invoker> invoker = make_invoker(catalogue, provider, clock);

  Result<Outcome> invoke(std::string name, std::string_view input,
                         Invocation::Mode mode = Invocation::Mode::first) const {
    return invoker->invoke(
        {.name = std::move(name), .input = Json::parse(input).value(), .mode = mode});
  }
};

TEST(Define, sends_the_request_and_masks_the_whole_answer) {
  Stage stage;
  stage.api->answer(201, R"({"id":5,"web_url":"u","runners_token":"GR1"})");
  auto const outcome = stage.invoke("create-thing", R"({"name":"a","weight":2})");
  ASSERT_TRUE(outcome.ok()) << describe(outcome.error());
  EXPECT_EQ(outcome->output.dump(), R"({"id":5,"web_url":"u","runners_token":"[masked]"})");
  EXPECT_FALSE(outcome->adopted);
  EXPECT_EQ(stage.api->sent, std::vector<std::string>{"POST /api/v4/things"});
}

TEST(Define, a_wrong_input_is_refused_before_a_connection_is_opened) {
  Stage stage;
  auto const outcome = stage.invoker->invoke(
      {.name = "create-thing", .connection = "broken", .input = Json::object({{"nmae", "a"}})});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().message, "is not a field; did you mean name?");
  EXPECT_EQ(stage.invoke("create-thing", R"({"name":"bad"})").error().message, "must be good");
  EXPECT_TRUE(stage.api->sent.empty());
}

TEST(Define, an_answer_that_is_no_json_is_reported_as_such) {
  Stage stage;
  stage.api->answers.push_back(Response{.status = 200, .text = "<html>Sign in glpat-x"});
  auto const outcome = stage.invoke("create-thing", R"({"name":"a"})");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().kind, ErrorKind::uncertain) << "GitLab took it: it may be there";
  EXPECT_EQ(outcome.error().message,
            "GitLab's answer is not JSON but starts with \"<html>Sign in [masked]\"");
}

TEST(Define, info_says_what_kind_of_action_it_is) {
  EXPECT_TRUE(list_things().info.listing);
  EXPECT_FALSE(list_things().info.waits);
  EXPECT_TRUE(wait_thing().info.waits);
  EXPECT_EQ(create_thing().info.id(), "gitlab.create-thing");
  EXPECT_EQ(list_things().find_existing, nullptr);
  EXPECT_EQ(list_things()
                .info.output_schema["properties"]["items"]["items"]["properties"]["id"]["title"]
                .as_string(),
            "Id");
}

TEST(Listing, items_are_collected_or_streamed) {
  Stage stage;
  stage.api->rows = {Json::object({{"id", 1}, {"token", "x"}}), Json::object({{"id", 2}})};
  auto const collected = stage.invoke("list-things", R"({"limit":2})");
  ASSERT_TRUE(collected.ok());
  EXPECT_EQ(collected->output.dump(),
            R"({"items":[{"id":1,"token":"[masked]"},{"id":2}],"count":2,"total":9,)"
            R"("complete":false,"note":"2 of 9"})");
  std::vector<Json> streamed;
  auto const sink = [&](Json item) -> Result<void> {
    streamed.push_back(std::move(item));
    return {};
  };
  auto const outcome = stage.invoker->invoke(
      {.name = "list-things", .input = Json::object({{"all", true}}), .sink = sink});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(streamed.size(), 2u);
  EXPECT_EQ(streamed[0]["token"].as_string(), "[masked]");
  EXPECT_FALSE(outcome->output.contains("items"));
  EXPECT_EQ(stage.api->sent, (std::vector<std::string>{"/api/v4/things limit 2 by 2",
                                                       "/api/v4/things limit none by 100"}));
}

TEST(Listing, an_item_without_its_id_stops_it_and_the_error_is_explained) {
  Stage stage;
  stage.api->rows = {Json::object({{"name", "x"}})};
  auto const outcome = stage.invoke("list-things", "{}");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(outcome.error().remedy, "explained");
}

TEST(Listing, limit_and_all_exclude_each_other) {
  Stage stage;
  EXPECT_EQ(stage.invoke("list-things", R"({"limit":2,"all":true})").error().where, "limit");
}

TEST(Recover, an_earlier_effect_is_adopted_and_nothing_is_sent_again) {
  Stage stage;
  stage.api->answer(200, R"([{"id":5,"token":"x"}])");
  auto const outcome = stage.invoke("create-thing", R"({"name":"a"})", Invocation::Mode::recover);
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome->adopted);
  EXPECT_EQ(outcome->output.dump(), R"({"id":5,"token":"[masked]"})");
  EXPECT_EQ(stage.api->sent, std::vector<std::string>{"GET /api/v4/things?name=a"});
}

TEST(Recover, what_is_not_there_is_created_and_a_failed_look_up_creates_nothing) {
  Stage stage;
  stage.api->answer(200, "[]");
  stage.api->answer(201, R"({"id":6})");
  auto const outcome = stage.invoke("create-thing", R"({"name":"a"})", Invocation::Mode::recover);
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome->adopted);
  stage.api->sent.clear();
  stage.api->answers.push_back(make_error(ErrorKind::unavailable, "down"));
  EXPECT_EQ(
      stage.invoke("create-thing", R"({"name":"a"})", Invocation::Mode::recover).error().message,
      "down");
  EXPECT_EQ(stage.api->sent.size(), 1u);
}

TEST(Recover, nothing_is_sent_again_while_the_first_request_may_still_land) {
  Stage stage;
  Invocation recover{.name = "create-thing",
                     .input = Json::parse(R"({"name":"a"})").value(),
                     .marker = {.id = "m", .open_since = stage.clock.now()},
                     .mode = Invocation::Mode::recover};
  stage.clock.advance(effect_settle_time - Milliseconds(1));
  stage.api->answer(200, "[]");
  auto const early = stage.invoker->invoke(recover);
  ASSERT_FALSE(early.ok());
  EXPECT_TRUE(is_not_seen_yet(early.error()));
  EXPECT_EQ(early.error().retry_after, Milliseconds(1));
  EXPECT_EQ(stage.api->sent, std::vector<std::string>{"GET /api/v4/things?name=a"});

  stage.clock.advance(Milliseconds(1));
  stage.api->answer(200, "[]");
  stage.api->answer(201, R"({"id":6})");
  EXPECT_TRUE(stage.invoker->invoke(recover).ok());
  EXPECT_EQ(stage.api->sent.back(), "POST /api/v4/things");
}

TEST(Recover, a_clock_that_was_set_back_makes_nobody_wait_longer) {
  testing::VirtualClock const clock;
  EffectMarker const marker{.id = "m", .open_since = clock.now() + std::chrono::hours(5)};
  EXPECT_EQ(settles_in(marker, clock.now()), effect_settle_time);
  EXPECT_LE(settles_in({.id = "m"}, clock.now()), Milliseconds(0));
}

TEST(Recover, an_action_that_waits_goes_on_waiting_for_what_was_found) {
  Stage stage;
  stage.api->answer(200, R"([{"id":8}])");
  auto const outcome = stage.invoke("wait-thing", R"({"name":"a"})", Invocation::Mode::recover);
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome->adopted);
  EXPECT_EQ(outcome->output["id"].as_integer(), 8);
  ASSERT_TRUE(outcome->wait.has_value());
  EXPECT_EQ(outcome->wait->waiting_for, "thing");
}

TEST(Catalogue, finds_by_every_spelling_and_takes_the_newest_version) {
  Stage const stage;
  EXPECT_EQ((*stage.catalogue.find("gitlab.create-thing"))->info.version, "1.10.0");
  EXPECT_EQ((*stage.catalogue.find("create-thing"))->info.version, "1.10.0");
  EXPECT_EQ((*stage.catalogue.find("create-thing:1.9.0@gitlab"))->info.version, "1.9.0");
  EXPECT_EQ((*stage.catalogue.find("create-thing@gitlab"))->info.version, "1.10.0");
}

TEST(Catalogue, says_what_there_is_instead) {
  Stage const stage;
  EXPECT_EQ(stage.catalogue.find("gitlab.create-thign").error().remedy,
            "Did you mean create-thing?");
  EXPECT_EQ(stage.catalogue.find("create-thing:2.0.0@gitlab").error().message,
            "There is no version 2.0.0 of the action create-thing.");
  EXPECT_EQ(stage.catalogue.find("x@gitlub").error().remedy, "Did you mean gitlab?");
}

TEST(DryRun, shows_the_literal_request_and_what_it_needs) {
  Stage stage;
  Action const action = create_thing();
  auto const run = dry_run(action, stage.api.get(), Json::object({{"name", "me"}, {"weight", 3}}));
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(to_json(*run, action.info, "https://gitlab.test/git").dump(),
            R"({"action":"gitlab.create-thing","effect":"creates","scope":"api","role":"reporter",)"
            R"("requests":[{"method":"POST","url":"https://gitlab.test/git/api/v4/things",)"
            R"("body":{"name":"{\"id\":41}","weight":3}}]})");
  EXPECT_EQ(to_text(*run, action.info, "https://gitlab.test/git"),
            "gitlab.create-thing creates something; nothing was sent.\n"
            "POST https://gitlab.test/git/api/v4/things\n"
            "{\n  \"name\": \"{\\\"id\\\":41}\",\n  \"weight\": 3\n}\n"
            "Needs the scope api and at least the role reporter in the project or group.\n");
  EXPECT_TRUE(stage.api->sent.empty());
}

TEST(DryRun, without_a_connection_names_stand_for_ids_and_the_page_size_shows) {
  EXPECT_EQ(
      dry_run(create_thing(), nullptr, Json::object({{"name", "me"}}))->requests[0].body.dump(),
      R"({"name":"<me>"})");
  EXPECT_EQ(target(dry_run(list_things(), nullptr, Json::object({{"limit", 500}}))->requests[0]),
            "/api/v4/things?per_page=100");
}

TEST(DefineDeathTest, a_cancel_comes_with_what_asks_for_it) {
  auto const define_with = [](bool asked) {
    return define<Input, Thing>(
        {.name = "cancel-thing",
         .effect = creates(find_thing),
         .scope = Scope::api,
         .request = [](Input const&) { return post("/things"); },
         .run_waiting = [](Context&, Input const&) -> Result<Step<Thing>> { return Step<Thing>{}; },
         .cancel = [](Context&, Input const&) -> Result<void> { return {}; },
         .is_cancel_asked =
             asked ? std::function<bool(Input const&)>([](auto&) { return true; }) : nullptr});
  };
  EXPECT_TRUE(define_with(true).cancel);
  // No expression: libonig, which jq brings, has a regcomp of its own, and under AddressSanitizer
  // the other half of the pair is glibc's; that waits for ever.
  EXPECT_DEATH(define_with(false), ::testing::HasSubstr("says for which inputs it is asked to"));
}

}  // namespace
}  // namespace fairlead::action
