#include <unistd.h>
#include <charconv>

#include <iostream>

#include "app/files.h"
#include "app/listen_address.h"
#include "app/programs.h"
#include "app/server_app.h"
#include "app/signals.h"
#include "base/text.h"
#include "cli/terminal.h"
#include "net/address_list.h"
#include "net/forwarded_for.h"
#include "trace/options.h"
#include "vault/core_dumps.h"
#include "workflow/duration.h"

namespace fairlead::app {
namespace {

LogOptions log_options(cli::ServeOptions const& options) {
  LogOptions log;
  for (auto const& [name, level] : {std::pair{"debug", LogLevel::debug},
                                    {"warning", LogLevel::warning},
                                    {"error", LogLevel::error}})
    if (options.log_level == name) log.level = level;
  bool const text =
      options.log_format == "text" || (options.log_format.empty() && ::isatty(STDERR_FILENO) != 0);
  log.format = text ? LogOptions::Format::text : LogOptions::Format::json;
  return log;
}

constexpr std::string_view forever = "forever";

Result<workflow::Retention> retention(cli::ServeOptions const& options) {
  workflow::Retention keep{.age = workflow::Retention::Age{},
                           .count = workflow::Retention::Count{}};
  if (options.keep_age != forever) {
    auto age = workflow::duration_from(Json(options.keep_age));
    if (!age.ok())
      return invalid_input("--keep-age", "--keep-age must be a duration like P90D, or forever.");
    keep.age->most = *age;
  }
  if (options.keep_runs != forever) {
    std::int64_t count = 0;
    auto const* end = options.keep_runs.data() + options.keep_runs.size();
    auto const [stop, code] = std::from_chars(options.keep_runs.data(), end, count);
    if (code != std::errc() || stop != end || count < 0)
      return invalid_input("--keep-runs", "--keep-runs must be a number of runs, or forever.");
    keep.count->most = count;
  }
  return keep;
}

Result<access::HashicorpOptions> hashicorp(cli::ServeOptions::Hashicorp const& given) {
  access::HashicorpOptions options{.address = given.address,
                                   .mount = given.mount,
                                   .path = given.path,
                                   .space = given.space,
                                   .token_file = given.token_file,
                                   .role_id_file = given.role_id_file,
                                   .secret_id_file = given.secret_id_file};
  FAIRLEAD_TRY(options.ca_pem, read_small_file(given.ca_file));
  if (!options.address.empty()) FAIRLEAD_CHECK(access::check(options));
  return options;
}

Result<ServerOptions> server_options(cli::ServeOptions const& options) {
  ServerOptions server;
  server.data = options.data.empty() ? cli::default_data_folder() : options.data;
  FAIRLEAD_TRY(auto listen, parse_listen_address(options.listen));
  server.address = listen.address;
  server.port = listen.port;
  FAIRLEAD_TRY(server.public_url, parse_public_url(options.public_url));
  if (options.tls_cert_file.empty() != options.tls_key_file.empty())
    return invalid_input("--tls-cert", "--tls-cert and --tls-key go together.");
  FAIRLEAD_TRY(server.tls_cert_pem, read_small_file(options.tls_cert_file));
  FAIRLEAD_TRY(auto key, read_small_file(options.tls_key_file));
  server.tls_key_pem = Secret(std::move(key));
  FAIRLEAD_TRY(server.retention, retention(options));
  server.secrets_folder = options.secrets_folder;
  server.secrets_command = options.secrets_command;
  for (auto const& text : options.trace_headers) {
    FAIRLEAD_TRY(auto header, trace::secret_header_from(text));
    server.trace_headers.push_back(std::move(header));
  }
  FAIRLEAD_TRY(server.hashicorp, hashicorp(options.hashicorp));
  FAIRLEAD_TRY(server.trusted_proxies, net::parse_trusted_proxies(options.trusted_proxies));
  server.allowed_private = options.allowed_private;
  FAIRLEAD_TRY(server.allowed_http, net::AddressList::parse(options.allowed_http, "--allow-http"));
  server.request_timeout = Milliseconds(std::int64_t{1'000} * options.request_timeout_s);
  server.payload_bytes_max = static_cast<std::size_t>(options.payload_max_kib) * 1'024;
  return server;
}

// To be read by whoever started the server, so not part of the log.
std::string setup_line(ServerApp const& server) {
  auto const link = server.setup_link();
  if (!link) return "";
  return "Set up the first org admin: " + std::string(link->reveal()) + "\n";
}

Result<void> run(cli::ServeOptions const& options, WebFiles web) {
  auto log = make_log(log_options(options));
  FAIRLEAD_TRY(auto wanted, server_options(options));
  wanted.web = web;
  FAIRLEAD_TRY(auto server, ServerApp::start(std::move(wanted), *log));
  std::cout << "Fairlead is ready at " << server->public_url() << '\n'
            << setup_line(*server) << "API token of the org admin: in "
            << server->token_file().string() << '\n'
            << "Connect your GitLab: fairlead connect gitlab --url https://gitlab.example.com "
               "--client-id ..."
            << std::endl;
  wait_for_stop_signal();
  server->stop();
  return {};
}

}  // namespace

int fail(Error const& error) {
  cli::Terminal terminal{.out = std::cout, .err = std::cerr};
  if (::isatty(STDERR_FILENO) != 0) terminal.colours = cli::Terminal::Colours::on;
  cli::print_error(terminal, error);
  return cli::exit_code(error.kind);
}

int serve(cli::ServeOptions const& options, WebFiles web) {
  if (auto forbidden = vault::forbid_core_dumps(); !forbidden.ok()) return fail(forbidden.error());
  block_stop_signals();
  auto done = run(options, web);
  return done.ok() ? 0 : fail(done.error());
}

}  // namespace fairlead::app
