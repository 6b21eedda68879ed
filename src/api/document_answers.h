// What a route answers, read from its row, and whether an answer is that.
//
// The document shows it, the tests hold every answer against it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/document_table.h"
#include "api/type_words.h"
#include "net/http_server.h"

namespace fairlead::api {

struct DocumentAnswer {
  std::string key;                // a status, or "default": whatever failed
  std::string media;              // "": no body
  Json schema;                    // of a JSON body, or of each line of JSON lines
  std::vector<NamedType> events;  // of server-sent events: what the data of each is
};

// Errors: invalid_input (a row that cannot be read).
Result<std::vector<DocumentAnswer>> answers_of(DocumentRow const& row);
// The Media Type Object of such a body.
Json media_object(DocumentAnswer const& answer);

// What of an answer does not fit the row, "" if all does: a status that is not described, a body of
// another shape, a header nobody told of. Problems (4xx and 5xx as problem+json) fit every row.
std::string answer_misfit(DocumentRow const& row, net::ServerResponse const& response,
                          Json const& components);
// The same of what came on a stream so far: whole events or lines.
std::string stream_misfit(DocumentRow const& row, std::string_view text, Json const& components);

}  // namespace fairlead::api
