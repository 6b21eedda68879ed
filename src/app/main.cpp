// fairlead: one binary. What it can be is listed here; what it is made of, in server_app.cpp.
#include <string>
#include <vector>

#include "app/check_workflow.h"
#include "app/programs.h"
#include "app/web_files.h"
#include "base/clock.h"
#include "base/pause.h"
#include "cli/cli.h"
#include "expression/jq_helper.h"
#include "net/curl_transport.h"

int main(int argc, char** argv) {
  using namespace fairlead;
  if (auto helper = expression::run_as_jq_helper(argc, argv)) return *helper;
  SystemClock clock;
  InterruptiblePause pause;
  auto make_transport = [] {
    return net::make_curl_transport({.user_agent = "fairlead-cli/" FAIRLEAD_VERSION});
  };
  auto serve = [](cli::ServeOptions const& options) {
    return app::serve(options, app::web_files());
  };
  auto demo = [](cli::DemoOptions const& options) { return app::demo(options, app::web_files()); };
  std::vector<std::string> const arguments(argv + 1, argv + argc);
  return cli::run_cli(arguments, {.make_transport = make_transport,
                                  .clock = clock,
                                  .pause = pause,
                                  .programs = {.serve = serve,
                                               .sandbox = app::run_sandbox,
                                               .demo = demo,
                                               .backup = app::backup,
                                               .restore = app::restore},
                                  .check_workflow = app::make_workflow_check(clock),
                                  .version = FAIRLEAD_VERSION});
}
