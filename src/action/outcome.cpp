#include "action/outcome.h"

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

}  // namespace fairlead::action
