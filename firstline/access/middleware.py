"""Puts the Actor on each request: from the session, or from a bearer token of a program or a phone."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from ninja.utils import check_csrf

from firstline.access import queries, scope, sessions
from firstline.access.models import Account
from firstline.core.errors import Refused

API = "/api/"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
# What an office account without its second step still reaches: setting it up, signing out, the language, residents' pages.
WITHOUT_SECOND_STEP = ("/accounts/", "/activate/", "/static/", "/language/", "/r/", "/second-step/")
Bearer = Callable[[HttpRequest, str], "scope.Actor | None"]
_bearers: dict[str, Bearer] = {}


def register_bearer(prefix: str, resolve: Bearer) -> None:
    """For modules above this one: whose tokens begin like this, and who acts with them."""
    _bearers[prefix] = resolve


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _bearer(request) is not None:
            request.actor = _holder(request)  # type: ignore[attr-defined]
            return self.get_response(request)
        if request.user.is_authenticated and sessions.is_over(request):
            logout(request)
        request.actor = _person(request)  # type: ignore[attr-defined]
        return _stopped(request) or self.get_response(request)


def _bearer(request: HttpRequest) -> str | None:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else None


def _holder(request: HttpRequest) -> scope.Actor | None:
    """A key opens the API and nothing else; beside a key, a session counts for nothing."""
    if not request.path.startswith(API):
        return None
    secret = _bearer(request) or ""
    resolve = next((found for prefix, found in _bearers.items() if secret.startswith(prefix)), _program)
    return resolve(request, secret)


def _program(request: HttpRequest, secret: str) -> scope.Actor | None:
    return queries.holder(secret)


def _person(request: HttpRequest) -> scope.Actor | None:
    return scope.for_account(request.user) if request.user.is_authenticated else None  # type: ignore[arg-type]


def _stopped(request: HttpRequest) -> HttpResponse | None:
    """Why this request goes no further: the second step is missing, or another site sent it."""
    if not request.user.is_authenticated:
        return None
    to_api = request.path.startswith(API)
    if _second_step_missing(request):
        return _refusal("mfa.missing") if to_api else HttpResponseRedirect("/second-step/")
    # Pages are guarded by Django itself; the API leaves that to whoever knows that a cookie signed this request in.
    if to_api and request.method not in SAFE and check_csrf(request) is not None:
        return _refusal("not_allowed")
    return None


def _second_step_missing(request: HttpRequest) -> bool:
    """Office accounts need a second step before they see anything (ASVS level 2)."""
    user = request.user
    if not settings.REQUIRE_MFA or request.path.startswith(WITHOUT_SECOND_STEP):
        return False
    return user.kind == Account.Kind.OFFICE and not queries.has_second_factor(user)  # type: ignore[union-attr,arg-type]


def _refusal(code: str) -> JsonResponse:
    refused = Refused(code, status=403)
    return JsonResponse({"code": refused.code, "message": refused.text, "params": {}}, status=403)
