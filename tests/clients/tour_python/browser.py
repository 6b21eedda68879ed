"""A person at a browser who signs in at GitLab's pages and fills in what they ask."""
import html.parser
import urllib.parse

import requests

from tour_python.steps import PASSWORD, URL, equal


class Forms(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.forms = {}
        self.current = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.current = self.forms[attrs["id"]] = {"action": attrs["action"], "fields": {}}
        elif tag in ("input", "button") and self.current is not None and attrs.get("name"):
            self.current["fields"][attrs["name"]] = attrs.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.current = None


def submit(browser, page, form, **fields):
    found = Forms(page.text).forms[form]
    return browser.post(
        found["action"], data={**found["fields"], **fields}, allow_redirects=False, timeout=10
    )


def follow(browser, answer):
    while answer.status_code in (301, 302) and answer.headers["Location"].startswith(URL):
        answer = browser.get(answer.headers["Location"], allow_redirects=False, timeout=10)
    return answer


def consent(query, user="bob", form="authorize"):
    return open_consent(URL + "/oauth/authorize?" + urllib.parse.urlencode(query), user, form)


def open_consent(url, user="bob", form="authorize"):
    browser = requests.Session()
    page = follow(browser, browser.get(url, allow_redirects=False, timeout=10))
    if "new_user" in Forms(page.text).forms:
        wrong = submit(
            browser, page, "new_user", **{"user[login]": user, "user[password]": "wrong"}
        )
        equal(wrong.status_code, 422)
        page = follow(
            browser,
            submit(browser, wrong, "new_user", **{"user[login]": user, "user[password]": PASSWORD}),
        )
    if form not in Forms(page.text).forms:
        return page
    return submit(browser, page, form)
