// fairlead-ctk: plays the scenarios of the workflow language's conformance kit through the engine.
//
//   fairlead-ctk <folder or file>... [--filter TEXT] [--pending] [--quiet]
//
// The closing line is "N passed, N failed"; exit code 0 if none failed and at least one passed.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "expression/helper_pool.h"
#include "expression/jq_helper.h"
#include "runner.h"

namespace {

using namespace fairlead;  // NOLINT
namespace fs = std::filesystem;

struct Wanted {
  std::vector<fs::path> files;
  ctk::RunOptions options;
  bool quiet{false};
};

struct Totals {
  int passed{0};
  int failed{0};
  int skipped{0};
};

void add_files(std::vector<fs::path>& files, fs::path const& place) {
  std::vector<fs::path> found;
  if (fs::is_directory(place)) {
    for (auto const& entry : fs::recursive_directory_iterator(place)) {
      if (entry.path().extension() == ".feature") found.push_back(entry.path());
    }
  } else {
    found.push_back(place);
  }
  std::sort(found.begin(), found.end());
  files.insert(files.end(), found.begin(), found.end());
}

std::optional<Wanted> wanted_from(int argc, char const* const* argv) {
  Wanted wanted;
  for (int i = 1; i < argc; ++i) {
    std::string const argument = argv[i];
    if (argument == "--filter" && i + 1 < argc) {
      wanted.options.filter = argv[++i];
    } else if (argument == "--pending") {
      wanted.options.pending = ctk::RunOptions::Pending::run;
    } else if (argument == "--quiet") {
      wanted.quiet = true;
    } else if (argument.starts_with("--") || !fs::exists(argument)) {
      std::fprintf(stderr, "fairlead-ctk: there is no option, file or folder '%s'\n",
                   argument.c_str());
      return std::nullopt;
    } else {
      add_files(wanted.files, argument);
    }
  }
  if (!wanted.files.empty()) return wanted;
  std::fputs("usage: fairlead-ctk <folder or file>... [--filter TEXT] [--pending] [--quiet]\n",
             stderr);
  return std::nullopt;
}

std::string text_of(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void play(fs::path const& file, Wanted const& wanted, ctk::WorldParts const& parts,
          Totals& totals) {
  using Outcome = ctk::ScenarioResult::Outcome;
  auto results = ctk::run_feature(text_of(file), parts, wanted.options);
  for (auto const& result : results) {
    totals.passed += result.outcome == Outcome::passed ? 1 : 0;
    totals.failed += result.outcome == Outcome::failed ? 1 : 0;
    totals.skipped += result.outcome == Outcome::skipped ? 1 : 0;
  }
  if (wanted.quiet) {
    std::erase_if(results, [](auto const& each) { return each.outcome != Outcome::failed; });
  }
  if (results.empty()) return;
  std::fputs(ctk::report(file.string(), results).c_str(), stdout);
  std::fflush(stdout);
}

int play_all(Wanted const& wanted) {
  testing::VirtualClock clock;
  auto const log = make_null_log();
  expression::HelperPool evaluator(clock);
  ctk::Stub stub(*log);
  if (auto started = stub.start(); !started.ok()) {
    std::fprintf(stderr, "%s\n", describe(started.error()).c_str());
    return 2;
  }
  Totals totals;
  ctk::WorldParts const parts{.clock = clock, .evaluator = evaluator, .stub = stub, .log = *log};
  for (auto const& file : wanted.files)
    play(file, wanted, parts, totals);
  if (totals.skipped > 0) std::printf("%d skipped (@pending)\n", totals.skipped);
  std::printf("%d passed, %d failed\n", totals.passed, totals.failed);
  return totals.failed == 0 && totals.passed > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (auto const code = fairlead::expression::run_as_jq_helper(argc, argv)) return *code;
  auto const wanted = wanted_from(argc, argv);
  return wanted ? play_all(*wanted) : 2;
}
