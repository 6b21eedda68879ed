// fairlead-sim: plays seeds, replays one with its trace, and shows that broken engines are caught.
//
//   fairlead-sim --seed 7 [--trace]      one seed
//   fairlead-sim --seeds 1..500          many; each prints the command that repeats it if it fails
//   fairlead-sim --mutations             every mutation until it is caught
//   fairlead-sim --seed 7 --mutation commit-after-execute
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "builtin/approval_invoker.h"
#include "gitlab/actions.h"
#include "tests/sim/sim_evaluator.h"
#include "tests/sim/simulation.h"

namespace fairlead::sim {
namespace {

constexpr std::uint64_t mutation_seeds_max = 60;
// Every so many seeds one is played twice: the traces must be the same.
constexpr std::uint64_t twice_every = 25;

struct Arguments {
  std::uint64_t first{1};
  std::uint64_t last{1};
  Mutation mutation{Mutation::none};
  std::string mutation_name;
  Trace::Keep trace{Trace::Keep::hash_only};
  enum class Mode { seeds, mutations } mode{Mode::seeds};
};

int usage(char const* what) {
  std::fprintf(stderr,
               "fairlead-sim: %s\nusage: fairlead-sim [--seed N | --seeds A..B] [--mutation NAME] "
               "[--trace] | --mutations\n",
               what);
  return 2;
}

bool read_mutation(std::string const& name, Arguments& into) {
  for (auto const& each : mutations()) {
    if (each.name != name) continue;
    into.mutation = each.mutation;
    into.mutation_name = name;
    return true;
  }
  return false;
}

std::optional<Arguments> read_arguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    std::string const word = argv[i];
    std::string const value = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--trace") {
      arguments.trace = Trace::Keep::text;
    } else if (word == "--mutations") {
      arguments.mode = Arguments::Mode::mutations;
    } else if (word == "--seed" && !value.empty()) {
      arguments.first = arguments.last = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--seeds" && value.find("..") != std::string::npos) {
      arguments.first = std::strtoull(argv[++i], nullptr, 10);
      arguments.last = std::strtoull(value.c_str() + value.find("..") + 2, nullptr, 10);
    } else if (word == "--mutation" && read_mutation(value, arguments)) {
      ++i;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

void print(std::uint64_t seed, SimulationResult const& result) {
  std::printf(
      "seed %llu: %d events, %zu runs, %d starts, %d writes, %d requests, %d faults, %zu effects, "
      "%d webhooks, "
      "%d decisions, "
      "%lld virtual s, trace %016llx\n",
      static_cast<unsigned long long>(seed), result.events, result.runs, result.starts,
      result.writes, result.requests, result.faults, result.effects, result.webhooks,
      result.decisions, static_cast<long long>(result.virtual_time.count() / 1'000),
      static_cast<unsigned long long>(result.trace_hash));
}

void print_failure(std::uint64_t seed, Arguments const& arguments, SimulationResult const& result) {
  for (auto const& each : result.violations)
    std::printf("  %s\n", each.c_str());
  std::string const mutated =
      arguments.mutation_name.empty() ? "" : " --mutation " + arguments.mutation_name;
  std::printf("  to repeat it: ./do sim --seed %llu%s --trace\n",
              static_cast<unsigned long long>(seed), mutated.c_str());
}

// The gentlest world and the fewest events in which it still fails.
void shrink(std::uint64_t seed, Arguments const& arguments, Shared const& shared) {
  SimulationOptions smallest{.seed = seed, .mutation = arguments.mutation};
  for (int const gentler : {4, 2}) {
    SimulationOptions tried = smallest;
    tried.gentler = gentler;
    if (simulate(tried, shared).violations.empty()) continue;
    smallest = tried;
    break;
  }
  for (int events = 1; events <= 8; ++events) {
    SimulationOptions tried = smallest;
    tried.events_max = events;
    if (simulate(tried, shared).violations.empty()) continue;
    std::printf("  it fails as well with only the first %d event(s) of its script\n", events);
    return;
  }
}

int play_seeds(Arguments const& arguments, Shared const& shared) {
  int failed = 0;
  int passed = 0;
  SimulationResult sum;
  bool const one = arguments.first == arguments.last;
  for (std::uint64_t seed = arguments.first; seed <= arguments.last; ++seed) {
    SimulationOptions const options{
        .seed = seed, .mutation = arguments.mutation, .trace = arguments.trace};
    auto result = simulate(options, shared);
    if (seed % twice_every == 0 || one) {
      auto const again = simulate(options, shared);
      if (again.trace_hash != result.trace_hash)
        result.violations.emplace_back("the same seed gave another trace");
    }
    if (arguments.trace == Trace::Keep::text) std::printf("%s", result.trace.c_str());
    if (one || !result.violations.empty()) print(seed, result);
    if (!result.violations.empty()) {
      print_failure(seed, arguments, result);
      shrink(seed, arguments, shared);
    }
    ++(result.violations.empty() ? passed : failed);
    sum.runs += result.runs;
    sum.starts += result.starts;
    sum.writes += result.writes;
    sum.faults += result.faults;
    sum.effects += result.effects;
    sum.webhooks += result.webhooks;
    sum.decisions += result.decisions;
    std::fflush(stdout);
  }
  std::printf(
      "%zu runs, %d starts of the process, %d writes, %d faults, %zu effects, %d webhooks, %d "
      "decisions\n",
      sum.runs, sum.starts, sum.writes, sum.faults, sum.effects, sum.webhooks, sum.decisions);
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

int try_mutations(Shared const& shared) {
  int caught = 0;
  int missed = 0;
  for (auto const& each : mutations()) {
    SimulationResult result;
    std::uint64_t seed = 0;
    while (result.violations.empty() && seed < mutation_seeds_max)
      result = simulate({.seed = ++seed, .mutation = each.mutation}, shared);
    bool const found = !result.violations.empty();
    ++(found ? caught : missed);
    std::printf("%-22.*s %s  %.*s\n", static_cast<int>(each.name.size()), each.name.data(),
                found ? ("caught by seed " + std::to_string(seed)).c_str() : "NOT CAUGHT",
                static_cast<int>(each.breaks.size()), each.breaks.data());
    if (found) std::printf("%-22s   %s\n", "", result.violations.front().c_str());
    std::fflush(stdout);
  }
  std::printf("%d passed, %d failed\n", caught, missed);
  return missed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace fairlead::sim

int main(int argc, char** argv) {
  using namespace fairlead;
  using namespace fairlead::sim;
  auto const arguments = read_arguments(argc, argv);
  if (!arguments) return usage("cannot read the arguments");
  auto actions = gitlab::all_actions();
  actions.push_back(builtin::request_approval());
  action::Catalogue const catalogue(std::move(actions));
  SimEvaluator evaluator;
  Shared const shared{.catalogue = catalogue, .evaluator = evaluator};
  if (arguments->mode == Arguments::Mode::mutations) return try_mutations(shared);
  return play_seeds(*arguments, shared);
}
