"""Getting ready: the database migrated, the keys made, and who is acting."""

from __future__ import annotations

import sys

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from firstline.access import queries as access
from firstline.access import scope
from firstline.access.scope import Actor
from firstline.core.errors import Refused


def prepare(*, quiet: bool = False) -> None:
    """Bring the database up to date before anything is asked of it; does nothing when it is."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if not quiet:
            print(_("Setting up the database ..."), file=sys.stderr)
        call_command("migrate", verbosity=0, interactive=False)


def who(login: str) -> Actor:
    """The operator, or the account named by --as with its own rights."""
    if not login:
        return scope.OPERATOR
    account = access.account_by_login(login)
    if account is None:
        raise Refused("account.unknown", login=login)
    return scope.for_account(account)
