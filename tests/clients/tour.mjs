// Tour of the sandbox with @gitbeaker/rest.
//
// usage: node tour.mjs URL     prints "N passed, N failed"; exit status 1 if anything failed
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import { Gitlab, GitbeakerRequestError } from '@gitbeaker/rest';

const host = process.argv[2].replace(/\/$/, '');
const api = (token = 'glpat-sandbox-alice-api') => new Gitlab({ host, token });
const unique = (name) => `${name}-${randomBytes(4).toString('hex')}`;
const steps = [];
const step = (name, run) => steps.push({ name, run });

async function control(method, path, body) {
  const answer = await fetch(`${host}/-/sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

// The client's own error type, with GitLab's status and words.
async function refused(status, words, run) {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof GitbeakerRequestError, `${error}`);
    assert.equal(error.cause.response.status, status, `${error.cause.description}`);
    const said = JSON.stringify(error.cause.description);
    assert.ok(said.includes(words), `${words} is not in ${said}`);
    return error;
  }
  return assert.fail(`was not refused: ${words}`);
}

async function finished(gl, project, pipeline) {
  const rest = ['success', 'failed', 'canceled', 'skipped', 'manual'];
  for (let round = 0; round < 100; round += 1) {
    const now = await gl.Pipelines.show(project, pipeline.id);
    if (rest.includes(now.status)) return now;
    await control('POST', 'clock', { advanceMs: 250 });
  }
  return assert.fail('the pipeline never ended');
}

step('version, metadata and own user', async () => {
  const gl = api();
  assert.equal((await gl.Metadata.show()).version, '19.5.0-ee');
  assert.equal((await gl.Users.showCurrentUser()).username, 'alice');
  const self = await gl.PersonalAccessTokens.show();
  assert.deepEqual([self.name, self.scopes, self.active], ['alice-api', ['api'], true]);
});

step('bad, expired and narrow tokens', async () => {
  await refused(401, '401 Unauthorized', () => api('nonsense').Users.showCurrentUser());
  const oauth = new Gitlab({ host, oauthToken: 'nonsense' });
  await refused(401, 'invalid_token', () => oauth.Users.showCurrentUser());
  await refused(401, 'invalid_token', () =>
    api('glpat-sandbox-alice-expired').Users.showCurrentUser(),
  );
  await refused(403, 'insufficient_scope', () =>
    api('glpat-sandbox-alice-read-user').Projects.all({ membership: true }),
  );
  await refused(403, 'insufficient_scope', () =>
    api('glpat-sandbox-alice-read-api').Issues.create('ops/incidents', 'x'),
  );
});

step('projects: create, taken, show, list over pages', async () => {
  const gl = api();
  const name = unique('beaker');
  const made = await gl.Projects.create({
    name,
    description: 'd',
    topics: ['x'],
    initializeWithReadme: true,
  });
  assert.deepEqual([made.path, made.visibility, made.default_branch], [name, 'private', 'main']);
  await refused(400, 'has already been taken', () => gl.Projects.create({ name }));
  await refused(404, '404 Project Not Found', () => gl.Projects.show('no/where'));
  assert.equal(
    (await gl.Projects.show(`alice/${name}`, { statistics: true })).statistics.commit_count,
    1,
  );
  const all = await gl.Projects.all({ membership: true, perPage: 2 });
  assert.equal(new Set(all.map((project) => project.id)).size, all.length);
  assert.ok(all.length > 3);
  const keyset = await gl.Projects.all({
    membership: true,
    perPage: 2,
    pagination: 'keyset',
    orderBy: 'id',
    sort: 'asc',
  });
  assert.equal(keyset.length, all.length);
  const { data, paginationInfo } = await gl.Projects.all({
    membership: true,
    perPage: 2,
    page: 1,
    maxPages: 1,
    showExpanded: true,
  });
  assert.equal(data.length, 2);
  assert.equal(paginationInfo.total, all.length);
  assert.equal(paginationInfo.next, 2);
});

step('branches', async () => {
  const gl = api();
  const project = await gl.Projects.create({ name: unique('branch'), initializeWithReadme: true });
  await gl.Branches.create(project.id, 'a/b', 'main');
  assert.deepEqual(
    (await gl.Branches.all(project.id)).map((branch) => branch.name),
    ['a/b', 'main'],
  );
  assert.equal((await gl.Branches.show(project.id, 'a/b')).default, false);
  await refused(400, 'Branch already exists', () => gl.Branches.create(project.id, 'a/b', 'main'));
  await gl.Branches.remove(project.id, 'a/b');
  await refused(404, '404 Branch Not Found', () => gl.Branches.show(project.id, 'a/b'));
});

step('issues: create, change, close, list', async () => {
  const gl = api();
  const project = await gl.Projects.create({ name: unique('issues') });
  for (let number = 1; number <= 5; number += 1) {
    await gl.Issues.create(project.id, `Issue ${number}`, {
      labels: number % 2 ? 'odd,all' : 'even,all',
      assigneeIds: [2, 1],
    });
  }
  const page = await gl.Issues.all({ projectId: project.id, perPage: 2, labels: 'all' });
  assert.deepEqual(
    page.map((issue) => issue.iid),
    [5, 4, 3, 2, 1],
  );
  assert.deepEqual(
    page[0].assignees.map((user) => user.username),
    ['alice'],
  );
  const closed = await gl.Issues.edit(project.id, 2, { stateEvent: 'close', addLabels: 'done' });
  assert.deepEqual([closed.state, closed.labels], ['closed', ['all', 'done', 'even']]);
  assert.deepEqual(
    (await gl.Issues.all({ projectId: project.id, state: 'closed' })).map((issue) => issue.iid),
    [2],
  );
  assert.deepEqual(
    (await gl.Issues.all({ projectId: project.id, not: { labels: 'odd' }, sort: 'asc' })).map(
      (issue) => issue.iid,
    ),
    [2, 4],
  );
  await refused(404, '404 Not found', () => gl.Issues.show(999, { projectId: project.id }));
  await refused(400, 'title is empty', () => gl.Issues.create(project.id, ''));
  const stats = await gl.Issues.all({ groupId: 'ops', perPage: 3, maxPages: 1 });
  assert.ok(stats.length > 0);
});

step('issue notes, labels, milestones', async () => {
  const gl = api();
  const project = await gl.Projects.create({ name: unique('notes') });
  const issue = await gl.Issues.create(project.id, 'talk');
  const note = await gl.IssueNotes.create(project.id, issue.iid, 'hello');
  assert.equal((await gl.IssueNotes.all(project.id, issue.iid))[0].body, 'hello');
  assert.equal(
    (await gl.IssueNotes.edit(project.id, issue.iid, note.id, { body: 'bye' })).body,
    'bye',
  );
  await gl.IssueNotes.remove(project.id, issue.iid, note.id);
  await gl.ProjectLabels.create(project.id, 'l1', '#ff0000');
  await refused(409, 'Label already exists', () =>
    gl.ProjectLabels.create(project.id, 'l1', '#ff0000'),
  );
  const milestone = await gl.ProjectMilestones.create(project.id, 'M');
  assert.equal(
    (await gl.Issues.edit(project.id, issue.iid, { milestoneId: milestone.id })).milestone.title,
    'M',
  );
  assert.equal((await gl.ProjectMilestones.all(project.id)).length, 1);
});

step('pipelines to the end, jobs and traces', async () => {
  const gl = api();
  const project = 'ops/runbooks';
  const made = await gl.Pipelines.create(project, 'main', {
    variables: [{ key: 'SANDBOX_RESULT', value: 'failed' }],
  });
  const done = await finished(gl, project, made);
  assert.equal(done.status, 'failed');
  const jobs = await gl.Jobs.all(project, { pipelineId: made.id });
  const unit = jobs.find((job) => job.name === 'unit');
  assert.equal(unit.status, 'failed');
  assert.match(await gl.Jobs.showLog(project, unit.id), /FAILED: expected 200/);
  await gl.Pipelines.retry(project, made.id);
  assert.equal((await finished(gl, project, made)).status, 'success');
  assert.equal((await gl.Pipelines.allVariables(project, made.id))[0].key, 'SANDBOX_RESULT');
  assert.ok((await gl.Pipelines.showTestReport(project, made.id)).total_count > 0);
  assert.ok((await gl.Pipelines.all(project, { ref: 'main', perPage: 1 })).length >= 1);
  await refused(400, 'Reference not found', () => gl.Pipelines.create(project, 'nope'));
  await refused(400, 'Missing CI config file', () => gl.Pipelines.create('dev/docs', 'main'));
  const cancelled = await gl.Pipelines.create(project, 'main');
  await gl.Pipelines.cancel(project, cancelled.id);
  assert.equal((await finished(gl, project, cancelled)).status, 'canceled');
});

step('members, direct and inherited', async () => {
  const gl = api();
  const ops = await gl.Groups.show('ops');
  const project = await gl.Projects.create({ name: unique('members'), namespaceId: ops.id });
  const added = await gl.ProjectMembers.add(project.id, 30, { userId: 5 });
  assert.deepEqual([added.id, added.access_level], [5, 30]);
  await refused(409, 'Member already exists', () =>
    gl.ProjectMembers.add(project.id, 30, { userId: 5 }),
  );
  await refused(400, 'inherited membership from group Operations', () =>
    gl.ProjectMembers.add(project.id, 10, { userId: 3 }),
  );
  assert.equal((await gl.ProjectMembers.edit(project.id, 5, 40)).access_level, 40);
  assert.equal(
    (await gl.ProjectMembers.show(project.id, 3, { includeInherited: true })).access_level,
    30,
  );
  await refused(404, '404 Not found', () => gl.ProjectMembers.show(project.id, 3));
  const everyone = await gl.ProjectMembers.all(project.id, { includeInherited: true });
  assert.ok(everyone.length > (await gl.ProjectMembers.all(project.id)).length);
  await gl.ProjectMembers.remove(project.id, 5);
});

step('groups and invitations', async () => {
  const gl = api();
  const group = await gl.Groups.create('Guests', unique('guests'));
  const email = `${unique('mail')}+x@example.org`;
  assert.deepEqual(await gl.GroupInvitations.add(group.id, 20, { email }), { status: 'success' });
  const twice = await gl.GroupInvitations.add(group.id, 20, { email });
  assert.equal(twice.status, 'error');
  assert.equal(twice.message[email], 'Invite email has already been taken');
  assert.equal((await gl.GroupInvitations.all(group.id, { query: email })).length, 1);
  await gl.GroupInvitations.edit(group.id, email, { accessLevel: 30 });
  await gl.GroupInvitations.remove(group.id, email);
  assert.equal((await gl.GroupInvitations.all(group.id)).length, 0);
  await gl.GroupInvitations.add(group.id, 20, { userId: 3 });
  assert.equal((await gl.GroupMembers.show(group.id, 3)).access_level, 20);
  const names = (await gl.Groups.all({ perPage: 2 })).map((one) => one.full_path);
  assert.ok(names.includes('ops/platform') && names.includes(group.full_path));
  assert.equal((await gl.Groups.allSubgroups('ops'))[0].full_path, 'ops/platform');
  assert.ok((await gl.Groups.allProjects('ops', { includeSubgroups: true })).length >= 3);
});

step('users', async () => {
  const gl = api();
  assert.deepEqual(
    (await gl.Users.all({ username: 'bob' })).map((user) => user.name),
    ['Bob Baker'],
  );
  assert.equal((await gl.Users.all({ username: 'bob' }))[0].email, undefined);
  assert.ok((await gl.Users.all({ perPage: 3 })).length >= 7);
  assert.equal((await gl.Users.show(3)).username, 'bob');
  await refused(404, '404 User Not Found', () => gl.Users.show(99999));
});

step('hooks', async () => {
  const gl = api();
  const project = await gl.Projects.create({ name: unique('hooks') });
  const hook = await gl.ProjectHooks.add(project.id, 'http://127.0.0.1:1/nobody', {
    token: 't',
    issuesEvents: true,
    pushEvents: false,
  });
  assert.deepEqual([hook.issues_events, hook.push_events, hook.token], [true, false, undefined]);
  assert.equal(
    (
      await gl.ProjectHooks.edit(project.id, hook.id, 'http://127.0.0.1:1/other', {
        noteEvents: true,
      })
    ).note_events,
    true,
  );
  assert.equal((await gl.ProjectHooks.all(project.id)).length, 1);
  await gl.ProjectHooks.remove(project.id, hook.id);
  await refused(404, '404 Not found', () => gl.ProjectHooks.show(project.id, hook.id));
});

step('the client retries what the sandbox throttles', async () => {
  await control('POST', 'faults', {
    kind: 'throttle',
    path: '/metadata',
    count: 1,
    retryAfterSeconds: 1,
  });
  assert.equal((await api().Metadata.show()).version, '19.5.0-ee');
  assert.deepEqual(await control('GET', 'faults'), []);
});

step('OAuth tokens work like personal ones', async () => {
  const form = (fields) => ({
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  await control('POST', 'options', { autoConsentUser: 'bob' });
  const uri = 'http://127.0.0.1:8420/oauth/callback';
  const id = 'fairlead-sandbox-application';
  const query = new URLSearchParams({
    client_id: id,
    redirect_uri: uri,
    response_type: 'code',
    scope: 'api',
    state: 's',
  });
  const back = await fetch(`${host}/oauth/authorize?${query}`, { redirect: 'manual' });
  await control('POST', 'options', { autoConsentUser: '' });
  const code = new URL(back.headers.get('location')).searchParams.get('code');
  const client = {
    client_id: id,
    client_secret: 'gloas-sandbox-secret-0123456789abcdef',
    redirect_uri: uri,
  };
  const pair = await (
    await fetch(`${host}/oauth/token`, form({ grant_type: 'authorization_code', code, ...client }))
  ).json();
  const gl = new Gitlab({ host, oauthToken: pair.access_token });
  assert.equal((await gl.Users.showCurrentUser()).username, 'bob');
  const next = await (
    await fetch(
      `${host}/oauth/token`,
      form({ grant_type: 'refresh_token', refresh_token: pair.refresh_token, ...client }),
    )
  ).json();
  assert.notEqual(next.access_token, pair.access_token);
  await refused(401, 'invalid_token', () => gl.Users.showCurrentUser());
  assert.equal(
    (await new Gitlab({ host, oauthToken: next.access_token }).Users.showCurrentUser()).username,
    'bob',
  );
});

let passed = 0;
let failed = 0;
for (const { name, run } of steps) {
  try {
    await run();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}\n  ${error.stack.split('\n').slice(0, 6).join('\n  ')}`);
    if (error.cause) console.log('  ', error.cause.description, error.cause.request?.url);
  }
}
const { dependencies } = createRequire(import.meta.url)('./package.json');
console.log(
  `@gitbeaker/rest ${dependencies['@gitbeaker/rest']} on node ${process.version}: ` +
    `${steps.length} steps`,
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
