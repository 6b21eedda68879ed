"""One HTTP request without redirects, and a scripted browser: cookies, forms, redirects.

Used by fairlead.py to sign in at GitLab's pages as a person would.
"""
import json
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar

PATIENCE = 30.0  # seconds for one answer
PASSWORD = "sandbox-password"


class Problem(AssertionError):
    """Something outside the assertion of a test went wrong; the text says what."""


# ---- plain HTTP ---------------------------------------------------------------------------------


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Answer:
    def __init__(self, status, headers, body, url):
        self.status, self.headers, self.body, self.url = status, headers, body, url

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)


DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirects())


def http(method, url, body=None, headers=None, opener=DIRECT):
    """One request, no redirects; any status is an answer."""
    headers = dict(headers or {})
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return Answer(answer.status, answer.headers, answer.read(), url)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read(), url)


# ---- a browser ----------------------------------------------------------------------------------


class FormReader(HTMLParser):
    """The forms of a page, and its words without the head."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.words, self._silent = [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("style", "title"):
            self._silent += 1
        elif tag == "form":
            self.forms.append({"id": attrs.get("id", ""), "action": attrs.get("action", ""),
                               "fields": {}})
        elif tag in ("input", "button") and self.forms and attrs.get("name"):
            self.forms[-1]["fields"][attrs["name"]] = attrs.get("value", "")

    def handle_endtag(self, tag):
        if tag in ("style", "title"):
            self._silent -= 1

    def handle_data(self, data):
        if not self._silent and data.strip():
            self.words.append(data.strip())


class Browser:
    """Cookies, forms and redirects: what a person's browser does with GitLab's and our pages."""

    def __init__(self):
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), NoRedirects(),
            urllib.request.HTTPCookieProcessor(CookieJar()))

    def request(self, method, url, form=None):
        body = urllib.parse.urlencode(form).encode() if form is not None else None
        return http(method, url, body, opener=self.opener)

    def follow(self, answer, stop_at=None):
        """Follows redirects; one whose address contains stop_at is given back unopened."""
        for _ in range(10):
            if answer.status not in (301, 302, 303, 307):
                return answer
            target = urllib.parse.urljoin(answer.url, answer.headers["Location"])
            if stop_at and stop_at in target:
                return target
            answer = self.request("GET", target)
        raise Problem(f"the redirects never end at {answer.url}")

    def open(self, url, stop_at=None):
        return self.follow(self.request("GET", url), stop_at)

    def submit(self, answer, form_id, values, stop_at=None):
        forms = [form for form in FormReader(answer.text).forms if form["id"] == form_id]
        if not forms:
            raise Problem(f"no form {form_id} at {answer.url} (HTTP {answer.status}):\n"
                          + " ".join(FormReader(answer.text).words))
        action = urllib.parse.urljoin(answer.url, forms[0]["action"])
        sent = self.request("POST", action, {**forms[0]["fields"], **values})
        return self.follow(sent, stop_at)

    def to_callback(self, start_url, user="alice"):
        """Signs in and chooses Authorize; the callback's address, not yet opened."""
        page = self.open(start_url)
        page = self.submit(page, "new_user", {"user[login]": user, "user[password]": PASSWORD})
        return self.submit(page, "authorize", {}, stop_at="/oauth/callback")


def page_text(answer):
    """HTTP status and words of a page, one piece a line."""
    return f"HTTP {answer.status}\n" + "\n".join(FormReader(answer.text).words) + "\n"
