"""What every test stands on: a throw-away home, a file database (threads and processes share it), and a real browser."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest
from django.conf import settings
from django.core.cache import cache

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

KEPT = {"FIRSTLINE_DATABASE_URL", "FIRSTLINE_TEST_REQUIRE", "FIRSTLINE_TEST_RACES"}
SHARED_MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3


def folder_for_tests() -> Path:
    """In memory where there is room: the database is kept durable, and a test has no use for that."""
    roomy = SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free > ENOUGH
    return Path(tempfile.mkdtemp(prefix="firstline-test-", dir=SHARED_MEMORY if roomy else None))


# Before Django reads its settings: a test must never touch the data of the installation it runs in.
if settings.configured:
    raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: the tests choose their own home before settings are read")
for name in [name for name in os.environ if name.startswith("FIRSTLINE_") and name not in KEPT]:
    del os.environ[name]
TEST_HOME = folder_for_tests()
atexit.register(shutil.rmtree, TEST_HOME, ignore_errors=True)
(TEST_HOME / "static").mkdir()  # whitenoise warns of a folder that is not there
os.environ["FIRSTLINE_HOME"] = str(TEST_HOME)
os.environ["FIRSTLINE_WORKER_IN_PROCESS"] = "0"
os.environ["DJANGO_SETTINGS_MODULE"] = "firstline.config.settings"
django.setup()  # so that a folder's conftest.py may import tables at its top
del os.environ["DJANGO_SETTINGS_MODULE"]  # a parallel worker that inherited it would read its settings before this file


def pytest_configure(config: pytest.Config) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A race is run once here, and as often as FIRSTLINE_TEST_RACES says where there is time to lose it."""
    times = int(os.environ.get("FIRSTLINE_TEST_RACES", "1"))
    if times > 1 and metafunc.definition.get_closest_marker("race"):
        metafunc.fixturenames.append("race_number")
        metafunc.parametrize("race_number", range(times))


def missing(what: str, why: str) -> None:
    """Absence is a skip on a developer's machine and a failure where FIRSTLINE_TEST_REQUIRE names it."""
    if what in os.environ.get("FIRSTLINE_TEST_REQUIRE", "").split(","):
        pytest.fail(f"FIRSTLINE_TEST_REQUIRE asks for {what}: {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    from django.db import connections

    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite"):
        database["TEST"]["NAME"] = str(TEST_HOME / "test.sqlite3")


@pytest.fixture(autouse=True)
def nobody_is_throttled() -> Iterator[None]:
    """Wrong codes and passwords are counted in a cache that outlives a test."""
    yield
    cache.clear()


@pytest.fixture
def home() -> Iterator[Path]:
    """This installation's folder (settings.HOME); uploads, backups and exports are gone after the test."""
    yield TEST_HOME
    for name in ("uploads", "backups", "exports"):
        shutil.rmtree(TEST_HOME / name, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from tools.chromium import FLAGS, chromium

    executable = chromium()
    if not executable:
        missing("browser", "no Chromium found in PATH or CHROMIUM")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; the database calls of a test are still plain and synchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page_errors() -> list[str]:
    """What the page complained about. A test that means to provoke a complaint clears the list."""
    return []


@pytest.fixture
def page(browser: Browser, live_server: Any, page_errors: list[str]) -> Iterator[Page]:
    """A laptop's window on the live server, in Chinese; any script error or refused resource fails the test."""
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", viewport={"width": 1366, "height": 768}, reduced_motion="reduce"
    )
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    opened.on("pageerror", lambda error: page_errors.append(str(error)))
    opened.on("console", lambda line: page_errors.append(line.text) if line.type == "error" else None)
    yield opened
    context.close()
    assert page_errors == []


@pytest.fixture
def sign_in(page: Page, live_server: Any) -> Callable[[Any], Page]:
    """sign_in(account) gives the page of somebody who has already passed the login."""
    from django.test import Client

    def as_account(account: Any) -> Page:
        client = Client()
        client.force_login(account)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        return page

    return as_account
