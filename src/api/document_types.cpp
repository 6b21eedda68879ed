#include "api/document_table.h"

namespace fairlead::api {
namespace {

using Content = DocumentType::Content;

constexpr DocumentType types[] = {
    // ---- what others put in: the only open ones ----
    {"Data", "any",
     "JSON of a workflow, an event, an action or the caller: theirs, so it may be anything.",
     Content::others},
    {"CloudEvent",
     "{ specversion: string, id: string, source: string, type: string, subject?: string, time?: "
     "string, datacontenttype?: string, dataschema?: string, data?: Data, data_base64?: string, "
     "... }",
     "CloudEvents 1.0; open, for senders may add attributes of their own.", Content::others},
    {"JsonSchema", "{ ... }", "A JSON Schema (draft 2020-12), which has a language of its own.",
     Content::others},
    {"OpenApiDocument", "{ openapi: string, ... }",
     "A document of OpenAPI 3.1: its specification says what stands in it.", Content::others},
    {"GitlabDelivery", "{ ... }", "What GitLab sends, as its documentation of webhooks says.",
     Content::others},
    {"FaultDetails", "{ ... }",
     "What else is known of a fault, by its kind: places in a text, words of GitLab or jq. For "
     "people; programs decide by kind and status.",
     Content::others},
    {"RaisedError",
     "{ type?: string, status?: integer | string, title?: string, detail?: string, instance?: "
     "string, details?: Data, cause?: string, remedy?: string, requestId?: string, ... }",
     "An error as workflows see it (RFC 9457); open, for `raise` may add members.",
     Content::others},

    // ---- faults ----
    {"FaultKind",
     "'invalid_input' | 'not_found' | 'denied' | 'conflict' | 'rate_limited' | 'unavailable' | "
     "'timed_out' | 'cancelled' | 'uncertain' | 'corrupt' | 'internal'"},
    {"Problem",
     "{ type: 'about:blank', title: string, status: integer, detail: string, kind: FaultKind, "
     "cause?: string, remedy?: string, where?: string, requestId?: string, retryAfterMs?: "
     "integer, upstreamStatus?: integer, upstreamRequestId?: string, details?: FaultDetails }",
     "RFC 9457. Its type is always about:blank: `kind` tells faults apart. detail: what happened; "
     "cause: why; remedy: what to do; where: the member; requestId: this request's, as in "
     "X-Request-Id; upstreamStatus, upstreamRequestId: what GitLab answered."},
    {"Fault",
     "{ kind: FaultKind, title?: string, message: string, cause?: string, remedy?: string, where?: "
     "string, status?: integer, requestId?: string, retryAfterMs?: integer, details?: "
     "FaultDetails }",
     "What went wrong earlier, as it was noted down."},

    // ---- access ----
    {"Role", "'viewer' | 'operator' | 'author' | 'org-admin'"},
    {"User",
     "{ id: string, username: string, name: string, email: string, role: Role, disabled: boolean, "
     "hasPassword: boolean, gitlab: string | null, createdAt: time, updatedAt: time, signedInAt: "
     "time | null, passwordLink?: string }"},
    {"Session",
     "{ id: string, way: string, from: string, agent: string, createdAt: time, seenAt: time, "
     "expiresAt: time, current: boolean }"},
    {"WhoAmI",
     "{ setupNeeded: boolean, signIn: { password: boolean, gitlab: [{ connection: string, label: "
     "string }] }, user?: { id: string, username: string, name: string, email: string, role: Role "
     "}, csrfToken?: string }"},
    {"Token",
     "{ id: string, name: string, role: Role, user: string | null, createdAt: time, expiresAt: "
     "time | null, token?: string }"},
    {"AuditDetail",
     "{ role?: Role | { from: Role, to: Role }, username?: string, name?: string, email?: string, "
     "password?: string, disabled?: boolean, scopes?: string, from?: Retention, to?: Retention, "
     "replayed?: boolean, status?: integer, kind?: FaultKind, token?: string, version?: string, "
     "entries?: integer }",
     "What was changed, as far as it is no secret. status, kind: of what failed; token: its name, "
     "if the person used one; version: of the server that started; entries: left out."},
    {"AuditEntry",
     "{ seq: integer, at: time, actor: { kind: string, name: string }, action: string, target: "
     "string, outcome: string, from: string, detail: AuditDetail | null }"},
    {"AuditLine",
     "{ seq: integer, at: time, actor: { kind: string, name: string }, action: string, target: "
     "string, outcome: string, from: string, detail: AuditDetail | null, hash: string } | { "
     "problem: Fault }",
     "One line of the export; a problem ends it."},
    {"SignInWay",
     "{ connection: string, label: string, clientId: string, hasSecret: boolean, allowedGroups: "
     "[string], allowedDomains: [string], roles: [{ group: string, role: Role }], defaultRole: "
     "Role | null }"},
    {"Key",
     "{ source: 'systemd-credential' | 'file' | 'environment', rotating: boolean, resealed: "
     "integer, allResealedSince?: time, formerKeyKeptUntil?: time, retiredKeyFile?: string, "
     "trouble?: Fault }"},
    {"Retention", "{ keepAge: string, keepRuns: integer | 'forever' }"},
    {"Settings",
     "{ retention: { keepAge: string, keepRuns: integer | 'forever', changed: boolean, changedBy?: "
     "string, changedAt?: time }, atStart: { publicUrl: string, version: string, payloadMaxBytes: "
     "integer, requestTimeoutSeconds: integer, trustedProxies: [string], allowedPrivate: [string], "
     "allowedHttp: [string] } }"},

    // ---- connections and actions ----
    {"ConnectionState",
     "'pending' | 'active' | 'refreshing' | 'uncertain' | 'needs-sign-in' | 'not-signed-in'"},
    {"Connection",
     "{ id: string, name: string, app: 'gitlab', baseUrl: string, auth: 'oauth' | 'token', status: "
     "ConnectionState, default: boolean, scopes: string, account: { id: integer, username: string, "
     "name: string | null, webUrl: string | null } | null, clientId: string, createdAt: time, "
     "updatedAt: time, aliases: [string], readOnly: boolean, minimumRole: Role, privateCa: "
     "boolean, proxy?: string, state: ConnectionState, tokenExpiresAt?: time, lastError?: Fault, "
     "expiresAt: time | null, lastRefreshAt: time | null, nextRefreshAt: time | null, brokenSince: "
     "time | null, errors24h: integer, lastSignIn?: { id: string, outcome: 'completed' | "
     "'failed', error?: Fault, asked?: string, granted?: string, missing?: [string] }, "
     "missingScopes?: [string], pendingSignIn?: { signIn: string, way: 'device', expiresAt: time "
     "} }",
     "Never a secret."},
    {"CheckStep",
     "{ id: string, title: string, state: 'ok' | 'failed' | 'warning' | 'skipped', detail: "
     "string, fix?: string, certificates?: [string] }"},
    {"Budget",
     "{ limit: integer | null, remaining: integer | null, resetsAt: time | null, limitedUntil: "
     "time | null, queue: integer, byWorkflow: [{ workflow: string, used: integer, waiting: "
     "integer }] }"},
    {"Impact",
     "{ workflows: [{ namespace: string, name: string, version: string, certain: boolean }], "
     "waitingRuns: integer, more: boolean, webhooks: [{ project: string, status: string }] }"},
    {"ActionEffect", "'reads' | 'creates' | 'changes' | 'deletes'"},
    {"GitlabScope", "'none' | 'read_user' | 'read_api' | 'api'"},
    {"GitlabRole",
     "'none' | 'guest' | 'planner' | 'reporter' | 'developer' | 'maintainer' | 'owner' | 'admin'"},
    {"ActionRow",
     "{ id: string, name: string, catalog: string, version: string, title: string, description: "
     "string, effect: ActionEffect, scope: GitlabScope, role: GitlabRole, listing: boolean, waits: "
     "boolean, docsUrl: string }"},
    {"Action",
     "{ id: string, name: string, catalog: string, version: string, title: string, description: "
     "string, effect: ActionEffect, scope: GitlabScope, role: GitlabRole, listing: boolean, waits: "
     "boolean, docsUrl: string, inputSchema: JsonSchema, outputSchema: JsonSchema }"},
    {"PlannedRequest",
     "{ method: string, path: string, url?: string, query?: {*: string | [string]}, headers?: {*: "
     "string}, body?: Data }",
     "A request as it would be sent, without credentials."},
    {"ActionPlan",
     "{ action: string, effect: ActionEffect, scope: GitlabScope, role: GitlabRole, requests: "
     "[PlannedRequest] }"},
    {"ActionOutcome",
     "{ output: Data, wait?: { checkAfterMs: integer, waitingFor: string, state: Data }, adopted?: "
     "boolean }"},
    {"ListingLine", "{ summary: Data } | { problem: Fault } | Data",
     "One item a line; the last line is the summary, or the problem that ended it."},
    {"Webhook",
     "{ id: string, connection: string, project: string, projectId: integer | null, group: string, "
     "gitlabId: integer, status: 'polling' | 'registered' | 'verified', reason: string, events: "
     "[string], wantedBy: [{ kind: 'hand' | 'workflow' | 'run', name: string }], createdAt: time, "
     "checkedAt: time | null, usedAt: time | null, deliveredAt: time | null }",
     "project: its path, or its number where that is not known. wantedBy: why it is there."},
    {"DeliveryCounts",
     "{ accepted: integer, duplicates: integer, tryOuts: integer, unknown: integer, refused: "
     "integer, malformed: integer }",
     "Since the start of the server."},
};

}  // namespace

std::span<DocumentType const> document_types() { return types; }

}  // namespace fairlead::api
