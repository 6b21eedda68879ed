#include "tests/refresh/world.h"

#include <csignal>

#include "connection/care.h"
#include "store/sqlite/sqlite_store.h"
#include "vault/vault.h"

namespace fairlead::refresh {
namespace {

void die() { ::raise(SIGKILL); }

class DeadlyTransport final : public net::HttpTransport {
 public:
  DeadlyTransport(std::unique_ptr<net::HttpTransport> inner, DieAt die_at)
      : inner_(std::move(inner)), die_at_(die_at) {}
  Result<net::HttpResponse> send(net::HttpRequest const& request) override {
    bool const refresh = request.url.ends_with("/oauth/token");
    if (refresh && die_at_ == DieAt::before_call) die();
    auto response = inner_->send(request);
    if (refresh && die_at_ == DieAt::before_commit) die();
    return response;
  }

 private:
  std::unique_ptr<net::HttpTransport> inner_;
  DieAt die_at_;
};

// Passes on to the rows; dies when a new pair is durable.
class DeadlyRows final : public store::ConnectionStore {
 public:
  DeadlyRows(std::unique_ptr<store::ConnectionStore> rows, DieAt die_at)
      : rows_(std::move(rows)), die_at_(die_at) {}
  Result<void> insert(store::ConnectionRecord const& row) override { return rows_->insert(row); }
  Result<void> update(store::ConnectionRecord const& row, std::int64_t expected) override {
    auto stored = rows_->update(row, expected);
    bool const new_pair = connection::pair_of(row) == row.generation && row.status == "active";
    if (stored.ok() && new_pair && die_at_ == DieAt::after_commit) die();
    return stored;
  }
  Result<store::ConnectionRecord> get(ConnectionId const& id) override { return rows_->get(id); }
  Result<store::ConnectionRecord> find(std::string_view name) override { return rows_->find(name); }
  Result<std::vector<store::ConnectionRecord>> list() override { return rows_->list(); }
  Result<void> remove(ConnectionId const& id) override { return rows_->remove(id); }
  Result<void> insert_sign_in(store::SignInRecord const& row) override {
    return rows_->insert_sign_in(row);
  }
  Result<store::SignInRecord> bind_sign_in(std::string_view state, std::string_view browser,
                                           Time now) override {
    return rows_->bind_sign_in(state, browser, now);
  }
  Result<store::SignInRecord> take_sign_in(std::string_view state, Time now) override {
    return rows_->take_sign_in(state, now);
  }

 private:
  std::unique_ptr<store::ConnectionStore> rows_;
  DieAt die_at_;
};

}  // namespace

struct World::Rows {
  Rows(std::unique_ptr<store::Database> write, std::vector<std::unique_ptr<store::Database>> read,
       DieAt die_at)
      : writer(std::move(write), clock),
        readers(std::move(read)),
        connections(store::make_sqlite_connections(
                        {.readers = readers, .writer = writer, .recent_wakes = wakes}),
                    die_at),
        transport(net::make_curl_transport({}), die_at) {}

  SystemClock clock;
  SystemRandom random;
  InterruptiblePause pause;
  std::unique_ptr<Log> log = make_null_log();
  store::RecentWakes wakes;
  store::Writer writer;
  store::Readers readers;
  DeadlyRows connections;
  DeadlyTransport transport;
  vault::Vault vault{
      {{.bytes = Secret(std::string(vault::master_key_bytes, 'k')), .where = "test"}}, random};
};

World::World(std::unique_ptr<Rows> rows) : rows_(std::move(rows)) {
  connections = std::make_unique<connection::Connections>(
      connection::ConnectionParts{.store = rows_->connections,
                                  .vault = rows_->vault,
                                  .transport = rows_->transport,
                                  .clock = clock,
                                  .random = rows_->random,
                                  .log = *rows_->log,
                                  .pause = &rows_->pause},
      connection::ConnectionOptions{});
}

World::~World() = default;

net::HttpTransport& World::transport() { return rows_->transport; }

Result<std::unique_ptr<World>> World::open(std::filesystem::path const& folder, DieAt die_at) {
  using store::Database;
  auto const file = folder / store::sqlite_file_name;
  FAIRLEAD_TRY(auto write, Database::open(file, Database::Access::read_write));
  std::vector<std::unique_ptr<Database>> readers;
  FAIRLEAD_TRY(auto read, Database::open(file, Database::Access::read_only));
  readers.push_back(std::move(read));
  return std::make_unique<World>(
      std::make_unique<Rows>(std::move(write), std::move(readers), die_at));
}

}  // namespace fairlead::refresh
