"""OAuth 2.0 and OpenID Connect, with the consent pages filled in as a browser would."""
import base64
import hashlib
import json
import secrets
import urllib.parse

import gitlab
import requests

from tour_python.browser import consent, follow, submit
from tour_python.steps import (
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    REDIRECT,
    URL,
    equal,
    refused,
    step,
)


def authorize_query(**more):
    return {
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "state": "s t&1",
        "scope": "api",
        **more,
    }


def code_of(answer):
    equal(answer.status_code, 302)
    assert answer.headers["Location"].startswith(REDIRECT + "?"), answer.headers["Location"]
    got = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)
    equal(got["state"], ["s t&1"])
    return got


def token(**fields):
    return requests.post(
        URL + "/oauth/token",
        data={"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **fields},
        timeout=10,
    )


@step
def code_flow_with_pkce_and_rotation():
    verifier = secrets.token_urlsafe(48)
    challenge = (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    )
    query = authorize_query(code_challenge=challenge, code_challenge_method="S256")
    code = code_of(consent(query))["code"][0]
    wrong = token(
        grant_type="authorization_code",
        code=code,
        redirect_uri=REDIRECT,
        code_verifier="wrong" * 10,
    )
    equal((wrong.status_code, wrong.json()["error"]), (400, "invalid_grant"))
    assert (
        'realm="Doorkeeper"' in wrong.headers["WWW-Authenticate"]
        and "no-store" in wrong.headers["Cache-Control"]
    )
    got = token(
        grant_type="authorization_code", code=code, redirect_uri=REDIRECT, code_verifier=verifier
    )
    equal(got.status_code, 200)
    pair = got.json()
    equal((pair["token_type"], pair["expires_in"], pair["scope"]), ("Bearer", 7200, "api"))
    again = token(
        grant_type="authorization_code", code=code, redirect_uri=REDIRECT, code_verifier=verifier
    )
    equal((again.status_code, again.json()["error"]), (400, "invalid_grant"))
    gl = gitlab.Gitlab(URL, oauth_token=pair["access_token"])
    gl.auth()
    equal(gl.user.username, "bob")
    fresh = token(
        grant_type="refresh_token", refresh_token=pair["refresh_token"], redirect_uri=REDIRECT
    ).json()
    assert (
        fresh["access_token"] != pair["access_token"]
        and fresh["refresh_token"] != pair["refresh_token"]
    )
    said = refused(gitlab.GitlabAuthenticationError, 401, gl.auth)
    assert b"Token was revoked. You have to re-authorize from the user." in said.response_body
    equal(
        token(grant_type="refresh_token", refresh_token=pair["refresh_token"]).json()["error"],
        "invalid_grant",
    )
    info = requests.get(
        URL + "/oauth/token/info",
        headers={"Authorization": "Bearer " + fresh["access_token"]},
        timeout=10,
    ).json()
    equal(
        (info["resource_owner_id"], info["scope"], info["application"]["uid"]),
        (3, ["api"], CLIENT_ID),
    )
    form = {"token": fresh["access_token"], "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    assert requests.post(URL + "/oauth/introspect", data=form, timeout=10).json()["active"]
    equal(requests.post(URL + "/oauth/revoke", data=form, timeout=10).json(), {})
    equal(requests.post(URL + "/oauth/introspect", data=form, timeout=10).json(), {"active": False})
    equal(
        requests.post(
            URL + "/oauth/revoke", data={**form, "client_secret": "no"}, timeout=10
        ).status_code,
        403,
    )


@step
def authorize_refusals():
    denied = code_of(consent(authorize_query(), form="deny"))
    equal(denied["error"], ["access_denied"])
    elsewhere = consent(authorize_query(redirect_uri=REDIRECT + "/x"))
    equal((elsewhere.status_code, "Location" in elsewhere.headers), (400, False))
    equal(consent(authorize_query(client_id="nobody")).status_code, 400)
    equal(code_of(consent(authorize_query(scope="api sudo")))["error"], ["invalid_scope"])
    basic = requests.post(
        URL + "/oauth/token",
        data={"grant_type": "refresh_token", "refresh_token": "x"},
        auth=(CLIENT_ID, "wrong"),
        timeout=10,
    )
    equal((basic.status_code, basic.json()["error"]), (401, "invalid_client"))
    equal(
        token(grant_type="password", username="bob", password=PASSWORD).json()["error"],
        "unsupported_grant_type",
    )


@step
def device_flow():
    got = requests.post(
        URL + "/oauth/authorize_device",
        data={"client_id": CLIENT_ID, "scope": "read_api"},
        timeout=10,
    ).json()
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": got["device_code"],
    }
    equal(token(**grant).json()["error"], "authorization_pending")
    browser = requests.Session()
    page = follow(
        browser, browser.get(got["verification_uri_complete"], allow_redirects=False, timeout=10)
    )
    page = follow(
        browser,
        submit(browser, page, "new_user", **{"user[login]": "alice", "user[password]": PASSWORD}),
    )
    equal(submit(browser, page, "device", commit="Authorize").status_code, 200)
    equal(token(**grant).json()["scope"], "read_api")


@step
def openid():
    document = requests.get(URL + "/.well-known/openid-configuration", timeout=10).json()
    equal((document["issuer"], document["token_endpoint"]), (URL, URL + "/oauth/token"))
    code = code_of(consent(authorize_query(scope="openid email", nonce="n1")))["code"][0]
    pair = token(grant_type="authorization_code", code=code, redirect_uri=REDIRECT).json()
    parts = [base64.urlsafe_b64decode(part + "==") for part in pair["id_token"].split(".")]
    claims = json.loads(parts[1])
    equal(
        (claims["iss"], claims["aud"], claims["nonce"], claims["preferred_username"]),
        (URL, CLIENT_ID, "n1", "bob"),
    )
    key = requests.get(document["jwks_uri"], timeout=10).json()["keys"][0]
    number = lambda text: int.from_bytes(base64.urlsafe_b64decode(text + "=="), "big")
    signed = pow(int.from_bytes(parts[2], "big"), number(key["e"]), number(key["n"])).to_bytes(
        len(parts[2]), "big"
    )
    assert signed.endswith(hashlib.sha256(pair["id_token"].rsplit(".", 1)[0].encode()).digest())
    who = requests.get(
        document["userinfo_endpoint"],
        headers={"Authorization": "Bearer " + pair["access_token"]},
        timeout=10,
    )
    equal(who.json()["email"], "bob@example.com")
