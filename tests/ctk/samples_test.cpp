// The samples that come with the language: each completes, faults or is refused with the words the
// table in docs/open-workflow-samples.md has. FAIRLEAD_UPDATE_GOLDEN=1 rewrites the table.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "expression/helper_pool.h"
#include "testing/files.h"
#include "workflow/yaml.h"
#include "world.h"

namespace fairlead::ctk {
namespace {

// What all samples are started with: each takes the members it knows.
constexpr char const* input = R"(
petId: 1
token: a-token
searchQuery: Rey
id: 1
carId: 7
orderType: electronic
patient: { fullName: Ada Lovelace }
room: { number: 12 }
vet: { name: Dr. Milo }
pets: [ { id: 1 } ]
)";

// What arrives while a sample listens, in order.
std::map<std::string, std::vector<char const*>> const events{
    {"for.yaml", {"{ type: com.fake.petclinic.pets.checkup.completed.v2, data: { id: 1 } }"}},
    {"set.yaml", {"{ type: io.serverlessworkflow.samples.events.trigger.v1, data: { n: 1 } }"}},
    {"listen-to-any.yaml", {"{ type: com.example.anything, data: { n: 1 } }"}},
    {"listen-to-one.yaml",
     {"{ type: com.virtual-wf-powered-race.events.race.started.v1, data: { carId: 7 } }"}},
    {"listen-to-all.yaml",
     {"{ type: com.fake-hospital.vitals.measurements.temperature, data: { temperature: 39 } }",
      "{ type: com.fake-hospital.vitals.measurements.bpm, data: { bpm: 120 } }"}},
    {"listen-to-any-filter.yaml",
     {"{ type: com.fake-hospital.vitals.measurements.temperature, data: { temperature: 37 } }",
      "{ type: com.fake-hospital.vitals.measurements.bpm, data: { bpm: 120 } }"}},
    {"accumulate-room-readings.yaml",
     {"{ type: my.home.sensors.temperature, source: 'https://my.home.com/sensor', roomid: r1, "
      "data: { reading: 21 } }",
      "{ type: my.home.sensors.humidity, source: 'https://my.home.com/sensor', roomid: r1, data: "
      "{ reading: 40 } }"}}};

// What `oauth2: { use: mySecret }` finds.
constexpr char const* oauth2_policy = R"({"authority": "http://keycloak/realms/fake-authority",
  "grant": "client_credentials", "client": {"id": "desk", "secret": "s3cret-of-the-desk"}})";

Json yaml(std::string_view text) {
  auto node = workflow::parse_yaml(text);
  return node.ok() ? workflow::to_json(*node) : Json();
}

void answer_as_the_hosts_would(Stub& stub) {
  auto const answer = [&](char const* request, char const* body) {
    stub.answer(request, {.status = 200, .body = yaml(body)});
  };
  answer("PUT https://petstore.swagger.io/v2/pet/1", "{ id: 1, status: sold }");
  answer("GET https://swapi.dev/api/people/", "{ count: 1, results: [ { name: Rey } ] }");
  answer("GET https://swapi.dev/api/people/1",
         "{ name: Luke, homeworld: 'https://swapi.dev/api/planets/1/' }");
  answer("GET https://swapi.dev/api/planets/1/", "{ name: Tatooine }");
  answer("PUT https://fake-hospital.com/api/v3/alert/nurses", "{ by: nurse }");
  answer("PUT https://fake-hospital.com/api/v3/alert/doctor", "{ by: doctor }");
  answer("POST https://virtual-wf-powered-race.com/api/v4/cars/7/start", "{ started: true }");
  answer("POST https://example.com/api/v1/backup/start", "{ id: b1 }");
  answer("GET https://external-service.example.com/api", "{ fine: true }");
  answer("POST https://keycloak/realms/fake-authority/auth/token",
         "{ access_token: t0ken-of-the-realm, token_type: Bearer, expires_in: 300 }");
  answer("POST https://keycloak/realms/fake-authority/oauth2/token",
         "{ access_token: t0ken-of-the-realm, token_type: Bearer, expires_in: 300 }");
  answer("GET https://keycloak/realms/fake-authority/.well-known/openid-configuration",
         "{ issuer: 'http://keycloak/realms/fake-authority', token_endpoint: "
         "'http://keycloak/realms/fake-authority/oauth2/token' }");
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return text;
}

std::string outcome_of(World& world) {
  auto const row = world.run();
  if (!row.ok()) return "is accepted | " + one_line(row.error().message);
  if (row->status == "completed")
    return "completes | output `" + one_line(row->output.dump()) + "`";
  if (row->status != "faulted")
    return "waits | is " + row->status + ": " + one_line(row->waiting_for);
  return "faults | " + row->error["status"].dump() + " " + row->error["title"].as_string() + ". " +
         one_line(row->error["detail"].as_string());
}

class SamplesTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(stub_.start().ok()); }

  // "completes | ...", "faults | ...", "refused | ...".
  std::string play(std::string const& name, std::string text) {
    World world({.clock = clock_, .evaluator = evaluator_, .stub = stub_, .log = *log_});
    answer_as_the_hosts_would(stub_);
    EXPECT_TRUE(world.define(std::move(text), World::Role::subject).ok()) << name;
    if (!world.problems().empty()) return "refused | " + one_line(world.problems().front().message);
    world.secrets().set("mySecret", oauth2_policy);
    auto const heard = events.find(name);
    world.input = yaml(input);
    if (name != "set.yaml") {
      EXPECT_TRUE(world.start().ok()) << name;
    }
    if (heard != events.end()) deliver(world, heard->second);
    EXPECT_TRUE(world.run_to_the_end().ok()) << name;
    return outcome_of(world);
  }

  void deliver(World& world, std::vector<char const*> const& texts) {
    for (auto const* text : texts) {
      Json event = yaml(text);
      event.set("specversion", "1.0");
      event.set("id", "sample-" + std::to_string(++sent_));
      if (!event.contains("source")) event.set("source", "https://events.example.com");
      EXPECT_TRUE(world.deliver(event).ok()) << text;
    }
  }

  int sent_{0};
  testing::VirtualClock clock_;
  std::unique_ptr<Log> log_ = make_null_log();
  expression::HelperPool evaluator_{clock_};
  Stub stub_{*log_};
};

constexpr char const* head = R"(# The samples of the language, one by one

Written by a test (`tests/ctk/samples_test.cpp`), which starts each sample that is accepted with one
and the same input, sends the events it listens for, plays the hosts it names on loopback, and moves
the clock. The test fails when this table and reality differ. A sample that faults
is run too: it raises, or reads something that its own data or the host does not have.

| sample | Fairlead | in words |
| --- | --- | --- |
)";

TEST_F(SamplesTest, the_table_says_what_happens) {
  auto const shared = testing::shared_folder();
  if (!shared) GTEST_SKIP() << testing::shared_folder_missing;
  std::vector<std::filesystem::path> files;
  for (auto const& entry :
       std::filesystem::directory_iterator(*shared / "open-workflow" / "examples"))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::string table = head;
  std::map<std::string, int, std::less<>> counts;
  for (auto const& file : files) {
    auto text = testing::read_file(file);
    ASSERT_TRUE(text) << file;
    std::string const name = file.filename().string();
    auto const outcome = play(name, std::move(*text));
    ++counts[outcome.substr(0, outcome.find(' '))];
    table += "| `" + name + "` | " + outcome + " |\n";
  }
  auto const number = [&](std::string_view word) {
    return std::to_string(counts[std::string(word)]);
  };
  table += "\nOf " + std::to_string(files.size()) + " samples, " + number("completes") +
           " complete, " + number("faults") + " end in a fault and " + number("refused") +
           " are refused.\n";
  testing::expect_golden(table, "docs/open-workflow-samples.md");
}

}  // namespace
}  // namespace fairlead::ctk
