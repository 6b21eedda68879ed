#include <iostream>

#include "app/files.h"
#include "app/listen_address.h"
#include "app/programs.h"
#include "app/signals.h"
#include "net/curl_transport.h"
#include "sandbox/sandbox.h"

namespace fairlead::app {
namespace {

Result<sandbox::SandboxOptions> sandbox_options(cli::SandboxCommandOptions const& options) {
  sandbox::SandboxOptions box;
  FAIRLEAD_TRY(auto listen, parse_listen_address(options.listen));
  box.address = listen.address;
  box.port = listen.port;
  box.sub_path = options.sub_path;
  box.issues = static_cast<std::size_t>(options.issues);
  if (options.manual_clock) box.time = sandbox::SandboxOptions::Time::manual;
  if (!options.redirect_uris.empty()) box.redirect_uris = options.redirect_uris;
  if (options.tls_cert_file.empty() != options.tls_key_file.empty())
    return invalid_input("--tls-cert", "--tls-cert and --tls-key go together.");
  FAIRLEAD_TRY(box.tls_cert_pem, read_small_file(options.tls_cert_file));
  FAIRLEAD_TRY(auto key, read_small_file(options.tls_key_file));
  box.tls_key_pem = Secret(std::move(key));
  return box;
}

Result<void> run(cli::SandboxCommandOptions const& options) {
  FAIRLEAD_TRY(auto wanted, sandbox_options(options));
  SystemClock clock;
  SystemRandom random;
  auto log = make_log({.level = LogLevel::warning, .format = LogOptions::Format::text});
  auto transport = net::make_curl_transport({.user_agent = "GitLab/" + wanted.version});
  FAIRLEAD_TRY(
      auto box,
      sandbox::Sandbox::start(
          wanted, {.clock = clock, .random = random, .transport = *transport, .log = *log}));
  std::cout << box->welcome(sandbox::Sandbox::Show::people_and_tokens) << std::flush;
  wait_for_stop_signal();
  box->stop();
  return {};
}

}  // namespace

int run_sandbox(cli::SandboxCommandOptions const& options) {
  block_stop_signals();
  auto done = run(options);
  return done.ok() ? 0 : fail(done.error());
}

}  // namespace fairlead::app
