#include "tests/refresh/parent.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "base/text.h"
#include "net/url.h"
#include "store/sqlite/sqlite_store.h"

namespace fairlead::refresh {

// ---- Child ----

Child::Child(std::filesystem::path const& folder, std::string const& gitlab, DieAt die_at) {
  int down[2];
  int up[2];
  if (::pipe2(down, O_CLOEXEC) != 0 || ::pipe2(up, O_CLOEXEC) != 0) return;
  std::string const where = std::to_string(static_cast<int>(die_at));
  char const* arguments[] = {"fairlead-refresh", "child",       folder.c_str(),
                             gitlab.c_str(),     where.c_str(), nullptr};
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(down[0], STDIN_FILENO);
    ::dup2(up[1], STDOUT_FILENO);
    ::execv("/proc/self/exe", const_cast<char* const*>(arguments));
    ::_exit(127);
  }
  ::close(down[0]);
  ::close(up[1]);
  to_ = down[1];
  from_ = up[0];
}

Child::~Child() {
  ::close(to_);
  if (!ended_) killed();
  ::close(from_);
}

void Child::tell(std::string const& order) {
  std::string const line = order + "\n";
  if (::write(to_, line.data(), line.size()) < 0) ended_ = false;
}

std::string Child::hear() {
  std::string line;
  for (char c = 0; ::read(from_, &c, 1) == 1 && c != '\n';)
    line.push_back(c);
  return line;
}

void Child::kill() {
  if (!ended_ && pid_ > 0) ::kill(pid_, SIGKILL);
}

bool Child::killed() {
  int status = 0;
  if (!ended_ && pid_ > 0 && ::waitpid(pid_, &status, 0) == pid_) {
    ended_ = true;
    killed_ = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }
  return killed_;
}

// ---- Stage ----

Stage::Stage() {
  ::signal(SIGPIPE, SIG_IGN);
  std::string name = (std::filesystem::temp_directory_path() / "fairlead-refresh-XXXXXX").string();
  if (char const* made = ::mkdtemp(name.data())) folder_ = made;
  transport_ = net::make_curl_transport({});
}

Stage::~Stage() {
  world_.reset();
  box_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Result<void> Stage::begin() {
  FAIRLEAD_TRY(box_,
               sandbox::Sandbox::start(
                   {.worker_threads = 64},
                   {.clock = clock_, .random = random_, .transport = *transport_, .log = *log_}));
  {  // makes and migrates the database, and gives the lock back
    FAIRLEAD_TRY(auto store, store::open_sqlite_store({.folder = folder_}, clock_));
  }
  FAIRLEAD_TRY(world_, World::open(folder_, DieAt::nowhere));
  FAIRLEAD_CHECK(control("options", Json::object({{"autoConsentUser", "alice"}})));
  connection::NewConnection wanted;
  wanted.name = connection_name;
  wanted.base_url = gitlab();
  sandbox::SandboxOptions const known;
  wanted.client_id = known.client_id;
  wanted.client_secret = Secret(known.client_secret);
  FAIRLEAD_CHECK(world_->connections->create(wanted));
  return sign_in();
}

Result<void> Stage::sign_in() {
  auto& connections = *world_->connections;
  FAIRLEAD_TRY(auto begun, connections.begin_sign_in(connection_name, redirect_uri));
  FAIRLEAD_TRY(auto url, connections.open_sign_in(begun.state, Secret("cookie")));
  net::HttpRequest request;
  request.url = url;
  FAIRLEAD_TRY(auto answer, transport_->send(request));
  std::string const location(answer.headers.get("location"));
  std::size_t const at = location.find("code=");
  if (at == std::string::npos)
    return make_error(ErrorKind::corrupt, "no code from the sandbox: " + location);
  std::string const code = location.substr(at + 5, location.find('&', at) - at - 5);
  FAIRLEAD_CHECK(connections.complete_sign_in({.state = begun.state,
                                               .code = Secret(code),
                                               .error = "",
                                               .error_description = "",
                                               .browser = Secret("cookie")}));
  return {};
}

Result<Json> Stage::send(net::HttpRequest request) {
  FAIRLEAD_TRY(auto answer, transport_->send(request));
  if (answer.status >= 300)
    return make_error(ErrorKind::corrupt,
                      request.url + ": HTTP " + std::to_string(answer.status) + " " + answer.body);
  return answer.body.empty() ? Json() : Json::parse(answer.body);
}

Result<Json> Stage::control(std::string const& path, Json const& body) {
  net::HttpRequest request;
  request.method = net::Method::post;
  request.url = gitlab() + "/-/sandbox/" + path;
  request.headers.add("Content-Type", "application/json");
  request.body = body.dump();
  return send(std::move(request));
}

Result<std::int64_t> Stage::pairs_given() {
  net::HttpRequest request;
  request.url = gitlab() + "/-/sandbox/state";
  FAIRLEAD_TRY(auto state, send(std::move(request)));
  return state["oauthTokens"].as_integer();
}

Result<std::string> Stage::status() {
  FAIRLEAD_TRY(auto row, world_->connections->get(connection_name));
  return row.status;
}

}  // namespace fairlead::refresh
