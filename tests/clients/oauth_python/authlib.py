"""Authlib: OpenID discovery, code flow with PKCE, ID token checked with GitLab's published key,
refresh, introspection, revocation, and the device grant's token request."""
import secrets

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata

from oauth_python.oauthlib import REDIRECT, application, refused
from tour_python.browser import follow, open_consent, submit
from tour_python.steps import PASSWORD, URL, equal, step

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def metadata():
    document = OpenIDProviderMetadata(
        requests.get(URL + "/.well-known/openid-configuration", timeout=10).json()
    )
    for check in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"):
        assert document.get(check, "").startswith(URL), check
    document.validate_response_types_supported()
    document.validate_subject_types_supported()
    document.validate_id_token_signing_alg_values_supported()
    return document


def client_of(made, way="client_secret_basic", scope="openid profile email api"):
    return OAuth2Session(
        made["uid"],
        made["secret"],
        token_endpoint_auth_method=way,
        scope=scope,
        redirect_uri=REDIRECT,
        code_challenge_method="S256",
    )


def sign_in(client, document, **more):
    verifier = generate_token(48)
    url, state = client.create_authorization_url(
        document["authorization_endpoint"], code_verifier=verifier, **more
    )
    back = open_consent(url).headers["Location"]
    return client.fetch_token(
        document["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier
    )


@step
def authlib_openid_connect():
    document = metadata()
    for way in ("client_secret_basic", "client_secret_post"):
        made = application()
        nonce = secrets.token_hex(8)
        client = client_of(made, way)
        got = sign_in(client, document, nonce=nonce)
        keys = JsonWebKey.import_key_set(requests.get(document["jwks_uri"], timeout=10).json())
        claims = jwt.decode(
            got["id_token"],
            keys,
            claims_cls=CodeIDToken,
            claims_options={
                "iss": {"essential": True, "value": document["issuer"]},
                "aud": {"essential": True, "value": made["uid"]},
            },
            claims_params={"nonce": nonce, "access_token": got["access_token"]},
        )
        claims.validate(leeway=5)
        equal(claims["preferred_username"], "bob")
        equal(client.get(document["userinfo_endpoint"], timeout=10).json()["sub"], claims["sub"])


@step
def authlib_refresh_introspect_revoke():
    document = metadata()
    made = application()
    client = client_of(made, scope="api")
    first = dict(sign_in(client, document))
    client.refresh_token(document["token_endpoint"], refresh_token=first["refresh_token"])
    equal(client.get(URL + "/api/v4/user", timeout=10).json()["username"], "bob")
    said = refused(
        OAuthError,
        lambda: client.refresh_token(
            document["token_endpoint"], refresh_token=first["refresh_token"]
        ),
    )
    equal(said.error, "invalid_grant")
    now = client.token["access_token"]
    seen = client.introspect_token(document["introspection_endpoint"], token=now).json()
    equal((seen["active"], seen["client_id"]), (True, made["uid"]))
    equal(client.revoke_token(document["revocation_endpoint"], token=now).status_code, 200)
    equal(client.get(URL + "/api/v4/user", timeout=10).status_code, 401)


@step
def authlib_wrong_verifier():
    document = metadata()
    client = client_of(application(), scope="api")
    url, state = client.create_authorization_url(
        document["authorization_endpoint"], code_verifier=generate_token(48)
    )
    back = open_consent(url).headers["Location"]
    said = refused(
        OAuthError,
        lambda: client.fetch_token(
            document["token_endpoint"],
            authorization_response=back,
            state=state,
            code_verifier=generate_token(48),
        ),
    )
    equal(said.error, "invalid_grant")


@step
def authlib_device_grant():
    made = application()
    asked = requests.post(
        URL + "/oauth/authorize_device",
        data={"client_id": made["uid"], "scope": "read_user"},
        timeout=10,
    ).json()
    client = client_of(made, scope="read_user")
    ask = lambda: client.fetch_token(
        URL + "/oauth/token", grant_type=DEVICE, device_code=asked["device_code"]
    )
    equal(refused(OAuthError, ask).error, "authorization_pending")
    browser = requests.Session()
    page = follow(
        browser, browser.get(asked["verification_uri_complete"], allow_redirects=False, timeout=10)
    )
    login = {"user[login]": "alice", "user[password]": PASSWORD}
    page = follow(browser, submit(browser, page, "new_user", **login))
    equal(submit(browser, page, "device", commit="Authorize").status_code, 200)
    equal(ask()["scope"], "read_user")
    equal(client.get(URL + "/api/v4/user", timeout=10).json()["username"], "alice")
