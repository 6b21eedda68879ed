#include "api/document_table.h"

namespace fairlead::api {
namespace {

constexpr DocumentType types[] = {
    {"Problem",
     "{ type?: string, title: string, status: integer, detail?: string, kind?: string, cause?: "
     "string, remedy?: string, where?: string, requestId?: string, ... }",
     "RFC 9457. detail: what happened; cause: why; remedy: what to do; where: the member."},
    {"Role", "'viewer' | 'operator' | 'author' | 'org-admin'"},
    {"WorkflowRef", "{ namespace: string, name: string, version: string }"},
    {"Run",
     "{ id: string, workflow: WorkflowRef, status: 'pending' | 'running' | 'waiting' | 'suspended' "
     "| 'cancelled' | 'faulted' | 'completed', waitingFor: string, cause: string, eventSeq: "
     "integer, replayOf: string, replayOfRemoved?: boolean, parent: { run: string, task: string } "
     "| null, startedAt: time, "
     "endedAt: time | null, input: any, output: any, error: any }"},
    {"JournalEntry", "{ seq: integer, kind: string, task: string, at: time, payload: any }"},
    {"CloudEvent",
     "{ specversion: string, id: string, source: string, type: string, subject?: string, time?: "
     "string, datacontenttype?: string, data?: any, ... }"},
    {"EventRow",
     "{ seq: integer, id: string, source: string, type: string, subject: string, receivedAt: "
     "string, dispatched: boolean }"},
    {"Effect",
     "{ effect: string, task: string, call: string, connection: string, kind: string, state: "
     "'done' | 'adopted' | 'under way' | 'not known' | 'failed afterwards' | 'not done', at: time, "
     "link: string, input: any, output: any, candidates: any, waitsForDecision: boolean, fate?: "
     "'keep' | 'adopt' | 'look-up' | 'repeat', ... }"},
    {"Fault",
     "{ kind: string, message: string, title?: string, cause?: string, remedy?: string, where?: "
     "string, status?: integer, requestId?: string, retryAfterMs?: integer, details?: any }",
     "What went wrong earlier, as it was noted down."},
    {"Connection",
     "{ id: string, name: string, app: string, baseUrl: string, auth: string, status: string, "
     "default: boolean, scopes: string, account: { username?: string | null, name?: string | null, "
     "... } | "
     "null, clientId: string, createdAt: time, updatedAt: time, aliases: [string], readOnly: "
     "boolean, minimumRole: string, privateCa: boolean, state: string, tokenExpiresAt?: time, "
     "lastError?: Fault, expiresAt: time | null, lastRefreshAt: time | null, nextRefreshAt: time "
     "| null, brokenSince: time | null, errors24h: integer, lastSignIn?: { id: string, outcome: "
     "'completed' | 'failed', error?: Fault, asked?: string, granted?: string, missing?: "
     "[string] }, missingScopes?: [string], pendingSignIn?: { signIn: string, way: string, "
     "expiresAt: time }, ... }",
     "Never a secret."},
    {"CheckStep",
     "{ id: string, title: string, state: 'ok' | 'failed' | 'warning' | 'skipped', detail: "
     "string, fix?: string }"},
    {"Settings",
     "{ retention: { keepAge: string, keepRuns: integer | 'forever', changed: boolean, changedBy?: "
     "string, changedAt?: time }, atStart: { publicUrl: string, version: string, payloadMaxBytes: "
     "integer, requestTimeoutSeconds: integer, trustedProxies: [string], allowedPrivate: [string] "
     "} }"},
    {"Budget",
     "{ limit: integer | null, remaining: integer | null, resetsAt: string | null, limitedUntil: "
     "string | null, queue: integer, byWorkflow: [{ workflow: string, used: integer, waiting: "
     "integer }] }"},
    {"Impact",
     "{ workflows: [{ namespace: string, name: string, version: string, certain: boolean }], "
     "waitingRuns: integer, more: boolean, webhooks: [{ project: string, status: string }] }"},
    {"Action",
     "{ id: string, name: string, catalog: string, version: string, title: string, description: "
     "string, effect: string, scope: string, role: string, listing: boolean, waits: boolean, "
     "docsUrl: string, inputSchema?: any, outputSchema?: any, ... }"},
    {"WorkflowRow",
     "{ namespace: string, name: string, version: string, status: 'published' | 'draft' | "
     "'disabled', contentHash: string, createdAt: time, title?: string, summary?: string, "
     "startsOn?: string, by?: string, nextStart?: time, ... }"},
    {"WorkflowProblem",
     "{ severity: string, code?: string, line: integer, column: integer, pointer: string, "
     "message: string, ... }"},
    {"Template",
     "{ id: string, name: string, title: string, summary: string, useCase: string, fields: "
     "[TemplateField], sampleEvent: any, source: string, steps: [string], trigger: any }"},
    {"TemplateField",
     "{ name: string, label: string, help: string, kind: string, parent: any, default: any, "
     "required: boolean, choices: [any] }"},
    {"DryStep",
     "{ task: string, title: string, note?: string, call?: string, input?: any, output?: any, "
     "request?: { input: any, requests: [{ method: string, path: string, body?: any, ... }] }, "
     "expression?: string, allowed?: boolean, reason?: string, problem?: string }"},
    {"WorkflowFile", "{ path: string, source: string }"},
    {"PlanItem",
     "{ change: string, path?: string, namespace?: string, name?: string, version?: string, ... }"},
    {"Plan",
     "{ ok: boolean, changes: integer, digest: string, summary: {*: integer}, items: [PlanItem], "
     "... }"},
    {"Approval",
     "{ id: string, run: string, task: string, status: 'open' | 'approved' | 'refused' | "
     "'expired' | 'cancelled', question: string, approvers: { users?: [string], roles?: [string], "
     "... }, required: integer, form: any, "
     "requestedBy: string, createdAt: time, expiresAt: time | null, closedAt: time | null, "
     "decisions: [{ decision: 'approved' | 'refused', by: string, at: time, comment: string, "
     "values: any }], waitsFor: string }"},
    {"User",
     "{ id: string, username: string, name: string, email: string, role: Role, disabled: boolean, "
     "hasPassword: boolean, gitlab: string | null, createdAt: string, updatedAt: string, "
     "signedInAt: string | null, passwordLink?: string, ... }"},
    {"Session",
     "{ id: string, way: string, from: string, agent: string, createdAt: string, seenAt: string, "
     "expiresAt: string, current: boolean }"},
    {"WhoAmI",
     "{ setupNeeded: boolean, signIn: { password: boolean, gitlab: [{ connection: string, label: "
     "string }] }, user?: { id: string, username: string, name: string, email: string, role: Role "
     "}, csrfToken?: string }"},
    {"Token",
     "{ id: string, name: string, role: Role, user: string | null, createdAt: string, expiresAt: "
     "string | null, token?: string }"},
    {"AuditEntry",
     "{ seq: integer, at: string, actor: { kind: string, name: string }, action: string, target: "
     "string, outcome: string, from: string, detail: any }"},
    {"SignInWay",
     "{ connection: string, label: string, clientId: string, hasSecret: boolean, allowedGroups: "
     "[string], allowedDomains: [string], roles: [{ group: string, role: Role }], defaultRole: "
     "Role | null }"},
    {"Key", "{ source: string, rotating: boolean, resealed: integer, ... }"},
};

}  // namespace

std::span<DocumentType const> document_types() { return types; }

}  // namespace fairlead::api
