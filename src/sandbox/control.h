// The control API below /-/sandbox/: what a test may do to the sandbox that no GitLab offers. JSON, no credentials.
//
//   GET    /-/sandbox/state                 counts: {"projects":[{"id","path","issues","openIssues","notes","pipelines",
//                                           "members","invitations","hooks"}],"groups":[...],"users","webhooks":{...},"time"}
//   POST   /-/sandbox/reset                 back to the seed (faults, plans and the clock's advance stay as they are)
//   POST   /-/sandbox/clock                 {"advanceMs"}: moves the sandbox's time and every pipeline with it
//   GET    /-/sandbox/faults, DELETE        the waiting faults; DELETE drops them all
//   POST   /-/sandbox/faults                {"kind","method","path","count","skip","when","status","delayMs",
//                                           "retryAfterSeconds","location","body","contentType","fields"}; kinds: throttle,
//                                           application-limit, server-error, reset, slow, truncated, login-page, proxy-page,
//                                           redirect, invalid-grant, missing-fields, clock-skew, spam, resource-lock, custom
//   POST   /-/sandbox/plans                 {"project","ref","result","seconds","statuses":[],"failedJob"}: how pipelines
//                                           of that project (and ref) run from now on
//   POST   /-/sandbox/pipelines/:id         {"status"}: at once
//   POST   /-/sandbox/tokens/:kind          kind expire, revoke (all OAuth tokens) or revoke-refresh ({"token"})
//   POST   /-/sandbox/issues                {"project","count","title"}: many issues at once
//   POST   /-/sandbox/projects/:id          {"hasCiConfig","variablesRole","issuesEnabled","moveTo"}
//   POST   /-/sandbox/options               {"pipelineSeconds","requestsPerMinute","pipelinesPerMinute","rateHeaders",
//                                           "tier","tokenSeconds","autoConsentUser"}
//   GET    /-/sandbox/tokens                the seeded personal tokens by name, and the OAuth application
//   POST   /-/sandbox/applications          {"uid","secret","name","redirectUris":[],"scopes":[],"confidential"}
//
// Hold World::mutex.
#pragma once

#include "sandbox/call.h"

namespace fairlead::sandbox {

ApiRoutes control_routes();

}  // namespace fairlead::sandbox
