"""The phone app's page and files, as a browser gets them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from firstline.sync.serving import BUILT

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def test_the_page_may_run_the_form_engine_and_no_inline_script() -> None:
    page = Client().get("/phone/")
    assert page.status_code == 200
    scripts = re.search(r"script-src ([^;]+)", page["Content-Security-Policy"])
    assert scripts and scripts.group(1).split() == ["'self'", "'wasm-unsafe-eval'"]
    assert page["X-Frame-Options"] == "DENY"
    assert page["Cache-Control"] == "no-cache"


def test_no_other_page_may_run_it() -> None:
    assert "wasm" not in Client().get("/accounts/login/")["Content-Security-Policy"]


def test_its_parts_are_kept_for_good_and_its_worker_is_asked_for_anew() -> None:
    [script] = BUILT.glob("phone/assets/index-*.js")
    assert "immutable" in Client().get(f"/phone/assets/{script.name}")["Cache-Control"]
    worker = Client().get("/phone/sw.js")
    assert worker["Cache-Control"] == "no-cache"
    assert worker["Content-Type"].startswith("text/javascript")


def test_an_address_without_its_slash_leads_there() -> None:
    answer = Client().get("/phone")
    assert (answer.status_code, answer["Location"]) == (302, "phone/")


def test_it_can_be_installed() -> None:
    manifest = Client().get("/phone/manifest.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    named = re.findall(r'"src": "([^"]+)"', b"".join(manifest.streaming_content).decode())  # type: ignore[attr-defined]
    assert [name for name in named if Client().get(name).status_code != 200] == []
