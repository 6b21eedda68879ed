// How a sandbox is set up: where it listens, what it holds at first, how strict and how fast it is.
//
// Used by `fairlead sandbox`, the demo and tests. Value type; defaults give a quick, quiet instance
// on a free port.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"

namespace fairlead::sandbox {

struct SandboxOptions {
  std::string address{"127.0.0.1"};
  std::uint16_t port{0};  // 0: any free one
  std::string sub_path;   // "" or "/gitlab"
  std::string
      external_url;  // as in answers and Link headers; "": address, port and sub-path it listens on
  std::string tls_cert_pem;  // empty: plain HTTP
  Secret tls_key_pem;
  std::string version{"19.5.0-ee"};

  // What is there at the start.
  enum class Seed { none, demo } seed{Seed::demo};  // none: only root and its token
  std::size_t issues{0};                            // so many more issues in ops/incidents
  std::string client_id{"fairlead-sandbox-application"};
  std::string client_secret{"gloas-sandbox-secret-0123456789abcdef"};
  std::vector<std::string> redirect_uris{"http://127.0.0.1:8420/oauth/callback",
                                         "http://localhost:8420/oauth/callback"};
  std::string password{"sandbox-password"};  // of every seeded user

  // How it behaves.
  enum class Tier { free, ultimate } tier{Tier::free};  // free: one assignee, no weight
  // Manual: the sandbox's time stands still and only `POST /-/sandbox/clock` moves it.
  enum class Time { running, manual } time{Time::running};
  Milliseconds token_lifetime{7'200'000};
  Milliseconds pipeline_run_time{
      3'000};                   // running to finished; the steps before take a quarter of it
  int requests_per_minute{0};   // per token; 0: no throttle
  int pipelines_per_minute{0};  // per project and user (GitLab.com: 25); 0: no limit
  enum class RateHeaders { only_when_limited, always } rate_headers{RateHeaders::only_when_limited};
  int worker_threads{16};
};

}  // namespace fairlead::sandbox
