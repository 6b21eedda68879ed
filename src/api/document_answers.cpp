#include "api/document_answers.h"

#include <algorithm>

#include "api/document_headers.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view problem_type = "application/problem+json";
constexpr std::string_view events_type = "text/event-stream";
constexpr std::string_view default_key = "default";
constexpr int problem_from = 400;
constexpr int not_modified = 304;

// Up to the next blank; takes it from `words`.
std::string_view take_word(std::string_view& words) {
  words = trim(words);
  auto const word = words.substr(0, words.find(' '));
  words.remove_prefix(std::min(words.size(), word.size() + 1));
  return word;
}

// A media type has a slash and no type of ours does.
bool starts_with_media(std::string_view words) {
  return words.substr(0, words.find(' ')).find('/') != std::string_view::npos;
}

Result<DocumentAnswer> answer_of(std::string_view words) {
  DocumentAnswer answer;
  answer.key = take_word(words);
  words = trim(words);
  if (words.empty()) return answer;
  answer.media = starts_with_media(words) ? take_word(words) : json_type;
  words = trim(words);
  if (words.empty()) return answer;
  if (answer.media != events_type) {
    FAIRLEAD_TRY(answer.schema, schema_of(words));
    return answer;
  }
  // Without its braces.
  FAIRLEAD_TRY(answer.events, members_of(words.substr(1, words.size() - 2)));
  return answer;
}

Json event_schema(NamedType const& event) {
  return Json::object(
      {{"type", "object"},
       {"properties", Json::object({{"event", Json::object({{"const", event.name}})},
                                    {"id", Json::object({{"type", "string"}})},
                                    {"data", Json::object({{"type", "string"},
                                                           {"contentMediaType", json_type},
                                                           {"contentSchema", event.schema}})}})},
       {"required", Json::array({"event", "data"})}});
}

std::string_view media_of(net::ServerResponse const& response) {
  if (response.body.empty() && !response.on_stream) return "";
  std::string_view const said = response.headers.get("Content-Type");
  return said.substr(0, said.find(';'));
}

std::string json_misfit(Json const& schema, std::string_view text, Json const& components) {
  auto const body = Json::parse(text);
  return body.ok() ? misfit(schema, *body, components) : "not JSON";
}

std::string body_misfit(DocumentRow const& row, net::ServerResponse const& response,
                        Json const& components) {
  std::string_view const media = media_of(response);
  if (response.status >= problem_from && media == problem_type)
    return json_misfit(schema_of("Problem").value(), response.body, components);
  if (response.status == not_modified && media.empty()) return "";
  auto const answers = answers_of(row);
  if (!answers.ok()) return answers.error().message;
  std::string first;
  for (auto const& answer : *answers) {
    std::string found;
    bool const failed = answer.key == default_key && response.status >= problem_from;
    if (!failed && answer.key != std::to_string(response.status)) {
      found = "status " + std::to_string(response.status) + " is not described";
    } else if (answer.media != media) {
      found = "media type \"" + std::string(media) + "\" is not described";
    } else if (media == json_type) {
      found = json_misfit(answer.schema, response.body, components);
    }
    if (found.empty()) return "";
    if (first.empty()) first = found;
  }
  return first;
}

std::string event_misfit(DocumentAnswer const& answer, std::string_view text,
                         Json const& components) {
  std::string name;
  std::string data;
  for (auto const& line : split(text, '\n')) {
    if (line.starts_with("event: ")) name = line.substr(7);
    if (line.starts_with("data: ")) data = line.substr(6);
  }
  if (name.empty() && data.empty()) return "";  // a heartbeat
  for (auto const& event : answer.events)
    if (event.name == name) return json_misfit(event.schema, data, components);
  return "event \"" + name + "\" is not described";
}

}  // namespace

Result<std::vector<DocumentAnswer>> answers_of(DocumentRow const& row) {
  std::vector<DocumentAnswer> all;
  // Views of the row, not copies: the names of events stay views of it.
  for (std::string_view text : {row.answer, row.other}) {
    while (!text.empty()) {
      auto const end = std::min(text.find(';'), text.size());
      FAIRLEAD_TRY(auto answer, answer_of(text.substr(0, end)));
      all.push_back(std::move(answer));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  return all;
}

Json media_object(DocumentAnswer const& answer) {
  if (answer.media == json_type) return Json::object({{"schema", answer.schema}});
  Json object = Json::object({{"schema", Json::object({{"type", "string"}})}});
  // OpenAPI 3.2 calls this itemSchema: each event, or each line.
  if (!answer.schema.is_null()) object.set("x-itemSchema", answer.schema);
  if (answer.events.empty()) return object;
  Json kinds = Json::array();
  for (auto const& event : answer.events)
    kinds.push_back(event_schema(event));
  object.set("x-itemSchema", Json::object({{"oneOf", std::move(kinds)}}));
  return object;
}

std::string answer_misfit(DocumentRow const& row, net::ServerResponse const& response,
                          Json const& components) {
  std::string const header = header_misfit(row.route, response.status, response.headers);
  if (!header.empty()) return "header " + header + " is not described";
  return body_misfit(row, response, components);
}

std::string stream_misfit(DocumentRow const& row, std::string_view text, Json const& components) {
  auto const answers = answers_of(row);
  if (!answers.ok()) return answers.error().message;
  for (auto const& answer : *answers) {
    std::size_t at = 0;
    std::string_view const end = answer.events.empty() ? "\n" : "\n\n";
    if (answer.events.empty() && answer.media != "application/x-ndjson") continue;
    while (at < text.size()) {
      auto const stop = std::min(text.find(end, at), text.size());
      auto const piece = text.substr(at, stop - at);
      std::string const found = answer.events.empty()
                                    ? json_misfit(answer.schema, piece, components)
                                    : event_misfit(answer, piece, components);
      if (!found.empty()) return found;
      at = stop + end.size();
    }
  }
  return "";
}

}  // namespace fairlead::api
