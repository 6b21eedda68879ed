// KeptHooks: webhooks that a person wants kept, whether or not anything waits for them.
//
// keep() only writes the record; the keeper's thread makes the hook at GitLab within a second and
// never removes it as unused (gitlab/standing_hooks.h). forget() gives it back: it goes as soon as
// no workflow and no run needs it. Blocks on GitLab for the name of the place; any thread.
#pragma once

#include <string>

#include "action/catalogue.h"
#include "gitlab/hook_record.h"
#include "gitlab/hook_wants.h"
#include "store/store.h"

namespace fairlead::gitlab {

struct KeepAsk {
  std::string connection;  // "": the default one
  std::string project;     // number, path or URL; either this or
  std::string group;       // number, path or URL
  std::string by;          // who asks
};

class KeptHooks {
 public:
  struct Parts {
    store::Store& store;
    action::ApiProvider& apis;
    HookMaker maker;
    HookWants& wants;
  };
  explicit KeptHooks(Parts parts) : parts_(parts) {}

  struct Kept {
    store::WebhookRecord hook;
    enum class Was { made, there } was{Was::made};  // there: it is kept now
  };
  // Errors: invalid_input (not one of project and group; a URL of another GitLab), not_found (no
  // such connection; GitLab shows no such place), those of the connection.
  Result<Kept> keep(KeepAsk const& ask);
  // not_found. Again is harmless.
  Result<store::WebhookRecord> forget(std::string const& id);

 private:
  Result<std::optional<store::WebhookRecord>> find(store::ConnectionRecord const& connection,
                                                   std::string const& target);

  Parts parts_;
};

}  // namespace fairlead::gitlab
