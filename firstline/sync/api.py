"""The phone's way in and its way to fetch. What it sends comes through api_push.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.access.doors import actor_of, needs, public
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.rounds import queries as rounds
from firstline.sync import sealing, sign_in, versions
from firstline.sync.devices import from_phone, known_device, why_closed
from firstline.sync.lean import moment
from firstline.sync.pull import Contact, pull
from firstline.sync.squeeze import answer, squeezed
from firstline.sync.wire import Activate, Closed, PullIn, PullOut, SignedIn, SignIn, TooOld

router = Router(tags=["phone"])


@router.post("/phone/sign-in", response=SignedIn, summary="Sign a phone in")
@public("nobody is signed in yet; slowed down as the log-in page is")
def sign_in_(request: HttpRequest, body: SignIn) -> dict[str, Any]:
    """Gives the token that the phone keeps from then on, as `Authorization: Bearer`.

    401 `phone.sign_in_wrong`; 401 `phone.code_needed` where the second step is missing or wrong; 403
    `phone.account_closed`; 409 `phone.device_taken`: the phone makes a new `device_id`; 429 `phone.too_many`.
    """
    phone = sign_in.Phone(body.device_id, body.label, body.platform, body.app_version)
    return _signed_in(*sign_in.sign_in(request, phone, login=body.login, password=body.password, code=body.code))


@router.post("/phone/activate", response=SignedIn, summary="Set the first password with a printed code")
@public("somebody with a printed code has no password yet; wrong codes are counted")
def activate(request: HttpRequest, body: Activate) -> dict[str, Any]:
    """As sign-in, for somebody whose office gave them a printed one-time code."""
    phone = sign_in.Phone(body.device_id, body.label, body.platform, body.app_version)
    address = get_adapter().get_client_ip(request)
    return _signed_in(*sign_in.activate(phone, code=body.code, password=body.password, address=address))


def _signed_in(device: Any, token: str) -> dict[str, Any]:
    account = device.account
    return {
        "token": token,
        "device_id": device.id,
        "account": {
            "id": str(account.id),
            "login": account.login,
            "name": account.name,
            "language": account.language,
        },
        "sealing_key": sealing.current_key().as_json(),
        "server_time": moment(clock.now()),
        "oldest_version": versions.oldest(),
    }


@router.post("/phone/sign-out", response={204: None}, summary="Sign this phone out")
@from_phone("one's own phone")
def sign_out(request: HttpRequest) -> HttpResponse:
    """The token stops working. What was not sent stays sealed on the phone."""
    sign_in.sign_out(known_device(request))
    return HttpResponse(status=204)


@router.post("/phone/pull", response={200: PullOut, 403: Closed, 426: TooOld}, summary="What changed since the cursor")
@from_phone("the doors of one's own posts, as the masks of the gate allow")
def pull_(request: HttpRequest, body: PullIn) -> HttpResponse:
    """At most 500 doors at once; with the same cursor again, the same again. Compressed as Accept-Encoding allows.

    403 with `wipe: true`: the phone was revoked or its account closed; 426: this version of the app is too old.
    """
    device = known_device(request)
    if why := why_closed(device):
        sign_in.wiped(device)
        return _refused(request, Refused(why), wipe=True)
    if versions.is_too_old(body.app_version):
        oldest = versions.oldest()
        return _refused(request, Refused("phone.too_old", oldest_version=oldest), oldest_version=oldest)
    return answer(request, pull(actor_of(request), device, body.cursor, _contact(body)))


@router.get("/phone/forms/{id}", summary="A questionnaire as an XForm")
@needs("visit.record")
def form(request: HttpRequest, id: UUID) -> HttpResponse:
    """The XForm that pyxform made, whole and for good: another version has another id. Withdrawn ones too, for drafts."""
    found = rounds.form(actor_of(request).may("visit.record"), id)
    return squeezed(request, found.xform.encode(), kind="application/xml; charset=utf-8")


def _contact(body: PullIn) -> Contact:
    storage = body.storage
    return Contact(
        app_version=body.app_version,
        device_now=body.device_now,
        waiting=body.waiting,
        oldest_waiting=body.oldest_waiting,
        used=storage.used if storage else None,
        quota=storage.quota if storage else None,
        persisted=storage.persisted if storage else None,
        evicted=body.evicted,
    )


def _refused(request: HttpRequest, error: Refused, **more: Any) -> HttpResponse:
    said = {"code": error.code, "message": error.text, "params": error.params}
    return answer(request, said | more, status=error.status)
