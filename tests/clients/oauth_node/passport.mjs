// npm passport-gitlab2, as a web application uses it: its middleware in a server of its own, state
// and PKCE kept in a session, GitLab's answer turned into a person.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { Passport } from 'passport';
import { Strategy } from 'passport-gitlab2';
import { Browser } from './browser.mjs';
import { host, newApplication, step } from './steps.mjs';

// An application with "Sign in with GitLab"; /callback answers with who came or why nobody did.
async function withSite(more, run) {
  const session = {};
  const passport = new Passport();
  const site = createServer((request, response) => {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    request.session = session;
    request.query = Object.fromEntries(new URL(request.url, 'http://site').searchParams);
    // Without cookies to mind: one visitor, one session. regenerate and save are express-session's.
    const wanted = { session: false, scope: more.scope };
    const handler = passport.authenticate('gitlab', wanted, (error, user, info) => {
      if (error) return answer(500, { error: error.message, said: error.oauthError?.data });
      return user ? answer(200, user) : answer(401, info ?? {});
    });
    handler(request, response, (error) => answer(500, { error: String(error) }));
  });
  await new Promise((ready) => site.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${site.address().port}`;
  const application = await newApplication({ redirectUris: [`${origin}/callback`] });
  passport.use(
    new Strategy(
      {
        baseURL: `${host}/`,
        clientID: application.uid,
        clientSecret: more.secret ?? application.secret,
        callbackURL: application.redirect,
        scopeSeparator: ' ',
        state: true,
        pkce: true,
      },
      (access, refresh, profile, done) =>
        done(null, { id: profile.id, username: profile.username, tokens: [!!access, !!refresh] }),
    ),
  );
  try {
    return await run(origin);
  } finally {
    site.closeAllConnections();
    await new Promise((closed) => site.close(closed));
  }
}

async function begin(origin) {
  const answer = await fetch(`${origin}/sign-in`, { redirect: 'manual' });
  const page = answer.headers.get('location');
  assert.match(page, /code_challenge_method=S256/);
  return page;
}

step('passport-gitlab2: signs a person in', () =>
  withSite({ scope: ['read_user', 'openid'] }, async (origin) => {
    const back = await new Browser(host).consent(await begin(origin));
    const got = await (await fetch(back)).json();
    assert.deepEqual(got, { id: '3', username: 'bob', tokens: [true, true] });
  }),
);

step('passport-gitlab2: denied by the person', () =>
  withSite({ scope: ['read_user'] }, async (origin) => {
    const back = await new Browser(host).consent(await begin(origin), { form: 'deny' });
    const answer = await fetch(back);
    const denied = 'The resource owner or authorization server denied the request.';
    assert.deepEqual([answer.status, await answer.json()], [401, { message: denied }]);
  }),
);

step('passport-gitlab2: a wrong secret and a code used twice', async () => {
  await withSite({ scope: ['read_user'], secret: 'wrong' }, async (origin) => {
    const got = await (await fetch(await new Browser(host).consent(await begin(origin)))).json();
    assert.match(got.error, /^Client authentication failed/);
  });
  await withSite({ scope: ['read_user'] }, async (origin) => {
    const back = await new Browser(host).consent(await begin(origin));
    assert.equal((await fetch(back)).status, 200);
    const page = new URL(await begin(origin)); // a new state and verifier for the old code
    back.searchParams.set('state', page.searchParams.get('state'));
    const got = await (await fetch(back)).json();
    assert.match(got.error, /^The provided authorization grant is invalid/);
  });
});

step('passport-gitlab2: a scope the application lacks', () =>
  withSite({ scope: ['sudo'] }, async (origin) => {
    const { left } = await new Browser(host).visit(await begin(origin), 'bob');
    assert.equal(left.searchParams.get('error'), 'invalid_scope');
    assert.match((await (await fetch(left)).json()).error, /scope is invalid/);
  }),
);
