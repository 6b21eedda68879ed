// Certificates made on the spot for TLS tests: an own CA, and leaves that are good, expired or for
// another name.
//
// P-256 keys, made by OpenSSL; nothing is kept on disk. Any thread.
#pragma once

#include <memory>
#include <string>

#include "base/secret.h"

namespace fairlead::net {

struct Certificate {
  std::string pem;  // leaf first, then its CA where the chain needs it
  Secret key_pem;
};

class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(TestAuthority const&) = delete;
  TestAuthority& operator=(TestAuthority const&) = delete;

  [[nodiscard]] std::string const& pem() const;

  struct Leaf {
    std::string alternative_names{"DNS:localhost,IP:127.0.0.1"};
    long begins_in_seconds{-3'600};
    long ends_in_seconds{3'600};
  };
  [[nodiscard]] Certificate issue(Leaf const& leaf) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::net
