"""requests-oauthlib: code flow, its own refresh of an expired token, refusals as its exceptions."""
import secrets

import oauthlib.oauth2
import requests_oauthlib

from tour_python.browser import open_consent
from tour_python.steps import URL, control, equal, step

# GitLab lets a redirect URI have a query; what comes back is added to it.
REDIRECT = "http://127.0.0.1:9/callback?tenant=north"


def application(**more):
    made = {
        "uid": "app-" + secrets.token_hex(6),
        "secret": "gloas-a+b/c=d%e:f " + secrets.token_hex(6),
        "redirectUris": [REDIRECT],
        **more,
    }
    control("POST", "applications", made)
    return made


def signed_in(made, scope=("api",), **more):
    session = requests_oauthlib.OAuth2Session(
        made["uid"], redirect_uri=REDIRECT, scope=list(scope), **more
    )
    url, _ = session.authorization_url(URL + "/oauth/authorize")
    back = open_consent(url).headers["Location"]
    session.fetch_token(
        URL + "/oauth/token", authorization_response=back, client_secret=made["secret"]
    )
    return session


def refused(error, action):
    try:
        action()
    except error as found:
        return found
    raise AssertionError(f"no {error.__name__}")


def refresh_of(session, made, token):
    return session.refresh_token(
        URL + "/oauth/token",
        refresh_token=token,
        client_id=made["uid"],
        client_secret=made["secret"],
    )


@step
def oauthlib_code_flow_and_rotation():
    made = application()
    session = signed_in(made)
    equal(session.get(URL + "/api/v4/user", timeout=10).json()["username"], "bob")
    first = dict(session.token)
    second = dict(refresh_of(session, made, first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]
    refused(
        oauthlib.oauth2.InvalidGrantError,
        lambda: refresh_of(session, made, first["refresh_token"]),
    )
    equal(session.get(URL + "/api/v4/user", timeout=10).status_code, 200)


@step
def oauthlib_refreshes_by_itself_when_the_token_has_expired():
    made = application()
    kept = []
    session = signed_in(
        made,
        auto_refresh_url=URL + "/oauth/token",
        auto_refresh_kwargs={"client_id": made["uid"], "client_secret": made["secret"]},
        token_updater=kept.append,
    )
    control("POST", "clock", {"advanceMs": 7_201_000})
    before = session.token["access_token"]
    stale = session.get(URL + "/api/v4/user", timeout=10)
    equal((stale.status_code, stale.json()["error"]), (401, "invalid_token"))
    assert "expired" in stale.json()["error_description"]
    session.token = {**session.token, "expires_at": 1}  # its clock, like the sandbox's
    equal(session.get(URL + "/api/v4/user", timeout=10).status_code, 200)
    equal(len(kept), 1)
    assert kept[0]["access_token"] != before


@step
def oauthlib_is_told_of_fewer_scopes():
    made = application(scopes=["read_user"])
    session = requests_oauthlib.OAuth2Session(
        made["uid"], redirect_uri=REDIRECT, scope=["read_user", "api"]
    )
    url, _ = session.authorization_url(URL + "/oauth/authorize")
    back = open_consent(url).headers["Location"]
    refused(
        oauthlib.oauth2.InvalidScopeError,
        lambda: session.fetch_token(
            URL + "/oauth/token", authorization_response=back, client_secret=made["secret"]
        ),
    )


@step
def oauthlib_refusals():
    made = application()
    refused(
        oauthlib.oauth2.InvalidClientError, lambda: signed_in({**made, "secret": "not the secret"})
    )
    session = requests_oauthlib.OAuth2Session(made["uid"], redirect_uri=REDIRECT, scope=["api"])
    url, _ = session.authorization_url(URL + "/oauth/authorize")
    back = open_consent(url, form="deny").headers["Location"]
    refused(
        oauthlib.oauth2.AccessDeniedError,
        lambda: session.fetch_token(URL + "/oauth/token", authorization_response=back),
    )
    refused(
        oauthlib.oauth2.MismatchingStateError,
        lambda: session.fetch_token(
            URL + "/oauth/token", authorization_response=REDIRECT + "&code=x&state=of-another"
        ),
    )
