// webhook list, keep, forget: the webhooks at GitLab, why each is there, and keeping one by hand.
//
// cli.cpp hands in how a command is added. Blocking; keep waits until GitLab was asked.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/access_cli.h"
#include "cli/session.h"

namespace fairlead::cli {

struct WebhookOptions {
  std::string project;     // number, path or URL; "" with a group
  std::string group;       // number, path or URL
  std::string connection;  // "": the default one
  std::string hook;        // to forget: its id, its project's path, or "group:<path>"
};

// `group` is the command `webhook`; `options` outlives the parsing and the command.
void add_webhooks(CLI::App& group, WebhookOptions& options, AddCommand const& add);

Result<void> webhook_list(Session& session);
// unavailable, and exit code 1 of it, if GitLab did not take the webhook: the reason is said.
Result<void> webhook_keep(Session& session, WebhookOptions const& options);
Result<void> webhook_forget(Session& session, WebhookOptions const& options);

}  // namespace fairlead::cli
