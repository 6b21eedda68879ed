// What the parts of the OAuth tour share: the list of steps, the sandbox's control calls, and an
// application of its own for each step, so that no step sees another one's tokens.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

export const host = process.argv[2].replace(/\/$/, '');
export const steps = [];
export const step = (name, run) => steps.push({ name, run });

export async function control(method, path, body) {
  const answer = await fetch(`${host}/-/sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

export async function newApplication(more = {}) {
  const application = {
    uid: `app${randomBytes(6).toString('hex')}`,
    secret: randomBytes(12).toString('hex'),
    redirectUris: ['http://127.0.0.1:9/callback'],
    ...more,
  };
  await control('POST', 'applications', application);
  return { ...application, redirect: application.redirectUris[0] };
}

// GET below /api/v4 as the owner of the token: [status, body].
export async function api(token, path) {
  const answer = await fetch(`${host}/api/v4/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return [answer.status, await answer.json()];
}
