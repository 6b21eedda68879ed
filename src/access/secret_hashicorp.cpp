#include "access/secret_hashicorp.h"

#include <fstream>
#include <map>
#include <mutex>
#include <sstream>

#include "base/text.h"
#include "net/url.h"

namespace fairlead::access {
namespace {

constexpr std::size_t file_bytes_max = 8u << 10;
// A login is renewed when this part of its lease is left.
constexpr std::int64_t lease_rest_divisor = 10;

struct Login {
  Secret token;
  std::optional<Milliseconds> good_until;  // steady; nothing: no end
};

struct Cached {
  Secret value;
  Milliseconds good_until{0};
};

Result<Secret> read_file(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(file_bytes_max, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file && file.gcount() == 0) {
    Error error = make_error(ErrorKind::unavailable,
                             "The file " + path.string() + " for HashiCorp Vault cannot be read.");
    error.remedy = "Check that it is there, not empty, and that this user may read it.";
    return error;
  }
  Secret value(
      std::string(trim(std::string_view(text).substr(0, static_cast<std::size_t>(file.gcount())))));
  wipe(text);
  return value;
}

std::string words_of(Json const& body) {
  std::vector<std::string> words;
  for (auto const& one : body["errors"].items())
    words.push_back(shorten(one.as_string(), 200));
  return join(words, "; ");
}

class HashicorpSecrets final : public SecretSource {
 public:
  HashicorpSecrets(HashicorpOptions options, net::HttpTransport& transport, Clock const& clock)
      : options_(std::move(options)), transport_(transport), clock_(clock) {}

  Result<std::optional<Secret>> find(std::string_view name) override;
  Result<std::vector<SecretListing>> list() override;

 private:
  struct Answer {
    int status{0};
    Json body;
  };
  net::HttpRequest request(std::string const& path) const;
  Result<Answer> exchange(net::HttpRequest& request);
  Result<Answer> get(std::string const& path);
  Result<Secret> token();
  Result<Login> log_in();
  void forget(Secret const& token);
  Error refused(std::string const& what, Answer const& answer) const;
  Result<Secret> value_in(std::string const& what, Json const& body) const;
  std::optional<Secret> cached(std::string_view name);
  void keep(std::string_view name, Secret const& value);

  HashicorpOptions const options_;
  net::HttpTransport& transport_;
  Clock const& clock_;
  std::mutex mutex_;
  std::optional<Login> login_;
  std::map<std::string, Cached, std::less<>> cache_;
};

net::HttpRequest HashicorpSecrets::request(std::string const& path) const {
  net::HttpRequest request;
  request.url = options_.address + "/v1/" + path;
  request.headers.add("Accept", "application/json");
  request.headers.add("X-Vault-Request", "true");
  if (!options_.space.empty()) request.headers.add("X-Vault-Namespace", options_.space);
  request.tls.ca_pem = options_.ca_pem;
  request.limits.total_timeout = hashicorp_timeout;
  request.limits.body_bytes_max = 4 * secret_bytes_max;
  return request;
}

Result<HashicorpSecrets::Answer> HashicorpSecrets::exchange(net::HttpRequest& request) {
  auto sent = transport_.send(request);
  wipe(request.body);
  if (!sent.ok()) {
    Error error = std::move(sent).error();
    error.kind = ErrorKind::unavailable;
    error.message = "HashiCorp Vault could not be asked: " + error.message;
    return error;
  }
  auto body = Json::parse(sent->body);
  wipe(sent->body);
  return Answer{.status = sent->status, .body = body.ok() ? std::move(body).value() : Json()};
}

Result<Login> HashicorpSecrets::log_in() {
  if (!options_.token_file.empty()) {
    FAIRLEAD_TRY(auto token, read_file(options_.token_file));
    // Read again soon: an agent may have put a new one there.
    return Login{.token = std::move(token), .good_until = clock_.steady() + hashicorp_cache_time};
  }
  FAIRLEAD_TRY(auto const role, read_file(options_.role_id_file));
  FAIRLEAD_TRY(auto const secret, read_file(options_.secret_id_file));
  auto login = request("auth/approle/login");
  login.method = net::Method::post;
  login.headers.add("Content-Type", "application/json");
  login.body = Json::object({{"role_id", role.reveal()}, {"secret_id", secret.reveal()}}).dump();
  FAIRLEAD_TRY(auto const answer, exchange(login));
  std::string const token = answer.body["auth"]["client_token"].as_string();
  if (answer.status != 200 || token.empty()) return refused("the AppRole login", answer);
  std::int64_t const seconds = answer.body["auth"]["lease_duration"].as_integer();
  Milliseconds const lease = std::chrono::seconds(seconds - seconds / lease_rest_divisor);
  return Login{.token = Secret(token),
               .good_until = seconds > 0 ? std::optional(clock_.steady() + lease) : std::nullopt};
}

Result<Secret> HashicorpSecrets::token() {
  {
    std::lock_guard const lock(mutex_);
    bool const good = login_ && (!login_->good_until || clock_.steady() < *login_->good_until);
    if (good) return login_->token;
  }
  FAIRLEAD_TRY(auto login, log_in());
  std::lock_guard const lock(mutex_);
  login_ = std::move(login);
  return login_->token;
}

void HashicorpSecrets::forget(Secret const& token) {
  std::lock_guard const lock(mutex_);
  if (login_ && login_->token.reveal() == token.reveal()) login_.reset();
}

// 403 is a token that ended as well as a policy: signed in anew once.
Result<HashicorpSecrets::Answer> HashicorpSecrets::get(std::string const& path) {
  for (int attempt = 0;; ++attempt) {
    FAIRLEAD_TRY(auto const bearer, token());
    auto one = request(path);
    one.authorization = Secret("Bearer " + std::string(bearer.reveal()));
    FAIRLEAD_TRY(auto answer, exchange(one));
    if (answer.status != 403 || attempt > 0) return answer;
    forget(bearer);
  }
}

Error HashicorpSecrets::refused(std::string const& what, Answer const& answer) const {
  bool const denied = answer.status == 400 || answer.status == 401 || answer.status == 403;
  std::string const words = words_of(answer.body);
  Error error = make_error(denied                 ? ErrorKind::denied
                           : answer.status == 404 ? ErrorKind::not_found
                           : answer.status == 200 ? ErrorKind::corrupt
                                                  : ErrorKind::unavailable,
                           "HashiCorp Vault at " + options_.address + " answered HTTP " +
                               std::to_string(answer.status) + " to " + what +
                               (words.empty() ? "." : ": " + words));
  error.status = answer.status;
  error.remedy = denied ? "Check the token or AppRole, and that its policy allows to read " +
                              options_.mount + "/data/" + options_.path + "/*."
                        : "Check the address, and that " + options_.mount +
                              " is a key-value engine of version 2 that is not sealed.";
  return error;
}

Result<Secret> HashicorpSecrets::value_in(std::string const& what, Json const& body) const {
  Json const& data = body["data"]["data"];
  if (!data.is_object()) return refused(what, {.status = 200, .body = body});
  bool const text = data.size() == 1 && data["value"].is_string();
  Secret value(text ? data["value"].as_string() : data.dump());
  if (value.size() <= secret_bytes_max) return value;
  return make_error(ErrorKind::corrupt, "The answer to " + what + " is larger than 64 KiB.");
}

std::optional<Secret> HashicorpSecrets::cached(std::string_view name) {
  std::lock_guard const lock(mutex_);
  auto const found = cache_.find(name);
  if (found == cache_.end()) return std::nullopt;
  if (clock_.steady() < found->second.good_until) return found->second.value;
  cache_.erase(found);
  return std::nullopt;
}

void HashicorpSecrets::keep(std::string_view name, Secret const& value) {
  std::lock_guard const lock(mutex_);
  if (cache_.size() >= hashicorp_cached_max) cache_.clear();
  cache_.insert_or_assign(
      std::string(name),
      Cached{.value = value, .good_until = clock_.steady() + hashicorp_cache_time});
}

Result<std::optional<Secret>> HashicorpSecrets::find(std::string_view name) {
  if (!is_secret_name(name)) return std::optional<Secret>();
  if (auto known = cached(name)) return known;
  std::string const what = "the question for the secret " + std::string(name);
  FAIRLEAD_TRY(auto const answer,
               get(options_.mount + "/data/" + options_.path + "/" + std::string(name)));
  // 404 with `data`: its newest version was deleted.
  bool const absent =
      answer.status == 404 && (answer.body["errors"].is_array() || answer.body["data"].is_object());
  if (absent && words_of(answer.body).empty()) return std::optional<Secret>();
  if (answer.status != 200) return refused(what, answer);
  FAIRLEAD_TRY(auto value, value_in(what, answer.body));
  keep(name, value);
  return std::optional<Secret>(std::move(value));
}

Result<std::vector<SecretListing>> HashicorpSecrets::list() {
  FAIRLEAD_TRY(auto const answer,
               get(options_.mount + "/metadata/" + options_.path + "?list=true"));
  std::vector<SecretListing> all;
  // A policy need not allow to list; then names are not known.
  if (answer.status == 403 || answer.status == 404) return all;
  if (answer.status != 200) return refused("the list of secrets", answer);
  for (auto const& key : answer.body["data"]["keys"].items()) {
    if (is_secret_name(key.as_string()))
      all.push_back({.name = key.as_string(), .source = "hashicorp-vault"});
  }
  return all;
}

bool is_plain_path(std::string_view path) {
  return !path.empty() && path.front() != '/' && path.back() != '/' &&
         path.find_first_of("?#% \\") == std::string_view::npos &&
         path.find("..") == std::string_view::npos;
}

}  // namespace

Result<void> check(HashicorpOptions const& options) {
  auto const url = net::parse_url(options.address);
  if (!url.ok() || !url->query.empty() || options.address.ends_with('/')) {
    Error error = invalid_input("vault-address", "The address \"" + shorten(options.address, 200) +
                                                     "\" of HashiCorp Vault does not fit.");
    error.remedy = "Give it as https://vault.example.com:8200, without a slash at the end.";
    return error;
  }
  if (!is_plain_path(options.mount) || !is_plain_path(options.path))
    return invalid_input("vault-path", "Mount and path are plain names, e.g. secret and fairlead.");
  bool const role = !options.role_id_file.empty() && !options.secret_id_file.empty();
  bool const half = options.role_id_file.empty() != options.secret_id_file.empty();
  if (half || role == !options.token_file.empty())
    return invalid_input("vault-token-file",
                         "Give either a token file, or the files of an AppRole's role id and "
                         "secret id.");
  return {};
}

std::unique_ptr<SecretSource> make_hashicorp_secrets(HashicorpOptions options,
                                                     net::HttpTransport& transport,
                                                     Clock const& clock) {
  return std::make_unique<HashicorpSecrets>(std::move(options), transport, clock);
}

}  // namespace fairlead::access
