#include "api/document_table.h"

namespace fairlead::api {
namespace {

// Literals that stand in several shapes: an object of ours has no other members than it lists.
#define WORKFLOW_MEMBERS                                                                   \
  "namespace: string, name: string, version: string, status: VersionStatus, contentHash: " \
  "string, createdAt: time, title?: string, summary?: string, startsOn?: string"
#define RUN_ROW_MEMBERS                                                                       \
  "id: string, workflow: WorkflowRef, status: RunStatus, waitingFor: string, cause: string, " \
  "eventSeq: integer, startedAt: time, endedAt: time | null"
#define EFFECT_MEMBERS                                                                            \
  "effect: string, task: string, call: string, connection: string, kind: ActionEffect, state: "   \
  "'done' | 'adopted' | 'under way' | 'not known' | 'failed afterwards' | 'not done', at: time, " \
  "link: string, input: Data, output: Data, candidates: [Data] | null, waitsForDecision: boolean"

constexpr DocumentType types[] = {
    // ---- workflows ----
    {"WorkflowRef", "{ namespace: string, name: string, version: string }"},
    {"VersionStatus", "'published' | 'draft' | 'disabled'"},
    {"RunOutcome",
     "{ run: string, status: 'completed' | 'faulted' | 'cancelled', startedAt: time, endedAt: time "
     "}",
     "Of the run that ended last."},
    {"WorkflowRow",
     "{ " WORKFLOW_MEMBERS
     ", updatedAt: time, by?: string, nextStart?: time, lastOutcome?: RunOutcome }",
     "updatedAt: when any of its versions was saved or published last; by: by whom."},
    {"WorkflowVersion",
     "{ version: string, status: VersionStatus, createdAt: time, note?: string, by?: string }"},
    {"Workflow",
     "{ " WORKFLOW_MEMBERS
     ", updatedAt: time, lastOutcome?: RunOutcome, source: string, schedule?: { plan: string, "
     "nextStart?: time, lastStart?: time, lastRun?: string, skipped: integer, skippedAt?: time, "
     "skippedWhy?: string }, versions: [WorkflowVersion] }"},
    {"WorkflowProblem",
     "{ severity: 'error' | 'warning', code: string, line: integer, column: integer, pointer: "
     "string, message: string, wrongKey?: string, nearest?: string }"},
    {"WorkflowChecked",
     "{ ok: boolean, document?: { namespace: string, name: string, version: string, title: string, "
     "contentHash: string }, problems: [WorkflowProblem] }",
     "document: if the text could be read."},
    {"WorkflowPublished",
     "{ " WORKFLOW_MEMBERS
     ", problems: [WorkflowProblem], change: 'published' | 'enabled' | 'unchanged', contentOf?: "
     "string }",
     "contentOf: the version a rollback took its content of."},
    {"WorkflowDraft",
     "{ " WORKFLOW_MEMBERS ", source: string, ok: boolean, problems: [WorkflowProblem] }"},
    {"WorkflowSwitched",
     "{ change: 'disabled' | 'enabled' | 'unchanged', namespace: string, name: string }"},
    {"WorkflowChange",
     "{ change: 'added' | 'removed' | 'changed' | 'moved', pointer: string, before?: string, "
     "changed?: [string] }",
     "before: where it stood; changed: the places in it."},
    {"Template",
     "{ id: string, name: string, title: string, summary: string, useCase: string, fields: "
     "[TemplateField], sampleEvent: CloudEvent, source: string, steps: [string], trigger: string "
     "}"},
    {"TemplateField",
     "{ name: string, label: string, help: string, kind: 'text' | 'choice' | 'duration' | "
     "'project' | 'group' | 'branch' | 'user' | 'connection', parent: string, default: string | "
     "[string], required: boolean, choices: [string] }"},
    {"PlannedStep", "{ input: Data, requests: [PlannedRequest] }"},
    {"DryStep",
     "{ task: string, title: string, note?: string, call?: string, input?: Data, output?: Data, "
     "request?: PlannedStep, expression?: string, allowed?: boolean, reason?: string, problem?: "
     "string }"},
    {"WorkflowFile", "{ path: string, source: string }"},
    {"PlanItem",
     "{ change: 'create' | 'update' | 'enable' | 'disable' | 'unchanged' | 'unmanaged' | 'invalid' "
     "| 'conflict', path?: string, namespace?: string, name?: string, version?: string, "
     "fromVersion?: string, changes?: [WorkflowChange], text?: string, message?: string, "
     "problems?: [WorkflowProblem] }"},
    {"Plan",
     "{ ok: boolean, changes: integer, digest: string, summary: {*: integer}, items: [PlanItem] "
     "}",
     "summary: how many items of each change."},
    {"Sample", "{ id: string, label: string, context?: Data, outputs?: {*: Data}, input?: Data }"},

    // ---- events, runs, approvals ----
    {"EventRow",
     "{ seq: integer, id: string, source: string, type: string, subject: string, receivedAt: "
     "time, dispatched: boolean }"},
    {"RunStatus",
     "'pending' | 'running' | 'waiting' | 'suspended' | 'cancelled' | 'faulted' | 'completed'"},
    {"Run",
     "{ " RUN_ROW_MEMBERS
     ", replayOf: string, replayOfRemoved?: boolean, parent: { run: string, task: string } | "
     "null, input: Data, output: Data, error: RaisedError | null }"},
    {"RunRow", "{ " RUN_ROW_MEMBERS " }", "A run without its payloads, as the live stream has it."},
    {"Effect", "{ " EFFECT_MEMBERS " }", "What a run did, or may have done, outside."},
    {"EffectFate", "{ " EFFECT_MEMBERS ", fate: 'keep' | 'adopt' | 'look-up' | 'repeat' }",
     "What a replay would make of it."},
    {"ReplayPreview",
     "{ replayOf: string, workflow: WorkflowRef, from: string, input: Data, context: Data, "
     "effects: [EffectFate] }"},
    {"BulkItem", "{ run: string, done: boolean, started?: string, error?: Fault }"},
    {"Approval",
     "{ id: string, run: string, task: string, status: 'open' | 'approved' | 'refused' | "
     "'expired' | 'cancelled', question: string, approvers: { users?: [string], roles?: [Role] "
     "}, required: integer, form: JsonSchema | null, requestedBy: string, createdAt: time, "
     "expiresAt: time | null, closedAt: time | null, decisions: [Decision], waitsFor: string }"},
    {"Decision",
     "{ decision: 'approved' | 'refused', by: string, at: time, comment: string, values: Data }"},
    {"ListenedEvent", "{ filter: integer, seq: integer, event: CloudEvent, keys: Data }"},
};

// run/journal.h says what they are for.
constexpr DocumentEntry entries[] = {
    {"run-started",
     "{ journalVersion: integer, namespace: string, name: string, version: string, input: Data, "
     "cause: string, seed: integer, eventSeq?: integer, parent?: { run: string, task: string, "
     "await: boolean, depth: integer }, replay?: Data, traceparent?: string }"},
    {"evaluated", "{ frame: integer, stage: string, values?: [Data], error?: Fault }"},
    {"call-returned",
     "{ frame: integer, attempt: integer, effect: ActionEffect, output?: Data, adopted?: boolean, "
     "error?: Fault, wait?: { checkAfterMs: integer, waitingFor: string, state: Data, wakeKey?: "
     "string } }"},
    {"emitted", "{ frame: integer, seq?: integer, error?: Fault }"},
    {"events-scanned", "{ frame: integer, events?: [ListenedEvent], error?: Fault }"},
    {"event-heard",
     "{ frame: integer, filter: integer, seq: integer, event: CloudEvent, keys: Data }"},
    {"limit-reached", "{ error: RaisedError }"},
    {"child-started", "{ frame: integer, run: string, version?: string, error?: Fault }"},
    {"child-ended",
     "{ run: string, status: RunStatus, output?: Data, error?: RaisedError | null }"},
    {"timer-fired", "{ key: string }"},
    {"woken", "{ key: string }"},
    {"cancel-requested", "{ by: string }"},
    {"undo-returned", "{ undo: integer, attempt: integer, error?: Fault }"},
    {"resume-requested", "{ reason: string, connection?: string, parent?: string }"},
    {"pause-requested", "{ by: string, reason: string, parent?: string }"},
    {"effect-decided",
     "{ effect: string, decision: 'happened' | 'not-happened' | 'fail', by: string, reason: "
     "string, output?: Data }"},
    {"recovered", "{}"},
    {"task-started", "{ name: string, input: Data, calledFrom?: string }"},
    {"task-skipped", "{ name: string }"},
    {"call-intended",
     "{ call: string, marker: string, attempt: integer, digest: string, mode: string, input: "
     "Data, connection?: string, undo?: integer }"},
    {"cancel-settled", "{ undo: integer, call: string, attempt: integer }"},
    {"cancel-postponed", "{ undo: integer, call: string, attempt: integer, error: Fault }"},
    {"cancel-parked",
     "{ undo: integer, call: string, attempt: integer, marker: string, reason: string }"},
    {"child-intended",
     "{ run: string, namespace: string, name: string, version: string, await: boolean, input: "
     "Data }"},
    {"child-cancelled", "{ run: string, reason: string }"},
    {"waiting", "{ waitingFor: string, until?: time }"},
    {"suspended", "{ reason: string }"},
    {"error-caught", "{ error: RaisedError }"},
    {"retry-scheduled", "{ retry: integer, delayMs: integer, at: time, error: RaisedError }"},
    {"task-completed", "{ name: string, output: Data, adopted?: boolean }"},
    {"task-faulted", "{ name: string, error: RaisedError }"},
    {"task-cancelled", "{ name: string, reason: string, inFlight?: boolean }"},
    {"effect-adopted",
     "{ run: string, call: string, marker: string, place: string, digest: string, input: Data, "
     "inputDiffers: boolean, output: Data }"},
    {"run-paused", "{ by: string, reason: string }"},
    {"run-resumed", "{ by: string, pausedForMs: integer }"},
    {"run-completed", "{ output: Data }"},
    {"run-faulted", "{ error: RaisedError }"},
    {"run-cancelled", "{ by: string, inFlight: [string] }"},
};

#undef WORKFLOW_MEMBERS
#undef RUN_ROW_MEMBERS
#undef EFFECT_MEMBERS

}  // namespace

std::span<DocumentType const> document_work_types() { return types; }
std::span<DocumentEntry const> document_entries() { return entries; }

}  // namespace fairlead::api
