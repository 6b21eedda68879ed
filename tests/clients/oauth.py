"""OAuth clients from Debian that this project did not write, against the sandbox: requests-oauthlib
(python3-requests-oauthlib) and Authlib (python3-authlib). The steps are in oauth_python/; a client
that is not installed is left out and named.

usage: oauth.py URL     prints "N passed, N failed"; exit status 1 if anything failed
"""
import importlib
import os
import sys

# Both refuse plain HTTP otherwise; the sandbox listens on the loopback address only.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from tour_python.steps import run_steps  # noqa: E402

CLIENTS = {"requests_oauthlib": "oauth_python.oauthlib", "authlib": "oauth_python.authlib"}


def main():
    for client, steps in CLIENTS.items():
        try:
            print(f"{client} {importlib.import_module(client).__version__}")
        except ModuleNotFoundError:
            print(f"{client} is not installed: its steps are left out")
            continue
        importlib.import_module(steps)
    return run_steps()


if __name__ == "__main__":
    sys.exit(main())
