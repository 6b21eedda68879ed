// Rules of the store that both implementations share: limits, cursors, what may replace what, and
// the words of errors.
//
// Pure functions on records, so that sqlite and memory cannot drift apart. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/approvals.h"
#include "store/store.h"
#include "store/webhooks.h"

namespace fairlead::store {

// No query gives more rows at once; larger limits are cut, smaller than 1 become 1.
inline constexpr int rows_max = 10'000;
int clamp_rows(int limit);

// "" is no cursor; else the row number the next page is below.
Result<std::int64_t> row_from_cursor(std::string const& cursor);
std::string cursor_from_row(std::int64_t row);

Error no_such(std::string_view what, std::string_view which);
Error connection_name_taken(std::string_view name);
Error generation_changed(std::string_view name);
// By name, else by alias (settings.aliases); "" means the default one, or the only one.
Result<ConnectionRecord> find_connection(std::vector<ConnectionRecord> const& all,
                                         std::string_view name);
// What put() stores over a webhook that is there.
WebhookRecord merged(WebhookRecord const& stored, WebhookRecord given);
Error no_such_workflow(std::string_view workflow_namespace, std::string_view name,
                       std::string_view version);
Error no_such_sign_in();
Error sign_in_bound();
Error run_moved_on(RunId const& run, std::int64_t expected_seq, std::int64_t last_seq);
Error run_exists(RunId const& run);
Error event_dispatched_already(std::int64_t seq);
// conflict: it is closed, or somebody decided meanwhile.
Result<void> check_approval(ApprovalRecord const& stored, std::size_t decisions_before);
// conflict: `stored` (null: no row) is not of the generation the change expects.
Result<void> check_schedule_change(ScheduleRecord const* stored, ScheduleChange const& change);

// What put() does to the stored version, if there is one.
enum class PutWorkflow { write, keep };
Result<PutWorkflow> decide_put(std::optional<WorkflowRecord> const& stored,
                               WorkflowRecord const& record);
// A digest of which versions there are, in which status, with which content.
std::string workflows_state(std::vector<WorkflowRecord> all);
Error workflows_changed();
Error no_draft(WorkflowRecord const& record);
// One each of (namespace, name): the newest that is published. Drops all others.
std::vector<WorkflowRecord> newest_published(std::vector<WorkflowRecord> all);
// By namespace and name, then newest version first.
void sort_newest_first(std::vector<WorkflowRecord>& all);

// Whether a run that started then is in the filter's span.
[[nodiscard]] bool in_span(RunFilter const& filter, Time started_at);

// internal: entries that do not follow expected_seq, or a last_seq that is not the last of them.
Result<void> check_change(RunChange const& change);

}  // namespace fairlead::store
