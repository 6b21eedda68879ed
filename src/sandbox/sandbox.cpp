#include "sandbox/sandbox.h"

#include "net/http_server.h"
#include "sandbox/front.h"
#include "sandbox/hook_sender.h"
#include "sandbox/pipeline_run.h"
#include "sandbox/seed.h"
#include "sandbox/world.h"

namespace fairlead::sandbox {
namespace {

constexpr std::size_t body_bytes_max = 8u << 20;  // descriptions may hold a million characters

net::HttpServerOptions server_options(SandboxOptions const& options) {
  net::HttpServerOptions server;
  server.address = options.address;
  server.port = options.port;
  server.tls_cert_pem = options.tls_cert_pem;
  server.tls_key_pem = options.tls_key_pem;
  server.worker_threads = options.worker_threads;
  server.body_bytes_max = body_bytes_max;
  server.stream_buffer_bytes_max = stream_buffer_bytes_max;
  server.drain_timeout = Milliseconds(2'000);
  server.server_name = "nginx";
  return server;
}

std::vector<net::Route> all_paths(Front& front) {
  std::vector<net::Route> routes;
  net::Handler const handler = [&front](net::ServerRequest const& request) {
    return front.answer(request);
  };
  using enum net::Method;
  for (net::Method const method : {get, post, put, patch, delete_, options}) {
    routes.push_back({method, "/", handler});
    routes.push_back({method, "/{path*}", handler});
  }
  return routes;
}

std::string own_url(SandboxOptions const& options, std::uint16_t port) {
  if (!options.external_url.empty()) return options.external_url;
  std::string const scheme = options.tls_cert_pem.empty() ? "http" : "https";
  bool const everywhere = options.address == "0.0.0.0" || options.address == "::";
  return scheme + "://" + (everywhere ? "127.0.0.1" : options.address) + ":" +
         std::to_string(port) + options.sub_path;
}

Result<void> check(SandboxOptions const& options) {
  bool const good = options.sub_path.empty() ||
                    (options.sub_path.starts_with('/') && !options.sub_path.ends_with('/'));
  if (!good)
    return invalid_input("sub-path", "must look like /gitlab: a slash first and none at the end");
  return {};
}

}  // namespace

struct Sandbox::Impl {
  Impl(SandboxOptions const& options, SandboxParts const& parts)
      : world(options, parts.clock, parts.random),
        front(world),
        sender(world, parts.transport, parts.log),
        server(net::make_http_server(server_options(options), all_paths(front), parts.log)) {}

  World world;
  Front front;
  HookSender sender;
  std::unique_ptr<net::HttpServer> server;
  bool stopped{false};
};

Sandbox::Sandbox(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Sandbox>> Sandbox::start(SandboxOptions options, SandboxParts const& parts) {
  FAIRLEAD_CHECK(check(options));
  auto impl = std::make_unique<Impl>(options, parts);
  {
    std::lock_guard const lock(impl->world.mutex);
    seed(impl->world);
  }
  FAIRLEAD_CHECK(impl->server->start());
  {
    std::lock_guard const lock(impl->world.mutex);
    impl->world.base_url = own_url(options, impl->server->port());
  }
  impl->sender.start();
  return std::make_unique<Sandbox>(std::move(impl));
}

Sandbox::~Sandbox() { stop(); }

std::uint16_t Sandbox::port() const { return impl_->server->port(); }

std::string Sandbox::base_url() const {
  std::lock_guard const lock(impl_->world.mutex);
  return impl_->world.base_url;
}

std::string Sandbox::welcome(Show show) const {
  std::string text = "GitLab sandbox at " + base_url() + "\n";
  std::lock_guard const lock(impl_->world.mutex);
  text += "Sign in as";
  for (auto const& [id, user] : impl_->world.state.users) {
    if (!user.bot && user.state == "active") text += " " + user.username;
  }
  text += " (password " + impl_->world.options.password + ")\n";
  text += "OAuth application id: " + impl_->world.options.client_id + "\n";
  if (show == Show::people) return text;
  text += "OAuth application secret: " + impl_->world.options.client_secret + "\n";
  for (std::string const& uri : impl_->world.options.redirect_uris)
    text += "  redirect URI: " + uri + "\n";
  text += "Personal access tokens:\n";
  for (auto const& [value, token] : impl_->world.state.personal_tokens)
    text += "  " + token.name + ": " + value + "\n";
  return text;
}

void Sandbox::advance(Milliseconds by) {
  std::lock_guard const lock(impl_->world.mutex);
  impl_->world.clock.advance(by);
  settle(impl_->world);
  impl_->world.changed.notify_all();
}

void Sandbox::stop() {
  if (impl_->stopped) return;
  impl_->stopped = true;
  impl_->server->drain();
  impl_->sender.stop();
}

}  // namespace fairlead::sandbox
