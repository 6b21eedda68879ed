#include "cli/serve_options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace fairlead::cli {
namespace {

void add_hashicorp(CLI::App& serve, ServeOptions::Hashicorp& options) {
  serve.add_option("--vault-address", options.address,
                   "HashiCorp Vault that holds secrets, e.g. https://vault.example.com:8200");
  serve.add_option("--vault-mount", options.mount, "its key-value engine, version 2")
      ->capture_default_str();
  serve.add_option("--vault-path", options.path, "folder in it: <mount>/<path>/<name of secret>")
      ->capture_default_str();
  serve.add_option("--vault-namespace", options.space, "of Vault Enterprise");
  serve.add_option("--vault-token-file", options.token_file, "file with a token");
  serve.add_option("--vault-role-id-file", options.role_id_file, "or of an AppRole: the role id");
  serve.add_option("--vault-secret-id-file", options.secret_id_file, "and the secret id");
  serve.add_option("--vault-ca-file", options.ca_file, "PEM file: the CA of its certificate");
}

void add_secret_sources(CLI::App& serve, ServeOptions& options) {
  serve.add_option("--secrets-folder", options.secrets_folder,
                   "folder with one file a secret, readable by its owner only");
  serve.add_option("--secrets-command", options.secrets_command,
                   "program that prints the secret whose name it is given");
  serve.add_option("--trace-header", options.trace_headers,
                   "header for the trace collector whose value is a secret: <header>=<secret>");
  add_hashicorp(serve, options.hashicorp);
}

}  // namespace

CLI::App* add_serve(CLI::App& app, ServeOptions& options) {
  auto* serve = app.add_subcommand("serve", "run the server");
  serve->add_option("--data-folder", options.data, "folder for the database and keys");
  serve->add_option("--listen", options.listen, "address and port")->capture_default_str();
  serve->add_option("--public-url", options.public_url,
                    "how browsers and GitLab reach this server");
  serve->add_option("--tls-cert", options.tls_cert_file, "PEM file: certificate chain");
  serve->add_option("--tls-key", options.tls_key_file, "PEM file: private key");
  serve->add_option("--keep-age", options.keep_age, "how long ended runs are kept: P90D, forever")
      ->capture_default_str();
  serve
      ->add_option("--keep-runs", options.keep_runs,
                   "how many ended runs of a workflow are kept: a number, forever")
      ->capture_default_str();
  add_secret_sources(*serve, options);
  serve->add_option("--allow-private", options.allowed_private,
                    "private host, address or network that calls of workflows may reach");
  serve->add_option(
      "--allow-http", options.allowed_http,
      "host, address or network of a GitLab without https: tokens go there unencrypted");
  serve->add_option("--trusted-proxy", options.trusted_proxies,
                    "address or network of a reverse proxy whose X-Forwarded-For is believed");
  serve
      ->add_option("--request-timeout", options.request_timeout_s,
                   "seconds after which an outgoing request is given up")
      ->check(CLI::Range(1, 60))
      ->capture_default_str();
  serve->add_option("--log-level", options.log_level)
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
  serve->add_option("--log-format", options.log_format)->check(CLI::IsMember({"json", "text"}));
  serve
      ->add_option("--payload-max-kib", options.payload_max_kib,
                   "the most one input, output or value of a run may have")
      ->check(CLI::Range(64, 16'384))
      ->capture_default_str();
  return serve;
}

}  // namespace fairlead::cli
