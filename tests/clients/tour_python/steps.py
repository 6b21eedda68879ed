"""What every part of the tour uses: the list of steps, the client, and checks."""
import secrets
import sys
import traceback

import gitlab
import requests

URL = sys.argv[1].rstrip("/")
CLIENT_ID = "fairlead-sandbox-application"
CLIENT_SECRET = "gloas-sandbox-secret-0123456789abcdef"
REDIRECT = "http://127.0.0.1:8420/oauth/callback"
PASSWORD = "sandbox-password"
STEPS = []


def step(function):
    STEPS.append(function)
    return function


def run_steps():
    """Runs all, tells of each that failed, ends with the counts; gives the exit status."""
    failed = 0
    if not STEPS:
        print("FAILED there is nothing to run: no client is installed\n0 passed, 1 failed")
        return 1
    for function in STEPS:
        try:
            function()
        except Exception:  # every step is told of, whatever it ends in
            failed += 1
            print(f"FAILED {function.__name__}")
            traceback.print_exc(limit=4, file=sys.stdout)
    print(f"{len(STEPS) - failed} passed, {failed} failed")
    return 1 if failed else 0


def client(token="glpat-sandbox-alice-api", **more):
    return gitlab.Gitlab(URL, private_token=token, **more)


def control(method, path, body=None):
    answer = requests.request(method, URL + "/-/sandbox/" + path, json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def counts(path):
    return next(p for p in control("GET", "state")["projects"] if p["path"] == path)


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def refused(error, status, action, words=""):
    try:
        action()
    except error as found:
        equal(found.response_code, status)
        assert words in str(found.error_message), f"{words!r} is not in {found.error_message!r}"
        return found
    raise AssertionError(f"no {error.__name__}")


def unique(name):
    return f"{name}-{secrets.token_hex(4)}"
