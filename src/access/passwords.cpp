#include "access/passwords.h"

#include <future>
#include <string_view>

#include "base/text.h"
#include "base/worker_pool.h"
#include "vault/digest.h"

namespace fairlead::access {
namespace {

constexpr std::size_t password_bytes_min = 10;
constexpr std::size_t password_bytes_max = 256;

class PooledHasher final : public PasswordHasher {
 public:
  explicit PooledHasher(Random& random) : random_(random) {}

  Result<std::string> hash(Secret const& password) override {
    return on_pool<std::string>([&] { return vault::hash_password(password, random_); });
  }
  Result<bool> verify(std::string const& hash, Secret const& password) override {
    return on_pool<bool>([&] { return Result<bool>(vault::verify_password(hash, password)); });
  }

 private:
  template <class T, class Work>
  Result<T> on_pool(Work work) {
    std::promise<Result<T>> promise;
    auto answer = promise.get_future();
    auto accepted = pool_.submit([&] { promise.set_value(work()); });
    if (accepted.ok()) return answer.get();
    Error error = make_error(ErrorKind::unavailable, "Too many people sign in at this moment.");
    error.remedy = "Try again in a few seconds.";
    error.retry_after = Milliseconds(2'000);
    return error;
  }

  Random& random_;
  WorkerPool pool_{{.threads = passwords_at_once, .queue_max = passwords_waiting_max}};
};

}  // namespace

std::unique_ptr<PasswordHasher> make_password_hasher(Random& random) {
  return std::make_unique<PooledHasher>(random);
}

Result<void> check_password(Secret const& password, std::string_view username) {
  if (password.size() < password_bytes_min)
    return invalid_input("password", "The password must have at least " +
                                         std::to_string(password_bytes_min) + " characters.");
  if (password.size() > password_bytes_max)
    return invalid_input("password", "The password must have at most " +
                                         std::to_string(password_bytes_max) + " bytes.");
  if (equals_ignoring_case(password.reveal(), username))
    return invalid_input("password", "The password must not be the username.");
  return {};
}

}  // namespace fairlead::access
