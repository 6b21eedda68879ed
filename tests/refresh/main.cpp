// fairlead-refresh: proves that a grant survives many processes and SIGKILL.
//
//   fairlead-refresh refresh [rounds]   1,000 calls at once from 4 processes when the token ends
//   fairlead-refresh kills [rounds]     SIGKILL at each point of a refresh, and what is then said
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "tests/refresh/child.h"
#include "tests/refresh/parent.h"

namespace fairlead::refresh {
namespace {

constexpr int processes = 4;
constexpr int calls_of_each = 250;
constexpr Milliseconds nearly_a_lifetime{116 * 60'000};

int failures = 0;
int successes = 0;

void judge(char const* what, bool good, std::string const& seen) {
  good ? ++successes : ++failures;
  if (!good) std::printf("FAILED %s: %s\n", what, seen.c_str());
}

using Children = std::vector<std::unique_ptr<Child>>;

// Even rounds: it is time to refresh ahead. Odd ones: GitLab says "expired" to a token that looked
// good.
Result<void> refresh_round(Stage& stage, Children& children, int round) {
  if (round % 2 == 0) {
    for (auto& child : children)
      child->tell("move " + std::to_string(nearly_a_lifetime.count()));
  } else {
    FAIRLEAD_CHECK(stage.control("tokens/expire", Json::object()));
  }
  FAIRLEAD_TRY(auto const before, stage.pairs_given());
  for (auto& child : children)
    child->tell("go " + std::to_string(calls_of_each));
  std::string const all_good = std::to_string(calls_of_each) + " 0 -";
  for (auto& child : children) {
    std::string const heard = child->hear();
    judge("no call fails", heard == all_good, heard);
  }
  FAIRLEAD_TRY(auto const after, stage.pairs_given());
  judge("exactly one refresh", after - before == 1, std::to_string(after - before));
  FAIRLEAD_TRY(auto const status, stage.status());
  judge("the grant is kept", status == "active", status);
  return {};
}

Result<void> refresh(Stage& stage, int rounds) {
  Children children;
  for (int i = 0; i < processes; ++i)
    children.push_back(std::make_unique<Child>(stage.folder(), stage.gitlab(), DieAt::nowhere));
  for (int round = 0; round < rounds; ++round)
    FAIRLEAD_CHECK(refresh_round(stage, children, round));
  return {};
}

// ---- kills ----

struct Point {
  char const* name;
  DieAt die_at;
  char const* left_behind;  // the status in the row of the dead
  char const* then;         // after a restart and the next use
  int pairs;                // that GitLab gave in all
};

// 2: rotated, and the answer is on its way when the process dies. 2 and 3 cannot be recovered by
// anybody: what counts is that it is said at the next use.
constexpr Point points[] = {
    {"1 before the call", DieAt::before_call, "refreshing", "active", 1},
    {"2 rotated, answer not read", DieAt::nowhere, "refreshing", "needs-sign-in", 1},
    {"3 answer read, not stored", DieAt::before_commit, "refreshing", "needs-sign-in", 1},
    {"4 stored", DieAt::after_commit, "active", "active", 1},
};

Result<void> kill_while_answering(Stage& stage, Child& child, std::int64_t before) {
  SystemClock const clock;
  Milliseconds const began = clock.steady();
  while (clock.steady() - began < std::chrono::seconds(10)) {
    FAIRLEAD_TRY(auto const now, stage.pairs_given());
    if (now > before) break;
  }
  child.kill();
  return {};
}

Result<void> kill_at(Stage& stage, Point const& point) {
  FAIRLEAD_CHECK(stage.sign_in());
  bool const outside = point.die_at == DieAt::nowhere;
  if (outside) {
    FAIRLEAD_CHECK(stage.control("faults", Json::object({{"kind", "slow"},
                                                         {"path", "oauth/token"},
                                                         {"method", "POST"},
                                                         {"when", "after"},
                                                         {"delayMs", 1500}})));
  }
  FAIRLEAD_TRY(auto const before, stage.pairs_given());
  std::string const late = "move " + std::to_string(nearly_a_lifetime.count());
  Child dying(stage.folder(), stage.gitlab(), point.die_at);
  dying.tell(late);
  dying.tell("go 1");
  if (outside) FAIRLEAD_CHECK(kill_while_answering(stage, dying, before));
  judge(point.name, dying.killed(), "it was not killed");
  FAIRLEAD_TRY(auto const left, stage.status());
  judge(point.name, left == point.left_behind, "left behind: " + left);

  Child next(stage.folder(), stage.gitlab(), DieAt::nowhere);
  if (left == "refreshing") next.tell("recover");
  // The pair of point 4 was given at the moved time.
  next.tell(late);
  next.tell("go 1");
  std::string const heard = next.hear();
  FAIRLEAD_TRY(auto const status, stage.status());
  bool const kept = std::string(point.then) == "active";
  judge(point.name, status == point.then, "afterwards: " + status + ", " + heard);
  judge(point.name, kept ? heard == "1 0 -" : heard.find("0 1 ") == 0, heard);
  if (!kept) judge(point.name, heard.find("Token refresh failure") != std::string::npos, heard);
  FAIRLEAD_TRY(auto const after, stage.pairs_given());
  judge(point.name, after - before == point.pairs, std::to_string(after - before) + " pairs");
  return {};
}

Result<void> kills(Stage& stage, int rounds) {
  for (int round = 0; round < rounds; ++round)
    for (auto const& point : points)
      FAIRLEAD_CHECK(kill_at(stage, point));
  return {};
}

int run(std::string const& what, int rounds) {
  Stage stage;
  auto done = stage.begin();
  if (done.ok()) done = what == "kills" ? kills(stage, rounds) : refresh(stage, rounds);
  if (!done.ok()) judge("the stage", false, describe(done.error()));
  std::printf("%d passed, %d failed\n", successes, failures);
  return failures == 0 && successes > 0 ? 0 : 1;
}

}  // namespace
}  // namespace fairlead::refresh

int main(int count, char** words) {
  using namespace fairlead::refresh;
  std::string const what = count > 1 ? words[1] : "";
  if (what == "child" && count == 5)
    return run_child(words[2], words[3], static_cast<DieAt>(std::atoi(words[4])));
  int const rounds = count > 2 ? std::atoi(words[2]) : what == "kills" ? 5 : 50;
  if ((what == "refresh" || what == "kills") && rounds > 0) return run(what, rounds);
  std::fprintf(stderr, "usage: fairlead-refresh refresh|kills [rounds]\n");
  return 2;
}
