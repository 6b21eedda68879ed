#include "trigger/cloud_event.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"

namespace fairlead::trigger {
namespace {

using store::EventRecord;

constexpr std::string_view structured_type = "application/cloudevents+json";
constexpr std::string_view batch_type = "application/cloudevents-batch+json";
constexpr std::string_view header_prefix = "ce-";

Error wrong(std::string where, std::string message, std::string remedy) {
  Error error = invalid_input(std::move(where), std::move(message));
  error.remedy = std::move(remedy);
  return error;
}

// "Application/JSON; charset=utf-8" -> "application/json"
std::string media_type(std::string_view content_type) {
  return to_lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
}

bool is_json(std::string_view type) {
  return type == "application/json" || type == "text/json" || type.ends_with("+json");
}

Result<void> check_name(std::string const& name) {
  bool const fine = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  if (fine || name == "data_base64") return {};
  return wrong(name, "Attribute names of a CloudEvent are lower-case letters and digits.",
               "Put your own data into `data`.");
}

Result<void> check_required(Json const& event, std::string_view name) {
  Json const* value = event.find(name);
  if (value == nullptr) {
    std::string text = "The event lacks the required attribute \"" + std::string(name) + "\".";
    return wrong(std::string(name), std::move(text),
                 "A CloudEvent needs specversion, id, source and type.");
  }
  if (!value->is_string() || trim(value->as_string()).empty()) {
    return wrong(std::string(name),
                 "The attribute \"" + std::string(name) + "\" must be a text that is not empty.",
                 "");
  }
  return {};
}

Result<void> check_attributes(Json const& event) {
  if (event.size() > attributes_max) {
    return wrong("", "The event has more than " + std::to_string(attributes_max) + " attributes.",
                 "Put your own data into `data`.");
  }
  for (auto const& [name, value] : event.members()) {
    FAIRLEAD_CHECK(check_name(name));
    if (name == "data" || name == "data_base64") continue;
    if (value.is_array() || value.is_object()) {
      return wrong(name, "The attribute \"" + name + "\" must be a single value.",
                   "Put structured data into `data`.");
    }
    if (value.as_string().size() > attribute_bytes_max) {
      return wrong(name,
                   "The attribute \"" + name + "\" is longer than " +
                       std::to_string(attribute_bytes_max) + " bytes.",
                   "");
    }
  }
  return {};
}

Result<void> check_data(Json const& event) {
  if (event.contains("data") && event.contains("data_base64")) {
    return wrong("data_base64", "The event has both data and data_base64.", "Send one of them.");
  }
  Json const& encoded = event["data_base64"];
  if (encoded.is_null() && !event.contains("data_base64")) return {};
  if (!encoded.is_string() || !base64_decode(encoded.as_string())) {
    return wrong("data_base64", "data_base64 is no base64 text.", "");
  }
  return {};
}

Result<void> check_event(Json const& event) {
  if (!event.is_object()) {
    return wrong("", "A CloudEvent is a JSON object.",
                 "It needs specversion, id, source and type.");
  }
  for (auto name : {"specversion", "id", "source", "type"}) {
    FAIRLEAD_CHECK(check_required(event, name));
  }
  if (event["specversion"].as_string() != "1.0") {
    return wrong("specversion",
                 "CloudEvents version \"" + shorten(event["specversion"].as_string(), 20) +
                     "\" is not known.",
                 "Send specversion 1.0.");
  }
  FAIRLEAD_CHECK(check_attributes(event));
  if (event.contains("time") && !parse_time(event["time"].as_string())) {
    return wrong("time", "The attribute \"time\" is no RFC 3339 time.",
                 "For example 2026-11-22T17:03:04Z.");
  }
  return check_data(event);
}

// ce- header values are percent-encoded UTF-8 (HTTP protocol binding 3.1.3.2).
int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode_header(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      int const high = hex_value(text[i + 1]);
      int const low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return replace_invalid_utf8(out);
}

Result<Json> parse_body(std::string_view body) {
  auto parsed = Json::parse(body);
  if (parsed.ok()) return parsed;
  Error error = std::move(parsed).error();
  error.message = "The body is no JSON: " + error.message;
  return error;
}

Result<EventRecord> binary_event(net::Headers const& headers, std::string_view body, Time now) {
  Json event = Json::object();
  for (auto const& header : headers) {
    std::string const name = to_lower_ascii(header.name);
    if (!name.starts_with(header_prefix)) continue;
    event.set(name.substr(header_prefix.size()), decode_header(trim(header.value)));
  }
  auto const content_type = headers.get("content-type");
  std::string const type = media_type(content_type);
  if (!content_type.empty()) event.set("datacontenttype", std::string(content_type));
  if (!body.empty()) {
    if (type.empty() || is_json(type)) {
      FAIRLEAD_TRY(auto data, parse_body(body));
      event.set("data", std::move(data));
    } else if (valid_utf8(body) && type.starts_with("text/")) {
      event.set("data", std::string(body));
    } else {
      event.set("data_base64", base64_encode(body));
    }
  }
  return event_from(event, now);
}

Result<std::vector<EventRecord>> batch_events(std::string_view body, Time now) {
  FAIRLEAD_TRY(auto batch, parse_body(body));
  if (!batch.is_array() || batch.empty()) {
    return wrong("", "A batch of CloudEvents is a JSON array with at least one event.", "");
  }
  if (batch.size() > batch_events_max) {
    return wrong("", "The batch has more than " + std::to_string(batch_events_max) + " events.",
                 "Send several smaller ones.");
  }
  std::vector<EventRecord> records;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    auto record = event_from(batch.at(i), now);
    if (!record.ok()) {
      Error error = std::move(record).error();
      std::string const place = "[" + std::to_string(i) + "]";
      error.where = error.where.empty() ? place : place + "." + error.where;
      return error;
    }
    records.push_back(std::move(record).value());
  }
  return records;
}

bool has_binary_headers(net::Headers const& headers) {
  return std::any_of(headers.begin(), headers.end(), [](net::Header const& header) {
    return to_lower_ascii(header.name).starts_with(header_prefix);
  });
}

template <class T>
std::vector<T> just(T value) {
  std::vector<T> one;
  one.push_back(std::move(value));
  return one;
}

}  // namespace

Result<EventRecord> event_from(Json const& event, Time now) {
  FAIRLEAD_CHECK(check_event(event));
  Json envelope = event;
  if (!envelope.contains("time")) envelope.set("time", format_time(now));
  return EventRecord{.source = event["source"].as_string(),
                     .id = event["id"].as_string(),
                     .type = event["type"].as_string(),
                     .envelope = std::move(envelope),
                     .received_at = now};
}

Result<std::vector<EventRecord>> events_from_http(net::Headers const& headers,
                                                  std::string_view body, Time now) {
  if (body.size() > event_bytes_max) {
    return wrong("", "The body is larger than " + with_thousands(event_bytes_max) + " bytes.",
                 "Send a link to large data instead of the data.");
  }
  std::string const type = media_type(headers.get("content-type"));
  if (type == batch_type) return batch_events(body, now);
  if (type != structured_type && has_binary_headers(headers)) {
    FAIRLEAD_TRY(auto record, binary_event(headers, body, now));
    return just(std::move(record));
  }
  if (type != structured_type && !type.empty() && !is_json(type)) {
    return wrong("content-type", "A body of type \"" + shorten(type, 60) + "\" is no CloudEvent.",
                 "Send application/cloudevents+json, or ce-id, ce-source, ce-type and "
                 "ce-specversion headers with your body.");
  }
  FAIRLEAD_TRY(auto event, parse_body(body));
  if (event.is_array()) return batch_events(body, now);
  FAIRLEAD_TRY(auto record, event_from(event, now));
  return just(std::move(record));
}

}  // namespace fairlead::trigger
