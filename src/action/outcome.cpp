#include "action/outcome.h"

#include <algorithm>

#include "action/mask.h"
#include "base/assert.h"
#include "base/text.h"

namespace fairlead::action {

Result<Response> send_only(Context& context, std::vector<Request> const& requests) {
  FAIRLEAD_ASSERT(requests.size() == 1, "an action of several requests defines .run");
  return context.api.send(requests.front());
}

Result<void> expect_json(Response const& response) {
  if (!response.body.is_null() || response.text.empty()) return {};
  Error error = make_error(ErrorKind::corrupt, "GitLab's answer is not JSON but starts with \"" +
                                                   shorten(mask_text(response.text), 80) + "\"");
  error.status = response.status;
  error.cause = "A proxy or another program answered, or the connection's URL is not GitLab's.";
  error.remedy = "Open the connection's URL in a browser; check it and the proxy in between.";
  return error;
}

Outcome finished(Json output, std::optional<Wait> wait) {
  mask_secrets(output);
  return {.output = std::move(output), .wait = std::move(wait)};
}

Milliseconds settles_in(EffectMarker const& marker, Time now) {
  if (!marker.open_since) return Milliseconds(0);
  // A clock that was set back must not make it wait for longer.
  return std::min(*marker.open_since + effect_settle_time - now, effect_settle_time);
}

Error not_seen_yet(std::string_view action, Milliseconds settles_in) {
  Error error = make_error(ErrorKind::uncertain,
                           "An earlier attempt of " + std::string(action) +
                               " is not to be seen, but may still be worked on at GitLab.");
  error.remedy = "Nothing: it is looked for again, and sent again when it can no longer appear.";
  error.retry_after = settles_in;
  error.details = Json::object({{"notSeenYet", true}});
  return error;
}

bool is_not_seen_yet(Error const& error) {
  return error.kind == ErrorKind::uncertain && error.details["notSeenYet"].as_bool() &&
         error.retry_after.has_value();
}

}  // namespace fairlead::action
