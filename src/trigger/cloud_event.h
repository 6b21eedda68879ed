// CloudEvents intake: an HTTP body and its headers, or a JSON value -> records for the inbox.
//
// Takes the three HTTP modes: structured (application/cloudevents+json), batch
// (application/cloudevents-batch+json) and binary (ce-* headers around any body). Errors name the
// attribute. (source, id) is the key by which the inbox drops what it has already. Pure; any
// thread. Source: CloudEvents 1.0.2, "Context Attributes", JSON event format, HTTP protocol
// binding.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/records.h"

namespace fairlead::trigger {

// CloudEvents asks receivers to take at least 64 KiB.
inline constexpr std::size_t event_bytes_max = 1u << 20;
inline constexpr std::size_t batch_events_max = 100;
inline constexpr std::size_t attribute_bytes_max = 1'024;
inline constexpr std::size_t attributes_max = 64;

// One event in the JSON format: required attributes checked, `data_base64` kept, missing `time`
// filled with `now`. invalid_input; `where` is the attribute.
Result<store::EventRecord> event_from(Json const& event, Time now);

// All events of a request, at least one. invalid_input; in a batch `where` is "[2].type".
Result<std::vector<store::EventRecord>> events_from_http(net::Headers const& headers,
                                                         std::string_view body, Time now);

}  // namespace fairlead::trigger
