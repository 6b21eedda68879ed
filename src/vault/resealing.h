// Resealing: one batch of sealing values anew, after a new master key.
//
// Each store of sealed values counts here while it goes through them (access/key_rotation.h asks
// for the batches). One that cannot be opened holds up only itself. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace fairlead::vault {

class Resealing final {
 public:
  explicit Resealing(int limit) : limit_(limit) {}

  [[nodiscard]] bool is_full() const { return resealed_ >= limit_; }
  // How it went with one value; `what` names it for people: "the webhook of 12".
  void note(std::string_view what, Result<void> const& done) {
    if (done.ok()) {
      ++resealed_;
      return;
    }
    ++failed_;
    if (first_) return;
    first_ = done.error();
    first_->message = std::string(what) + ": " + first_->message;
  }
  [[nodiscard]] int resealed() const { return resealed_; }
  // How many; what went wrong only once nothing else is left to do.
  [[nodiscard]] Result<int> result() const {
    if (!first_ || resealed_ > 0) return resealed_;
    Error error = *first_;
    if (failed_ > 1) error.message += " (and " + std::to_string(failed_ - 1) + " more)";
    return error;
  }

 private:
  int limit_;
  int resealed_{0};
  int failed_{0};
  std::optional<Error> first_;
};

}  // namespace fairlead::vault
