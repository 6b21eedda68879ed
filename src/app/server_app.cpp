#include "app/server_app.h"

#include "access/audit_log.h"
#include "access/key_rotation.h"
#include "access/people.h"
#include "access/secret_places.h"
#include "access/sessions.h"
#include "access/stored_secrets.h"
#include "action/call_meter.h"
#include "action/catalogue.h"
#include "action/late_invoker.h"
#include "api/api.h"
#include "app/action_lookup.h"
#include "app/connection_watch.h"
#include "app/files.h"
#include "app/listen_address.h"
#include "app/secret_environment.h"
#include "app/tracing.h"
#include "app/waiting.h"
#include "base/clock.h"
#include "base/pause.h"
#include "builtin/approval_invoker.h"
#include "builtin/outside_invoker.h"
#include "connection/connections.h"
#include "connection/doctor.h"
#include "connection/openid_sign_in.h"
#include "expression/helper_pool.h"
#include "gitlab/actions.h"
#include "gitlab/directory.h"
#include "gitlab/hook_release.h"
#include "gitlab/hook_secrets.h"
#include "gitlab/hook_trial.h"
#include "net/curl_transport.h"
#include "net/shown_certificates.h"
#include "net/transport_meter.h"
#include "run/engine.h"
#include "store/sqlite/sqlite_store.h"
#include "vault/vault.h"

namespace fairlead::app {
namespace {

constexpr int http_workers = 64;

Result<std::unique_ptr<vault::Vault>> open_vault(vault::MasterKeyOptions options,
                                                 store::MetaStore& meta, Random& random, Log& log,
                                                 vault::KeySource& source) {
  FAIRLEAD_TRY(auto check, meta.get(vault::vault_check_key));
  if (check) options.if_missing = vault::KeyMissing::refuse;
  FAIRLEAD_TRY(auto key, vault::load_master_key(options, random, log));
  source = key.source;
  FAIRLEAD_TRY(auto former, vault::load_former_key(options, key));
  std::vector<vault::MasterKey> keys;
  keys.push_back(std::move(key));
  if (former) keys.push_back(std::move(*former));
  auto vault = std::make_unique<vault::Vault>(keys, random);
  if (check) {
    FAIRLEAD_CHECK(vault->verify(*check));
  } else {
    FAIRLEAD_CHECK(meta.set(vault::vault_check_key, vault->check_value()));
  }
  return vault;
}

Result<void> make_private_folder(std::filesystem::path const& folder) {
  std::error_code code;
  bool const made = std::filesystem::create_directories(folder, code);
  if (code) {
    Error error =
        make_error(ErrorKind::unavailable, "The data folder " + folder.string() +
                                               " cannot be made: " + code.message() + ".");
    error.remedy = "Name a folder this user may write with --data-folder.";
    return error;
  }
  if (made) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, code);
  return {};
}

access::AuditLog::Act act(std::string action) {
  access::AuditLog::Act made;
  made.action = std::move(action);
  return made;
}

// Of the database and its log.
std::uintmax_t bytes_in(std::filesystem::path const& folder) {
  std::uintmax_t sum = 0;
  std::error_code ignored;
  for (auto const* suffix : {"", "-wal"}) {
    auto const size = std::filesystem::file_size(
        folder / (std::string(store::sqlite_file_name) + suffix), ignored);
    if (!ignored) sum += size;
  }
  return sum;
}

run::EngineOptions engine_options(ServerOptions const& options) {
  run::EngineOptions engine;
  engine.shard_limits.caps.payload_bytes_max = options.payload_bytes_max;
  return engine;
}

}  // namespace

// In the order of making; destroyed in reverse.
struct ServerApp::Parts {
  ServerOptions options;
  vault::MasterKeyOptions key_options;  // takes the key out of the environment: before any thread
  access::SecretVariables secret_variables;  // likewise
  trace::Variables trace_variables;          // likewise
  vault::KeySource key_source{vault::KeySource::key_file};
  Log& log;
  SystemClock clock;
  SystemRandom random;
  InterruptiblePause pause;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<api::IdempotencyKeys> idempotency;
  std::unique_ptr<net::HttpTransport> curl;
  std::unique_ptr<net::TransportMeter> sent_meter;
  std::unique_ptr<Tracing> tracing;        // none unless configured; told by the engine
  net::HttpTransport* transport{nullptr};  // the outermost
  std::unique_ptr<connection::Connections> connections;
  std::unique_ptr<connection::OpenIdSignIn> openid;
  std::unique_ptr<connection::Doctor> doctor;
  std::unique_ptr<gitlab::ApiDirectory> apis;
  std::unique_ptr<expression::HelperPool> evaluator;
  std::unique_ptr<access::StoredSecrets> stored_secrets;
  std::vector<std::unique_ptr<access::SecretSource>> secret_places;
  std::unique_ptr<access::SecretSource> secrets;
  std::unique_ptr<action::Catalogue> catalogue;
  std::unique_ptr<CatalogueLookup> lookup;
  std::unique_ptr<action::Invoker> catalogue_invoker;
  std::unique_ptr<action::CallMeter> call_meter;
  std::unique_ptr<builtin::Approvals> approvals;
  // Of workflows, last to first asked: the language's own calls, approvals, secrets before all.
  std::unique_ptr<action::Invoker> outside_invoker;
  std::unique_ptr<action::Invoker> approval_invoker;
  std::unique_ptr<action::Invoker> late_invoker;
  std::unique_ptr<action::Invoker> traced_invoker;  // none unless traces are configured
  action::Invoker* invoker{nullptr};                // the outermost
  std::unique_ptr<run::WorkflowLibrary> library;
  std::unique_ptr<run::Engine> engine;
  std::unique_ptr<Waiting> waiting;
  std::unique_ptr<ConnectionWatch> watch;
  std::unique_ptr<access::KeyRotation> rotation;
  std::unique_ptr<run::Replays> replays;
  std::unique_ptr<run::Bulk> bulk;
  std::unique_ptr<run::RetentionSettings> retention;
  std::unique_ptr<run::HistoryKeeper> history;
  std::unique_ptr<access::ApiTokens> tokens;
  std::unique_ptr<access::AuditLog> audit;
  std::unique_ptr<access::PasswordHasher> hasher;
  std::unique_ptr<access::Sessions> sessions;
  std::unique_ptr<access::People> people;
  std::unique_ptr<api::RunStreams> streams;
  std::unique_ptr<api::LiveStreams> live;
  std::unique_ptr<api::LiveBeat> live_beat;
  api::OpenStreams open_streams;
  std::unique_ptr<api::StreamWatch> stream_watch;
  api::EditTurns turns;
  api::RequestMeter meter;
  Time const started_at{clock.now()};
  std::unique_ptr<net::HttpServer> http;
  std::string url;
  std::filesystem::path token_file;
  std::optional<Secret> setup_token;
  bool stopped{false};

  Parts(ServerOptions wanted, Log& log_to)
      : options(std::move(wanted)),
        key_options(vault::master_key_options_from_environment(options.data)),
        secret_variables(take_secret_variables()),
        trace_variables(take_trace_variables()),
        log(log_to) {}

  Result<void> open_data();
  Result<void> make_access();
  Result<void> make_transport();
  void make_secrets();
  connection::ConnectionParts connection_parts();
  void make_gitlab();
  void make_waiting(gitlab::WebhookOptions::PublicUrl said);
  Result<void> make_engine();
  void make_control();
  void make_rotation();
  Result<void> wake_those_who_wait(std::string const& connection);
  void tell_signed_in(std::string const& connection);
  void make_watch();
  Result<void> listen();
  Result<void> bind(std::vector<net::Route> routes, std::uint16_t port);
  void write_figures(MetricText& text) const;
  api::ApiParts api_parts();
};

Result<void> ServerApp::Parts::open_data() {
  FAIRLEAD_CHECK(make_private_folder(options.data));
  FAIRLEAD_TRY(store, store::open_sqlite_store({.folder = options.data}, clock));
  FAIRLEAD_TRY(vault, open_vault(key_options, store->meta(), random, log, key_source));
  idempotency = std::make_unique<api::IdempotencyKeys>(api::IdempotencyKeys::Parts{
      .store = store->answers(), .vault = *vault, .clock = clock, .log = log});
  return make_access();
}

Result<void> ServerApp::Parts::make_access() {
  audit = std::make_unique<access::AuditLog>(store->audit(), clock, log);
  hasher = access::make_password_hasher(random);
  sessions = std::make_unique<access::Sessions>(access::Sessions::Parts{
      .users = store->users(), .sessions = store->sessions(), .clock = clock, .random = random});
  people = std::make_unique<access::People>(access::People::Parts{.users = store->users(),
                                                                  .sessions = store->sessions(),
                                                                  .hasher = *hasher,
                                                                  .clock = clock,
                                                                  .random = random});
  FAIRLEAD_CHECK(people->recall_sign_ins(store->audit()));
  FAIRLEAD_TRY(setup_token, people->make_setup_link());
  tokens = std::make_unique<access::ApiTokens>(*store, clock, random);
  FAIRLEAD_TRY(auto written, tokens->ensure_admin_token(options.data));
  token_file = options.data / access::admin_token_file;
  if (written) {
    log.info("the org admin's API token was written", {{"file", written->string()}});
    audit->write_system(act("tokens.admin.write"));
  }
  if (setup_token) audit->write_system(act("setup.link.create"));
  return {};
}

Result<void> ServerApp::Parts::make_transport() {
  FAIRLEAD_TRY(auto allowed, net::AddressList::parse(options.allowed_private, "--allow-private"));
  curl = net::make_curl_transport({.user_agent = "Fairlead/" FAIRLEAD_VERSION,
                                   .allowed_private = std::move(allowed),
                                   .total_timeout_max = options.request_timeout});
  sent_meter = std::make_unique<net::TransportMeter>(*curl, clock);
  FAIRLEAD_TRY(auto traces, trace::options_from(trace_variables, FAIRLEAD_VERSION));
  if (traces) {
    traces->secret_headers = options.trace_headers;
    tracing = std::make_unique<Tracing>(
        Tracing::Parts{.runs = store->runs(),
                       .sent = *sent_meter,
                       .collector = *curl,
                       .clock = clock,
                       .log = log,
                       .notes = store->meta(),
                       .secret_of = [this](std::string_view name) { return secrets->find(name); }},
        *traces);
  }
  transport = tracing ? &tracing->transport() : sent_meter.get();
  return {};
}

connection::ConnectionParts ServerApp::Parts::connection_parts() {
  return {.store = store->connections(),
          .vault = *vault,
          .transport = *transport,
          .clock = clock,
          .random = random,
          .log = log,
          .pause = &pause};
}

void ServerApp::Parts::make_gitlab() {
  connections = std::make_unique<connection::Connections>(
      connection_parts(), connection::ConnectionOptions{.allowed_http = options.allowed_http});
  openid = std::make_unique<connection::OpenIdSignIn>(connection_parts(), store->meta());
  apis = std::make_unique<gitlab::ApiDirectory>(gitlab::Surroundings{.transport = *transport,
                                                                     .clock = clock,
                                                                     .pause = pause,
                                                                     .random = random,
                                                                     .log = log,
                                                                     .notes = &store->meta()},
                                                *connections);
  catalogue = std::make_unique<action::Catalogue>(every_action());
  lookup = std::make_unique<CatalogueLookup>(*catalogue, &store->connections(), secrets.get());
  catalogue_invoker = action::make_invoker(*catalogue, *apis, clock);
  call_meter = std::make_unique<action::CallMeter>(*catalogue_invoker, *catalogue, clock);
  outside_invoker = builtin::make_outside_invoker(
      {.transport = *transport, .clock = clock, .random = random, .catalogue = *call_meter});
  approvals = std::make_unique<builtin::Approvals>(builtin::Approvals::Parts{
      .store = *store,
      .clock = clock,
      .arrived = [this](std::int64_t seq) { engine->notify_event(seq); },
      .wake = [this](std::string const& key) { return engine->wake(key); }});
  approval_invoker = builtin::make_approval_invoker(
      {.approvals = *approvals, .store = *store, .clock = clock, .next = *outside_invoker});
  evaluator = std::make_unique<expression::HelperPool>(clock);
  late_invoker = action::make_late_invoker(
      {.inner = *approval_invoker, .evaluator = *evaluator, .secrets = *secrets});
  if (tracing) traced_invoker = tracing->around(*late_invoker);
  invoker = tracing ? traced_invoker.get() : late_invoker.get();
}

// In the order in which they are asked.
void ServerApp::Parts::make_secrets() {
  stored_secrets = std::make_unique<access::StoredSecrets>(store->secrets(), *vault, clock);
  if (!options.secrets_folder.empty())
    secret_places.push_back(access::make_folder_secrets(options.secrets_folder));
  secret_places.push_back(access::make_environment_secrets(std::move(secret_variables)));
  if (!options.secrets_command.empty()) {
    secret_places.push_back(access::make_command_secrets(
        {.program = options.secrets_command, .environment = environment_for_command()}, clock));
  }
  if (!options.hashicorp.address.empty()) {
    secret_places.push_back(access::make_hashicorp_secrets(options.hashicorp, *transport, clock));
  }
  std::vector<access::SecretSource*> chain{stored_secrets.get()};
  for (auto const& place : secret_places)
    chain.push_back(place.get());
  secrets = access::make_secret_chain(std::move(chain));
}

Result<void> ServerApp::Parts::make_engine() {
  library = std::make_unique<run::WorkflowLibrary>(store->workflows(), workflow::parse);
  engine = std::make_unique<run::Engine>(run::Engine::Parts{.store = *store,
                                                            .invoker = *invoker,
                                                            .evaluator = *evaluator,
                                                            .library = *library,
                                                            .clock = clock,
                                                            .random = random,
                                                            .log = log},
                                         engine_options(options));
  if (tracing) tracing->follow(*engine);
  FAIRLEAD_CHECK(connections->recover());
  FAIRLEAD_CHECK(engine->recover());
  make_control();
  return {};
}

void ServerApp::Parts::make_control() {
  replays = std::make_unique<run::Replays>(run::Replays::Parts{
      .engine = *engine, .runs = store->runs(), .library = *library, .invoker = *invoker});
  bulk = std::make_unique<run::Bulk>(
      run::Bulk::Parts{.engine = *engine, .runs = store->runs(), .replays = *replays});
  retention = std::make_unique<run::RetentionSettings>(store->meta(), options.retention);
  history =
      std::make_unique<run::HistoryKeeper>(run::HistoryKeeper::Parts{.history = store->history(),
                                                                     .library = *library,
                                                                     .clock = clock,
                                                                     .pause = pause,
                                                                     .log = log,
                                                                     .defaults = *retention});
  history->start();
  make_rotation();
}

void ServerApp::Parts::make_rotation() {
  rotation = std::make_unique<access::KeyRotation>(
      access::KeyRotation::Parts{.vault = *vault,
                                 .keys = key_options,
                                 .source = key_source,
                                 .meta = store->meta(),
                                 .clock = clock,
                                 .random = random,
                                 .pause = pause,
                                 .log = log},
      std::vector<access::ResealSource>{
          {"connections", [this](int limit) { return connections->reseal(limit); }},
          {"webhooks",
           [this](int limit) { return gitlab::reseal_webhooks(store->webhooks(), *vault, limit); }},
          {"secrets", [this](int limit) { return stored_secrets->reseal(limit); }},
          {"kept answers", [this](int limit) { return idempotency->reseal(limit); }},
          {"sign-in settings", [this](int limit) { return openid->reseal(limit); }}});
  rotation->start();
}

void ServerApp::Parts::make_waiting(gitlab::WebhookOptions::PublicUrl said) {
  waiting = std::make_unique<Waiting>(
      Waiting::Parts{.store = *store,
                     .vault = *vault,
                     .apis = *apis,
                     .engine = *engine,
                     .library = *library,
                     .approvals = *approvals,
                     .clock = clock,
                     .random = random,
                     .pause = pause,
                     .log = log},
      gitlab::WebhookOptions{.public_url = options.public_url, .said = said});
}

// Runs know the connection by what their workflow calls it.
Result<void> ServerApp::Parts::wake_those_who_wait(std::string const& connection) {
  FAIRLEAD_CHECK(engine->connection_recovered(connection));
  FAIRLEAD_TRY(auto const record, store->connections().find(connection));
  for (auto const& alias : record.settings["aliases"].items())
    FAIRLEAD_CHECK(engine->connection_recovered(alias.as_string()));
  return {};
}

void ServerApp::Parts::tell_signed_in(std::string const& connection) {
  auto told = wake_those_who_wait(connection);
  if (!told.ok())
    log.warning("runs waiting for a sign-in were not woken", {{"error", describe(told.error())}});
}

void ServerApp::Parts::make_watch() {
  watch = std::make_unique<ConnectionWatch>(ConnectionWatch::Parts{
      .connections = *connections,
      .events = store->events(),
      .clock = clock,
      .pause = pause,
      .log = log,
      .arrived = [this](std::int64_t seq) { engine->notify_event(seq); },
      .signed_in = [this](std::string const& name) { tell_signed_in(name); }});
  watch->start();
}

void ServerApp::Parts::write_figures(MetricText& text) const {
  sent_meter->write(text);
  call_meter->write(text);
  evaluator->write(text);
  people->write(text);
  if (tracing) tracing->write(text);
}

api::ApiParts ServerApp::Parts::api_parts() {
  auto signed_in = [this](std::string const& name) { tell_signed_in(name); };
  auto budget = [this](ConnectionId const& id) { return apis->budget(id); };
  auto release = [this](store::ConnectionRecord const& leaving) {
    gitlab::release_webhooks({.store = *store, .apis = *apis, .log = log}, leaving);
  };
  return {.connections = {.connections = *connections,
                          .random = random,
                          .signed_in = signed_in,
                          .public_url = options.public_url},
          .connection_care = {.connections = *connections, .doctor = *doctor},
          .connection_insight = {.connections = *connections,
                                 .catalogue = *catalogue,
                                 .library = *library,
                                 .store = *store,
                                 .clock = clock,
                                 .budget = budget,
                                 .release = release},
          .actions = {.catalogue = *catalogue, .invoker = *call_meter, .apis = *apis},
          .events = {.store = *store,
                     .clock = clock,
                     .arrived = [this](std::int64_t seq) { engine->notify_event(seq); }},
          .workflows = {.store = store->workflows(),
                        .schedules = store->schedules(),
                        .history = store->history(),
                        .audit = store->audit(),
                        .actions = *lookup,
                        .evaluator = *evaluator,
                        .library = *library,
                        .engine = *engine,
                        .clock = clock},
          .runs = {.store = store->runs(), .engine = *engine, .streams = *streams},
          .live = {.live = *live},
          .webhooks = {.store = *store, .intake = waiting->intake()},
          .kept_webhooks = {.store = *store,
                            .intake = waiting->intake(),
                            .apis = *apis,
                            .maker = {.vault = *vault, .clock = clock, .random = random},
                            .wants = waiting->hook_wants()},
          .approvals = {.approvals = *approvals},
          .control = {.store = store->runs(),
                      .engine = *engine,
                      .replays = *replays,
                      .bulk = *bulk,
                      .history = *history},
          .settings = {.retention = *retention, .clock = clock, .at_start = shown(options)},
          .secrets = {.stored = *stored_secrets, .all = *secrets},
          .key = {.rotation = *rotation},
          .session = {.guard = {.tokens = *tokens,
                                .sessions = *sessions,
                                .audit = *audit,
                                .streams = open_streams,
                                .public_url = options.public_url},
                      .people = *people,
                      .gitlab_ways = [this] { return api::gitlab_ways(*openid); }},
          .audit = {.store = store->audit()},
          .openid = *openid,
          .turns = turns,
          .idempotency = *idempotency,
          .meter = meter,
          .log = log,
          .version = FAIRLEAD_VERSION,
          .started_at = started_at,
          .store_bytes = [data = options.data] { return bytes_in(data); },
          .figures = [this](MetricText& text) { write_figures(text); }};
}

Result<void> ServerApp::Parts::bind(std::vector<net::Route> routes, std::uint16_t port) {
  api::AnsweredParts const around{.meter = meter, .clock = clock, .random = random, .log = log};
  auto pages = api::web_pages(options.web, random, api::no_such_route);
  http = net::make_http_server({.address = options.address,
                                .port = port,
                                .tls_cert_pem = options.tls_cert_pem,
                                .tls_key_pem = options.tls_key_pem,
                                .worker_threads = http_workers,
                                .trusted_proxies = options.trusted_proxies,
                                .not_found = api::answered_elsewhere(pages, around)},
                               std::move(routes), log);
  return http->start();
}

Result<void> ServerApp::Parts::listen() {
  streams = std::make_unique<api::RunStreams>(store->runs(), *engine);
  live = std::make_unique<api::LiveStreams>(*store, *engine);
  live_beat = std::make_unique<api::LiveBeat>(*live);
  stream_watch = std::make_unique<api::StreamWatch>(open_streams);
  std::string const scheme = options.tls_cert_pem.empty() ? "http" : "https";
  // Routes hold the public URL, which may depend on the port the system gives: learn it first.
  if (options.port == 0) {
    FAIRLEAD_CHECK(bind({}, 0));
    options.port = http->port();
    http->drain();
  }
  url = url_of({.address = options.address, .port = options.port}, scheme);
  auto const said = options.public_url.empty() ? gitlab::WebhookOptions::PublicUrl::ours
                                               : gitlab::WebhookOptions::PublicUrl::given;
  if (options.public_url.empty()) options.public_url = url;
  while (options.public_url.ends_with('/'))
    options.public_url.pop_back();
  make_waiting(said);
  doctor = std::make_unique<connection::Doctor>(
      connection_parts(), *connections, store->webhooks(),
      connection::DoctorOptions{
          .public_url = options.public_url,
          .certificates = net::shown_certificates,
          .try_hook = [this](auto const& name, auto const& hook) {
            return gitlab::try_hook({.apis = *apis, .webhooks = store->webhooks(), .clock = clock},
                                    name, hook);
          }});
  auto routes = api::make_routes(api_parts());
  for (auto& route : api::web_routes(options.web))
    routes.push_back(std::move(route));
  FAIRLEAD_CHECK(bind(std::move(routes), options.port));
  FAIRLEAD_CHECK(write_small_file(options.data / "server.url", url + "\n"));
  waiting->start();  // last: its thread ends only by stop()
  make_watch();
  return {};
}

Result<std::unique_ptr<ServerApp>> ServerApp::start(ServerOptions options, Log& log) {
  auto parts = std::make_unique<Parts>(std::move(options), log);
  FAIRLEAD_CHECK(parts->open_data());
  FAIRLEAD_CHECK(parts->make_transport());
  parts->make_secrets();
  parts->make_gitlab();
  FAIRLEAD_CHECK(parts->make_engine());
  FAIRLEAD_CHECK(parts->listen());
  log.info("ready", {{"url", parts->url},
                     {"publicUrl", parts->options.public_url},
                     {"data", parts->options.data.string()}});
  auto started = act("system.start");
  started.detail = Json::object({{"version", FAIRLEAD_VERSION}});
  parts->audit->write_system(started);
  // lint: allow(banned) make_unique cannot reach the private constructor.
  return std::unique_ptr<ServerApp>(new ServerApp(std::move(parts)));
}

ServerApp::ServerApp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

ServerApp::~ServerApp() { stop(); }

std::string const& ServerApp::url() const { return parts_->url; }
std::string const& ServerApp::public_url() const { return parts_->options.public_url; }
std::filesystem::path const& ServerApp::token_file() const { return parts_->token_file; }
std::optional<Secret> ServerApp::setup_link() const {
  if (!parts_->setup_token) return std::nullopt;
  return Secret(parts_->options.public_url +
                "/setup?token=" + std::string(parts_->setup_token->reveal()));
}

void ServerApp::stop() {
  if (std::exchange(parts_->stopped, true)) return;
  parts_->log.info("stopping", {});
  parts_->audit->write_system(act("system.stop"));
  parts_->streams->stop();
  parts_->live->stop();
  parts_->http->drain();
  parts_->pause.interrupt();
  parts_->waiting->stop();
  parts_->watch->stop();
  parts_->rotation->stop();
  parts_->history->stop();
  parts_->engine->drain();
  if (parts_->tracing) parts_->tracing->stop();
  std::error_code ignored;
  std::filesystem::remove(parts_->options.data / "server.url", ignored);
  parts_->log.info("stopped", {});
}

}  // namespace fairlead::app
