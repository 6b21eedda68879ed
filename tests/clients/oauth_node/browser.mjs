// A person at a browser, as far as OAuth needs one: cookies, redirects followed by hand, forms
// filled in from the page. Used by the OAuth tours; knows nothing of the clients they judge.
const password = 'sandbox-password';

function formOf(page, id) {
  const form = page.match(new RegExp(`<form id="${id}" action="([^"]*)"[^>]*>(.*?)</form>`, 's'));
  if (!form) throw new Error(`the page has no form ${id}: ${page.slice(0, 300)}`);
  const fields = new URLSearchParams();
  for (const [, tag] of form[2].matchAll(/<(?:input|button)([^>]*)>/g)) {
    const name = tag.match(/ name="([^"]*)"/)?.[1];
    if (name) fields.set(plain(name), plain(tag.match(/ value="([^"]*)"/)?.[1] ?? ''));
  }
  return { action: plain(form[1]), fields };
}

const plain = (text) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

export class Browser {
  #host;
  #cookies = new Map();

  constructor(host) {
    this.#host = host;
  }

  // Follows redirects within the host; one that leads elsewhere is the answer: {left: URL}.
  async open(url, body) {
    let target = String(url);
    let form = body;
    for (let hop = 0; hop < 10; hop += 1) {
      const answer = await fetch(target, {
        method: form ? 'POST' : 'GET',
        body: form,
        redirect: 'manual',
        headers: { cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') },
      });
      for (const set of answer.headers.getSetCookie()) {
        const [, name, value] = set.match(/^([^=]+)=([^;]*)/);
        this.#cookies.set(name, value);
      }
      const location = answer.headers.get('location');
      if (!location) return { status: answer.status, page: await answer.text() };
      target = String(new URL(location, target));
      form = undefined;
      if (!target.startsWith(this.#host)) return { left: new URL(target) };
    }
    throw new Error(`more than 10 redirects from ${url}`);
  }

  async submit(page, id, fields = {}) {
    const form = formOf(page, id);
    for (const [name, value] of Object.entries(fields)) form.fields.set(name, value);
    return this.open(form.action, form.fields);
  }

  // Opens a page of GitLab's and signs in where it asks for that.
  async visit(url, username) {
    const shown = await this.open(url);
    if (!shown.page?.includes('id="new_user"')) return shown;
    const login = { 'user[login]': username, 'user[password]': password };
    return this.submit(shown.page, 'new_user', login);
  }

  // The whole way of a consent page: where GitLab sends the browser in the end.
  async consent(url, { username = 'bob', form = 'authorize' } = {}) {
    const shown = await this.visit(url, username);
    return (await this.submit(shown.page, form)).left;
  }
}
