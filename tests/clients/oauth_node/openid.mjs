// npm openid-client: discovery, code flow with PKCE, ID token, refresh, device grant,
// introspection. It refuses answers that a plain HTTP client would let pass (issuer, nonce,
// signature, at_hash, content types, token types).
import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import { Browser } from './browser.mjs';
import { api, control, host, newApplication, step } from './steps.mjs';

const insecure = host.startsWith('http:') ? [oidc.allowInsecureRequests] : [];

// `way`: oidc.ClientSecretBasic, oidc.ClientSecretPost or oidc.None.
async function discover(application, way, algorithm = 'oidc') {
  return oidc.discovery(new URL(host), application.uid, undefined, way(application.secret), {
    execute: insecure,
    algorithm,
  });
}

// Signs somebody in; `change` may spoil what the browser brings back.
async function signIn(config, application, wanted, change = (url) => url) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = wanted.scope.includes('openid') ? oidc.randomNonce() : undefined;
  const page = oidc.buildAuthorizationUrl(config, {
    redirect_uri: application.redirect,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...(nonce && { nonce }),
    ...wanted,
  });
  const back = change(await new Browser(host).consent(page, wanted.person));
  return oidc.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: nonce !== undefined,
  });
}

// GitLab says the error in the body and in WWW-Authenticate; the client takes the latter for its
// own kind of exception, which must then say the same.
async function refused(error, run) {
  try {
    await run();
  } catch (caught) {
    const challenge = caught.code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' && caught.cause[0];
    if (challenge) assert.equal(challenge.parameters.realm, 'Doorkeeper');
    assert.equal(challenge ? challenge.parameters.error : caught.error, error, `${caught}`);
    return caught;
  }
  return assert.fail(`was not refused: ${error}`);
}

for (const way of ['ClientSecretBasic', 'ClientSecretPost']) {
  step(`openid-client: code flow with PKCE and ID token, ${way}`, async () => {
    const application = await newApplication();
    const config = await discover(application, oidc[way]);
    oidc.enableNonRepudiationChecks(config); // the signature too, not TLS alone
    const got = await signIn(config, application, { scope: 'openid email profile read_api' });
    const claims = got.claims();
    assert.deepEqual(
      [claims.iss, claims.aud, claims.preferred_username, claims.email],
      [host, application.uid, 'bob', 'bob@example.com'],
    );
    assert.deepEqual([got.token_type, got.expiresIn() > 7100], ['bearer', true]);
    assert.equal(got.scope, 'openid email profile read_api');
    const info = await oidc.fetchUserInfo(config, got.access_token, claims.sub);
    assert.equal(info.nickname, 'bob');
    assert.equal((await api(got.access_token, 'user'))[1].username, 'bob');
  });
}

step('openid-client: a secret with a prefix goes into the body, not into Basic', async () => {
  // openid-client encodes `-` as RFC 6749 2.3.1 says, and Doorkeeper takes Basic to the letter.
  const application = await newApplication({ secret: 'gloas-a+b/c=d%e:f g' });
  const posted = await discover(application, oidc.ClientSecretPost);
  assert.equal((await signIn(posted, application, { scope: 'api' })).scope, 'api');
  const basic = await discover(application, oidc.ClientSecretBasic);
  await refused('invalid_client', () => signIn(basic, application, { scope: 'api' }));
});

step('openid-client: a public client needs PKCE and no secret', async () => {
  const application = await newApplication({ confidential: false, secret: '' });
  const config = await discover(application, () => oidc.None());
  const got = await signIn(config, application, { scope: 'api' });
  assert.equal((await api(got.access_token, 'user'))[0], 200);
  const bare = oidc.buildAuthorizationUrl(config, {
    redirect_uri: application.redirect,
    scope: 'api',
  });
  const left = (await new Browser(host).visit(bare, 'bob')).left;
  assert.equal(left.searchParams.get('error'), 'invalid_request');
  const again = await oidc.refreshTokenGrant(config, got.refresh_token);
  assert.notEqual(again.refresh_token, got.refresh_token);
});

step('openid-client: refresh rotates; the old pair is dead, the new one lives on', async () => {
  const application = await newApplication();
  const config = await discover(application, oidc.ClientSecretBasic);
  const first = await signIn(config, application, { scope: 'openid api' });
  const second = await oidc.refreshTokenGrant(config, first.refresh_token);
  assert.notEqual(second.access_token, first.access_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.deepEqual([second.scope, second.expiresIn() > 7100], ['openid api', true]);
  const [status, said] = await api(first.access_token, 'user');
  assert.deepEqual([status, said.error], [401, 'invalid_token']);
  const late = await refused('invalid_grant', () =>
    oidc.refreshTokenGrant(config, first.refresh_token),
  );
  assert.equal(late.status, 400);
  // GitLab has no reuse detection for OAuth applications: the pair in use stays.
  assert.equal((await api(second.access_token, 'user'))[0], 200);
  const third = await oidc.refreshTokenGrant(config, second.refresh_token, { scope: 'api' });
  assert.equal(third.scope, 'api');
  await refused('invalid_scope', () =>
    oidc.refreshTokenGrant(config, third.refresh_token, { scope: 'api read_user' }),
  );
  assert.equal((await api(third.access_token, 'user'))[0], 200);
});

step('openid-client: two refreshes at once, one of them wins', async () => {
  const application = await newApplication();
  const config = await discover(application, oidc.ClientSecretPost);
  const first = await signIn(config, application, { scope: 'api' });
  const both = await Promise.allSettled(
    [1, 2].map(() => oidc.refreshTokenGrant(config, first.refresh_token)),
  );
  const won = both.filter((one) => one.status === 'fulfilled');
  const lost = both.filter((one) => one.status === 'rejected');
  assert.deepEqual([won.length, lost.length], [1, 1]);
  await refused('invalid_grant', () => Promise.reject(lost[0].reason));
  assert.equal((await api(won[0].value.access_token, 'user'))[0], 200);
});

step('openid-client: refused, and said why', async () => {
  const application = await newApplication();
  const config = await discover(application, oidc.ClientSecretBasic);
  const wanted = { scope: 'api' };
  const denied = { ...wanted, person: { form: 'deny' } };
  await refused('access_denied', () => signIn(config, application, denied));
  await refused('invalid_grant', () =>
    signIn(config, application, wanted, (url) => {
      url.searchParams.set('code', 'made-up');
      return url;
    }),
  );
  const wrong = await discover({ ...application, secret: 'wrong' }, oidc.ClientSecretBasic);
  const said = await refused('invalid_client', () => signIn(wrong, application, wanted));
  assert.equal(said.status, 401);
});

step('openid-client: the code of another redirect URI, client or verifier is no good', async () => {
  const uris = ['http://127.0.0.1:9/one', 'http://127.0.0.1:9/two'];
  const application = await newApplication({ redirectUris: uris });
  const other = await newApplication({ redirectUris: uris });
  const config = await discover(application, oidc.ClientSecretBasic);
  await refused('invalid_grant', () =>
    signIn(config, application, { scope: 'api' }, (url) =>
      Object.assign(new URL(uris[1]), { search: url.search }),
    ),
  );
  const strange = await discover(other, oidc.ClientSecretBasic);
  const page = oidc.buildAuthorizationUrl(config, { redirect_uri: uris[0], scope: 'api' });
  const back = await new Browser(host).consent(page);
  await refused('invalid_grant', () => oidc.authorizationCodeGrant(strange, back));
});

step('openid-client: introspection and revocation', async () => {
  const application = await newApplication();
  const config = await discover(application, oidc.ClientSecretBasic);
  const got = await signIn(config, application, { scope: 'read_api' });
  const seen = await oidc.tokenIntrospection(config, got.access_token);
  assert.deepEqual(
    [seen.active, seen.scope, seen.client_id],
    [true, 'read_api', application.uid],
  );
  await oidc.tokenRevocation(config, got.access_token);
  assert.equal((await oidc.tokenIntrospection(config, got.access_token)).active, false);
  assert.equal((await api(got.access_token, 'user'))[0], 401);
});

// --- the device grant: the endpoint is named in the OAuth metadata (RFC 8414), not in OpenID's

async function device(commit) {
  const application = await newApplication();
  const config = await discover(application, oidc.ClientSecretPost, 'oauth2');
  const asked = await oidc.initiateDeviceAuthorization(config, { scope: 'read_api' });
  assert.deepEqual([asked.expires_in, asked.interval], [300, 5]);
  const browser = new Browser(host);
  const shown = await browser.visit(asked.verification_uri_complete, 'alice');
  if (commit) await browser.submit(shown.page, 'device', { commit });
  return { config, asked: { ...asked, interval: 0.2 } };
}

step('openid-client: device grant', async () => {
  const { config, asked } = await device('Authorize');
  const got = await oidc.pollDeviceAuthorizationGrant(config, asked);
  assert.equal(got.scope, 'read_api');
  assert.equal((await api(got.access_token, 'user'))[1].username, 'alice');
  const again = await oidc.refreshTokenGrant(config, got.refresh_token);
  assert.equal((await api(again.access_token, 'user'))[0], 200);
  await refused('invalid_grant', () => oidc.pollDeviceAuthorizationGrant(config, asked));
});

step('openid-client: device grant denied, too old, and waited for', async () => {
  const denied = await device('Deny');
  await refused('access_denied', () =>
    oidc.pollDeviceAuthorizationGrant(denied.config, denied.asked),
  );
  const waiting = await device();
  const pending = () =>
    oidc.genericGrantRequest(waiting.config, 'urn:ietf:params:oauth:grant-type:device_code', {
      device_code: waiting.asked.device_code,
    });
  await refused('authorization_pending', pending);
  await refused('slow_down', pending); // asked again at once
  await control('POST', 'clock', { advanceMs: 301_000 });
  await refused('expired_token', pending);
});
