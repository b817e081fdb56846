"""Verbs that write, by noun. Who acts comes first; each is one transaction and one row of the action log."""

from firstline.access.actions.accounts import (
    AccountIn,
    create_account,
    disable_account,
    edit_account,
    edit_own,
    enable_account,
)
from firstline.access.actions.activation import Sheet, activate, issue_activation
from firstline.access.actions.bulk import import_accounts, import_accounts_file
from firstline.access.actions.glass import break_glass, return_glass, review_glass
from firstline.access.actions.grants import GrantIn, close_grants, end_grant, give_grant, open_grants
from firstline.access.actions.organisations import (
    OrganisationIn,
    create_organisation,
    edit_organisation,
    remove_organisation,
)
from firstline.access.actions.reveals import approve_reveal, decline_reveal, reveal, review_reveal
from firstline.access.actions.setup import create_with_role, ensure_first_admin
from firstline.access.actions.tokens import make_token, make_token_for, revoke_token

__all__ = [
    "AccountIn",
    "GrantIn",
    "OrganisationIn",
    "Sheet",
    "activate",
    "approve_reveal",
    "break_glass",
    "close_grants",
    "create_account",
    "create_organisation",
    "create_with_role",
    "decline_reveal",
    "disable_account",
    "edit_account",
    "edit_organisation",
    "edit_own",
    "enable_account",
    "end_grant",
    "ensure_first_admin",
    "give_grant",
    "import_accounts",
    "import_accounts_file",
    "issue_activation",
    "make_token",
    "make_token_for",
    "open_grants",
    "remove_organisation",
    "return_glass",
    "reveal",
    "review_glass",
    "review_reveal",
    "revoke_token",
]
