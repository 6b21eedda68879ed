// Trusted CA certificates: the system's, alone or with extra ones from PEM text, in the form curl
// takes them.
//
// curl's in-memory bundle replaces its default file, so extra certificates either stand beside the
// system's hashed directory (looked up lazily, cheap) or, where there is none, are appended to the
// system's file read into memory (once per transport). Thread-safe.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace fairlead::net {

struct CaTrust {
  std::string directory;                   // hashed directory to consult as well; empty: none
  std::shared_ptr<std::string const> pem;  // shared by the transfers that use it and this cache
};

class CaBundle {
 public:
  // Defaults of curl's build; a test may name others.
  struct Places {
    std::string directory;
    std::string file;
  };
  explicit CaBundle(Places places);

  // `extra_pem` beside the system's certificates. Not empty.
  CaTrust with_extra(std::string const& extra_pem);

 private:
  struct Entry {
    std::string extra;
    std::shared_ptr<std::string const> whole;
  };

  Places places_;
  bool directory_usable_{false};
  std::mutex mutex_;
  std::list<Entry> cache_;  // newest first, bounded
};

// Where curl's build looks by default.
CaBundle::Places system_ca_places();

}  // namespace fairlead::net
