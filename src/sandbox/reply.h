// Answers of the sandbox, and its refusals in GitLab's error shapes (the table in gitlab.md section
// 2).
//
// A handler returns Result<Reply>. A refusal is an Error whose `status` is the HTTP status and
// whose `details` is the JSON body, so that FAIRLEAD_TRY carries it from any depth to the front.
// Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "net/http.h"

namespace fairlead::sandbox {

struct Reply {
  int status{200};
  std::string content_type{"application/json"};
  std::string body;
  net::Headers headers;
};

Reply json_reply(int status, Json const& body);
Reply text_reply(int status, std::string body);
Reply html_reply(int status, std::string body);
Reply redirect_to(std::string location);  // 302
Reply no_content();                       // 204

Error refuse(int status, Json body);
Error refuse_message(int status, std::string_view message);  // shape 1
Error unauthorized();                                        // 401 Unauthorized
Error forbidden(std::string_view reason = {});               // 403 Forbidden[ - reason]
Error no_such(std::string_view what);                        // "Project" -> 404 Project Not Found
Error not_found();                                           // 404 Not found
Error bad_parameters(std::string_view text);                 // shape 4
// Shape 2: {"message":{field:[text]}}
Error invalid_model(std::string_view field, std::string_view text);
// Shape 6 with 401: reason is the description.
Error invalid_token(std::string_view reason);

// The HTTP form of a refusal.
Reply to_reply(Error const& refusal);

}  // namespace fairlead::sandbox
