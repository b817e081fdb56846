"""Keys for programs: shown once, narrow, and dead when revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from firstline.access import actions, queries
from firstline.access.models import Grant, Token
from firstline.core import clock
from firstline.core.errors import Refused
from tests.cast import World


def key(world: World, *verbs: str, days: int = 30) -> tuple[Token, str]:
    account = world.account("grid_worker")
    return actions.make_token(world.actor("community"), account.id, label="ODK", verbs=verbs, days=days)


def me(secret: str) -> tuple[int, list[str]]:
    answer = Client().get("/api/v1/me", headers={"authorization": f"Bearer {secret}"})
    return answer.status_code, answer.json().get("verbs", [])


def test_a_key_does_what_it_declares_and_no_more(world: World) -> None:
    assert me(key(world, "door.read", "visit.record")[1]) == (200, ["door.read", "visit.record"])


def test_only_its_hash_is_kept(world: World) -> None:
    token, secret = key(world, "door.read")
    assert secret not in (token.token_hash, token.label)
    assert queries.token(secret) == token


def test_it_refuses_verbs_its_account_does_not_have(world: World) -> None:
    with pytest.raises(Refused) as refused:
        key(world, "door.read", "backup.make", "door.fly")
    assert (refused.value.code, refused.value.params) == ("token.verbs", {"verbs": "backup.make, door.fly"})
    with pytest.raises(Refused):
        key(world)


def test_a_program_does_nothing_that_needs_somebodys_own_reason(world: World) -> None:
    with pytest.raises(Refused) as refused:
        actions.make_token(world.actor("command"), world.account("street").id, label="x", verbs=["glass.break"])
    assert refused.value.code == "token.verbs"


def test_a_key_never_outgrows_its_account(world: World) -> None:
    token, secret = key(world, "door.read")
    Grant.objects.filter(account=token.account).update(valid_to=clock.now())
    assert me(secret) == (200, [])


def test_a_revoked_key_is_nobody(world: World) -> None:
    token, secret = key(world, "door.read")
    actions.revoke_token(world.actor("community"), token.id)
    assert me(secret)[0] == 401


def test_a_key_ends_on_its_day(world: World) -> None:
    _token, secret = key(world, "door.read", days=1)
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert queries.token(secret) is None


def test_a_key_of_a_closed_account_is_nobody(world: World) -> None:
    _token, secret = key(world, "door.read")
    actions.disable_account(world.actor("community"), world.account("grid_worker").id)
    assert me(secret)[0] == 401


def test_a_key_opens_the_api_and_no_page(world: World) -> None:
    _token, secret = key(world, "door.read")
    assert Client().get("/me/", headers={"authorization": f"Bearer {secret}"}).status_code == 302


def test_beside_a_wrong_key_a_session_counts_for_nothing(world: World) -> None:
    answer = world.client("community").get("/api/v1/me", headers={"authorization": "Bearer wrong"})
    assert answer.status_code == 401


def test_another_office_cannot_revoke_it(world: World) -> None:
    token, _secret = key(world, "door.read")
    with pytest.raises(Refused) as refused:
        actions.revoke_token(world.actor("outsider"), token.id)
    assert refused.value.code == "not_found"


def test_the_secret_is_shown_on_one_page_only(world: World) -> None:
    bai, lin = world.client("community"), world.account("grid_worker")
    form = {"label": "ODK", "verbs": ["door.read"], "days": 30}
    assert "fl_" in bai.post(f"/people/accounts/{lin.id}/keys/", form).text
    assert "fl_" not in bai.get(f"/people/accounts/{lin.id}/").text
