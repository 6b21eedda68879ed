// The functions that read the parts of a document, one file a part: read_document, read_task,
// read_flow, read_call, read_event.
//
// Inside of this layer only. Each takes the Reader that collects problems and the place to read.
// One thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "workflow/reader.h"

namespace fairlead::workflow {

// use.*, read before the tasks, so that names can be put in place.
struct Shared {
  std::map<std::string, RetryPolicy, std::less<>> retries;
  std::map<std::string, Json, std::less<>> errors;
  std::map<std::string, DurationValue, std::less<>> timeouts;
  std::vector<std::string> functions;
  std::vector<std::string> authentications;
  std::vector<std::string> secrets;
};

struct Context {
  Reader& reader;
  Shared const& shared;
};

// Everything there is; problems are in the reader.
Document read_document(Reader& reader, Place const& root);

TaskList read_task_list(Context context, Place const& place, std::string_view what);
// `siblings`: names in the same list, for `then`.
Task read_task(Context context, Place const& place, std::string const& name, Position name_at,
               std::vector<std::string> const& siblings);
// A value of `then`.
std::string read_directive(Reader& reader, Place const& place,
                           std::vector<std::string> const& siblings);
std::optional<DurationValue> read_timeout(Context context, Place const& place);
RetryPolicy read_retry(Reader& reader, Place const& place);
// {type, status, ...} as in raise and use.errors.
Json read_error(Reader& reader, Place const& place);

TaskBody read_call(Context context, Place const& task);
TaskBody read_run(Context context, Place const& task);
TaskBody read_switch(Context context, Place const& task, std::vector<std::string> const& siblings);
TaskBody read_try(Context context, Place const& task, std::vector<std::string> const& siblings);
TaskBody read_for(Context context, Place const& task);
TaskBody read_fork(Context context, Place const& task);
TaskBody read_raise(Context context, Place const& task);

TaskBody read_emit(Context context, Place const& task);
TaskBody read_listen(Context context, Place const& task);
// `policy` is document.metadata.schedule.
Schedule read_schedule(Reader& reader, Place const& place, std::optional<Place> const& policy);
// document.metadata.schedule, if it is there.
std::optional<Place> schedule_policy(Place const& root);
// An authentication policy, or {use: name}.
void read_authentication(Context context, Place const& place);
// schema: {format, document}; null if there is none, or it is refused.
SchemaPtr read_schema(Reader& reader, Place const& place);

}  // namespace fairlead::workflow
