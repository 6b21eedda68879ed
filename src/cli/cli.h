// The command line: what `fairlead ...` takes, and which function does it.
//
// The commands that are a program of their own (serve, sandbox, demo) are handed in by app/, which
// alone knows how to put them together; the others talk to a server's REST API. CLI11 stays inside
// cli.cpp.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/pause.h"
#include "net/http.h"

namespace fairlead::cli {

struct ServeOptions {
  std::string data;  // folder; "" is the default one
  std::string listen{"127.0.0.1:8420"};
  std::string public_url;  // "" is made of `listen`
  std::string tls_cert_file;
  std::string tls_key_file;
  std::string keep_age{"P90D"};  // of ended runs; "forever"
  std::string keep_runs{"forever"};
  std::string log_level{"info"};
  std::string secrets_folder;              // "": none
  std::string secrets_command;             // "": none
  std::vector<std::string> trace_headers;  // "authorization=<name of a secret>"
  // HashiCorp Vault; an empty address: none.
  struct Hashicorp {
    std::string address;
    std::string mount{"secret"};
    std::string path{"fairlead"};
    std::string space;
    std::string token_file;
    std::string role_id_file;
    std::string secret_id_file;
    std::string ca_file;
  } hashicorp;
  std::vector<std::string> allowed_private;  // hosts, addresses, networks
  std::vector<std::string> allowed_http;     // likewise
  int request_timeout_s{60};                 // of an outgoing request, at most
  std::vector<std::string> trusted_proxies;  // addresses, networks
  std::string log_format;                    // "json", "text"; "" is text on a terminal
  int payload_max_kib{1'024};                // of one value of a run
};

struct SandboxCommandOptions {
  std::string listen{"127.0.0.1:8585"};
  std::string sub_path;  // "/gitlab"
  std::string tls_cert_file;
  std::string tls_key_file;
  int issues{0};  // extra issues in ops/incidents
  bool manual_clock{false};
  std::vector<std::string> redirect_uris;
};

struct DemoOptions {
  bool keep{false};
  std::string gitlab;  // "" is the sandbox
  std::string client_id;
  std::string client_secret_file;
  std::string ca_file;
  std::string project{"ops/incidents"};
  std::string runbook{"ops/runbooks"};
  std::string ref{"main"};
  std::string data;  // "" is a fresh folder
};

// Of the database of a data folder, without a server.
struct BackupOptions {
  std::string file;
  std::string data;  // "" is the default folder
};

struct Programs {
  std::function<int(ServeOptions const&)> serve;
  std::function<int(SandboxCommandOptions const&)> sandbox;
  std::function<int(DemoOptions const&)> demo;
  std::function<int(BackupOptions const&)> backup;
  std::function<int(BackupOptions const&)> restore;
};

// A workflow's problems, found without a server: see Session::check_workflow.
using WorkflowCheck = std::function<Result<Json>(std::string const& source)>;

struct Surroundings {
  // Called once a command needs it: it starts a thread, which `serve` must not have yet.
  std::function<std::unique_ptr<net::HttpTransport>()> make_transport;
  Clock const& clock;
  Pause& pause;
  Programs programs;
  WorkflowCheck check_workflow;
  std::string version;
};

// Where data is kept if nothing else is said: $FAIRLEAD_DATA, else $XDG_DATA_HOME/fairlead, else
// ~/.local/share/fairlead.
std::string default_data_folder();

// Gives the exit code; never throws.
int run_cli(std::vector<std::string> const& arguments, Surroundings const& surroundings);

}  // namespace fairlead::cli
