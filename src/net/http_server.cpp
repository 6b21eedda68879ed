#include "net/http_server.h"

#include <mutex>

#include "base/worker_pool.h"
#include "net/router.h"
#include "net/server_loops.h"

namespace fairlead::net {
namespace {

class BeastHttpServer final : public HttpServer {
 public:
  BeastHttpServer(HttpServerOptions options, std::vector<Route> routes, Log& log)
      : options_(std::move(options)),
        router_(std::move(routes)),
        workers_(std::make_unique<WorkerPool>(WorkerPoolOptions{
            .threads = static_cast<std::size_t>(std::max(1, options_.worker_threads)),
            .queue_max = options_.queue_max})),
        context_{options_, router_, *workers_, clock_, log},
        loops_(context_) {}

  ~BeastHttpServer() override {
    drain();
    workers_.reset();  // handlers that still run hold their connection; after this none does
  }
  BeastHttpServer(BeastHttpServer const&) = delete;
  BeastHttpServer& operator=(BeastHttpServer const&) = delete;

  Result<void> start() override {
    FAIRLEAD_CHECK(loops_.start());
    started_ = true;
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return loops_.port(); }

  void drain() override {
    std::lock_guard const lock(drain_mutex_);
    if (!started_ || drained_) return;
    drained_ = true;
    loops_.drain();
    if (loops_.wait_until_empty(options_.drain_timeout)) return;
    context_.log.warning("drain took too long; closing the connections that are left");
    loops_.abort_all();
    loops_.wait_until_empty(Milliseconds(1'000));
  }

 private:
  HttpServerOptions const options_;
  Router const router_;
  SystemClock const clock_;
  std::unique_ptr<WorkerPool> workers_;
  ServerContext context_;
  ServerLoops loops_;
  std::mutex drain_mutex_;  // a second caller waits for the first
  bool started_{false};
  bool drained_{false};
};

}  // namespace

std::unique_ptr<HttpServer> make_http_server(HttpServerOptions options, std::vector<Route> routes,
                                             Log& log) {
  return std::make_unique<BeastHttpServer>(std::move(options), std::move(routes), log);
}

}  // namespace fairlead::net
