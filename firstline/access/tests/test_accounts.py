"""Accounts and their printed codes: made, activated, reset and closed by their own office."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import Workbook

from firstline.access import actions, queries
from firstline.access.actions import AccountIn
from firstline.access.models import Account, Activation, Grant
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.models import LogRow
from tests.cast import PASSWORD, World, grant

NEW = "three-quiet-words"


def made(world: World, login: str = "zhou", kind: str = "field") -> Account:
    wanted = AccountIn(login, "周网格", kind, area_id=world.own.area.id)
    return actions.create_account(world.actor("community"), wanted)


def code_for(world: World, account: Account, by: str = "community") -> str:
    return actions.issue_activation(world.actor(by), [account.id])[0].code


def test_a_new_account_cannot_sign_in_yet(world: World) -> None:
    assert not made(world).has_usable_password()


def test_it_refuses_a_login_that_is_taken_or_a_phone_number(world: World) -> None:
    for login, code in (("BAI", "account.login_taken"), ("19200001234", "account.login_bad")):
        with pytest.raises(Refused) as refused:
            made(world, login)
        assert refused.value.code == code


def test_an_office_makes_accounts_for_its_own_places_only(world: World) -> None:
    with pytest.raises(Refused) as refused:
        actions.create_account(world.actor("community"), AccountIn("zhou", area_id=world.foreign.area.id))
    assert refused.value.code == "not_found"
    with pytest.raises(Refused):
        actions.create_account(world.actor("community"), AccountIn("zhou"))


def test_a_printed_code_sets_the_password_once(world: World) -> None:
    account = made(world)
    code = code_for(world, account)
    assert actions.activate(code.lower().replace("-", " "), NEW, address="10.0.0.1").id == account.id
    account.refresh_from_db()
    assert account.check_password(NEW)
    with pytest.raises(Refused) as refused:
        actions.activate(code, NEW, address="10.0.0.1")
    assert refused.value.code == "activation.wrong"


def test_a_code_is_kept_nowhere_in_clear(world: World) -> None:
    code = code_for(world, made(world))
    stored = Activation.objects.get().code_hash
    assert code.replace("-", "") not in stored
    assert code not in str(list(LogRow.objects.values()))


def test_a_newer_sheet_replaces_the_older_one(world: World) -> None:
    account = made(world)
    old, new = code_for(world, account), code_for(world, account)
    with pytest.raises(Refused):
        actions.activate(old, NEW, address="10.0.0.1")
    assert actions.activate(new, NEW, address="10.0.0.1")


def test_a_code_ends_after_a_week(world: World) -> None:
    code = code_for(world, made(world))
    with clock.at(clock.now() + timedelta(days=7, seconds=1)), pytest.raises(Refused):
        actions.activate(code, NEW, address="10.0.0.1")


def test_a_weak_password_does_not_use_the_code_up(world: World) -> None:
    code = code_for(world, made(world))
    with pytest.raises(Refused) as refused:
        actions.activate(code, "short", address="10.0.0.1")
    assert refused.value.code == "account.password_weak"
    assert actions.activate(code, NEW, address="10.0.0.1")


def test_guessing_codes_is_stopped_by_address(world: World) -> None:
    code = code_for(world, made(world))
    for _ in range(20):
        with pytest.raises(Refused):
            actions.activate("AAAA-AAAA-AAAA", NEW, address="10.0.0.9")
    with pytest.raises(Refused) as refused:
        actions.activate(code, NEW, address="10.0.0.9")
    assert (refused.value.code, refused.value.status) == ("activation.too_many", 429)
    assert actions.activate(code, NEW, address="10.0.0.10")


def test_a_reset_takes_the_lost_second_step_away(world: World) -> None:
    hou = world.account("department")
    actions.activate(code_for(world, hou, by="command"), NEW, address="10.0.0.1")
    assert not queries.has_second_factor(hou)


def test_an_office_does_not_reset_those_above_it(world: World) -> None:
    chen = world.account("command")
    chen.area = world.own.area
    chen.save()
    with pytest.raises(Refused) as refused:
        code_for(world, chen)
    assert refused.value.code == "account.above_you"


def test_nor_a_role_it_could_not_give_inside_its_own_branch(world: World) -> None:
    with pytest.raises(Refused) as refused:
        code_for(world, world.account("inspector"))
    assert refused.value.code == "account.above_you"


def test_nor_somebody_who_also_works_for_another_office(world: World) -> None:
    grant(world.account("volunteer"), "community", "area", world.foreign.area.id, world.foreign.area, world.since)
    with pytest.raises(Refused) as refused:
        code_for(world, world.account("volunteer"))
    assert refused.value.code == "account.above_you"


def test_nobody_resets_themselves(world: World) -> None:
    with pytest.raises(Refused) as refused:
        code_for(world, world.account("community"))
    assert refused.value.code == "account.yourself"


def test_a_closed_account_is_signed_out_and_its_code_is_void(world: World) -> None:
    lin = world.client("grid_worker")
    code = code_for(world, world.account("grid_worker"))
    assert lin.get("/me/").status_code == 200
    actions.disable_account(world.actor("community"), world.account("grid_worker").id, reason="离岗")
    assert lin.get("/me/").status_code == 302
    with pytest.raises(Refused):
        actions.activate(code, NEW, address="10.0.0.1")


def test_an_opened_account_works_again(world: World) -> None:
    for change in (actions.disable_account, actions.enable_account):
        change(world.actor("community"), world.account("grid_worker").id)
    assert world.client("grid_worker").get("/me/").status_code == 200


ROWS = [
    {"login": "zhou", "name": "周网格", "role": "grid_worker", "area": "150299001001", "post": "第一网格"},
    {"login": "qian", "name": "钱文员", "role": "community", "area": "150299001001"},
    {"login": "sun", "name": "孙越权", "role": "street", "area": "150299001000"},
    {"login": "gao", "name": "高邻区", "role": "community", "area": "150299001001"},
    {"login": "1", "name": "无"},
]


def test_a_list_gives_a_result_for_every_row(world: World) -> None:
    results = actions.import_accounts(world.actor("community"), ROWS)
    assert [(row.row, row.status, row.why) for row in results] == [
        (1, "created", ""),
        (2, "created", ""),
        (3, "refused", "not_found"),
        (4, "refused", "account.login_taken"),
        (5, "refused", "account.login_bad"),
    ]
    assert not Account.objects.filter(login="sun").exists()


def test_the_same_list_twice_changes_nothing(world: World) -> None:
    actions.import_accounts(world.actor("community"), ROWS[:2])
    before = (Account.objects.count(), Grant.objects.count(), LogRow.objects.count())
    again = actions.import_accounts(world.actor("community"), ROWS[:2])
    assert [row.status for row in again] == ["unchanged", "unchanged"]
    assert (Account.objects.count(), Grant.objects.count(), LogRow.objects.count()) == before


def test_a_workbook_with_chinese_headings_is_read(world: World) -> None:
    book = Workbook()
    book.active.append(["登录名", "姓名", "角色", "区域代码"])
    book.active.append(["zhou", "周文员", "社区", 150299001001])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    report = actions.import_accounts_file(world.actor("command"), file, filename="人员.xlsx")
    assert (report["rows"], report["created"], report["refused"]) == (1, 1, 0)
    assert Grant.objects.filter(account__login="zhou", role="community").exists()


def test_a_row_is_told_by_its_line_in_the_file(world: World) -> None:
    content = "登录名,姓名,角色,区划代码\n\nzhou,周文员,社区,150299009009\nqian,钱文员,皇帝,\n".encode()
    report = actions.import_accounts_file(world.actor("command"), io.BytesIO(content), filename="x.csv")
    assert [(row["row"], row["why"]) for row in report["results"]] == [(3, "area.not_found"), (4, "grant.role_unknown")]


def test_a_small_file_that_claims_to_hold_very_much_is_refused(world: World) -> None:
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as page,
    ):
        for _ in range(101):
            page.write(b" " * 1024**2)
    bomb.seek(0)
    with pytest.raises(Refused, match="too_large"):
        actions.import_accounts_file(world.actor("command"), bomb, filename="x.xlsx")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", "姓名,电话\n".encode()])
def test_a_file_that_is_no_list_is_refused(world: World, content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        actions.import_accounts_file(world.actor("command"), io.BytesIO(content), filename="x.csv")
    assert refused.value.code == "accounts.file_bad"


def test_the_first_administrator_is_made_once(db: None) -> None:
    first = actions.ensure_first_admin("luo")
    assert first
    assert first["activation_code"]
    assert actions.ensure_first_admin("other") is None


def test_the_command_line_makes_an_account_with_a_role(world: World) -> None:
    from firstline.access.scope import OPERATOR

    report = actions.create_with_role(
        OPERATOR, login="wu", role="street", area_code=world.own.street.code, password=NEW
    )
    assert report["role_given"]
    assert Account.objects.get(login="wu").check_password(NEW)


def test_a_sheet_is_scanned_and_a_password_chosen_over_http(world: World) -> None:
    account = made(world)
    sheet = actions.issue_activation(world.actor("community"), [account.id])[0]
    visitor = Client(headers={"accept-language": "en"})
    assert sheet.code in visitor.get(f"/activate/{sheet.code}/").text
    wrong = visitor.post("/activate/", {"code": "AAAA-BBBB-CCCC", "password": NEW, "again": NEW})
    assert (wrong.status_code, "not valid" in wrong.text) == (400, True)
    done = visitor.post("/activate/", {"code": sheet.code, "password": NEW, "again": NEW})
    assert (done.status_code, visitor.get("/me/").status_code) == (302, 200)


def test_the_sheets_are_printed_with_codes_to_scan(world: World) -> None:
    ids = [world.account("grid_worker").id, world.account("building_head").id]
    page = world.client("community").post("/people/accounts/sheets/", {"account": ids}).text
    assert page.count("data:image/svg+xml") == 2
    assert page.count("/activate/") == 2


def test_signing_in_takes_the_password_and_the_second_step(world: World) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    bai = Client(headers={"accept-language": "en"})
    first = bai.post("/accounts/login/", {"login": "bai", "password": PASSWORD})
    assert (first.status_code, first["Location"]) == (302, "/accounts/2fa/authenticate/")
    assert bai.get("/me/").status_code == 302
    digits = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", next(iter(yield_hotp_counters_from_time()))))
    bai.post("/accounts/2fa/authenticate/", {"code": digits})
    assert bai.get("/me/").status_code == 200


def test_wrong_passwords_are_slowed_down(world: World) -> None:
    visitor = Client(headers={"accept-language": "en"})
    for _ in range(5):
        visitor.post("/accounts/login/", {"login": "lin", "password": "wrong-wrong-wrong"})
    right = visitor.post("/accounts/login/", {"login": "lin", "password": PASSWORD})
    assert (right.status_code, "_auth_user_id" in visitor.session) == (200, False)
