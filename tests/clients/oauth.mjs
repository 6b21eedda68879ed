// OAuth clients from npm that this project did not write, against the sandbox: openid-client and
// passport-gitlab2. The steps are in oauth_node/; importing a part adds its steps.
//
// usage: node oauth.mjs URL     prints "N passed, N failed"; exit status 1 if anything failed
import './oauth_node/openid.mjs';
import './oauth_node/passport.mjs';
import { steps } from './oauth_node/steps.mjs';

let failed = 0;
for (const { name, run } of steps) {
  try {
    await run();
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}\n${error?.stack ?? error}\n${error?.cause ?? ''}`);
  }
}
console.log(`openid-client, passport-gitlab2: ${steps.length} steps`);
console.log(`${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
