"""Reads about accounts, grants, tokens, reveals and the action log. Scope first where a place decides."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from firstline.access import branches
from firstline.access.models import Account, Grant, Organisation, Reveal, Role, Token
from firstline.access.scope import Actor, Scope, ask_for_token
from firstline.areas.models import Area
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.models import LogHead, LogRow
from firstline.core.prepared import Read, together


def live(moment: datetime) -> Q:
    """Grants good at that moment."""
    return Q(valid_from__lte=moment) & not_over(moment)


def not_over(moment: datetime) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=moment)


def accounts(scope: Scope, *, text: str = "", kind: str = "", role: str = "", state: str = "") -> QuerySet[Account]:
    """Accounts kept by offices inside the scope, by login name."""
    rows = Account.objects.select_related("area", "organisation").filter(_kept_in(scope))
    if text:
        rows = rows.filter(Q(login__icontains=text.strip()) | Q(name__icontains=text.strip()))
    if kind:
        rows = rows.filter(kind=kind)
    if role:
        rows = rows.filter(id__in=Grant.objects.filter(live(clock.now()), role=role).values("account_id"))
    if state == "disabled":
        rows = rows.filter(is_active=False)
    if state == "waiting":
        rows = rows.filter(is_active=True, last_login__isnull=True).exclude(kind=Account.Kind.PROGRAM)
    return rows.order_by("login")


def _kept_in(scope: Scope) -> Q:
    """Without an office, an account belongs to the whole zone."""
    kept = branches.within(scope.area_paths, "area__path")
    return kept | Q(area__isnull=True) if scope.covers("") else kept


def account(scope: Scope, account_id: UUID, *, taken: str = "") -> Account:
    """One account of the scope. `taken`: when its login name was asked for, say that instead of "not found"."""
    found = accounts(scope).filter(id=account_id).first()
    if found is None:
        raise Refused("account.login_taken", login=taken) if taken else Refused("not_found", status=404)
    return found


def account_by_login(login: str) -> Account | None:
    return Account.objects.filter(login=login.strip().lower()).first()


@dataclass(frozen=True, slots=True)
class GrantView:
    """One role of one account, with the name of the place it is for. `place` is the path of the area it lies in."""

    id: UUID
    account_id: UUID
    role: str
    role_label: str
    branch: str
    branch_id: UUID
    branch_label: str
    label: str
    place: str
    valid_from: datetime
    valid_to: datetime | None
    source: str
    reason: str
    live: bool

    @property
    def by_hand(self) -> bool:
        return self.source in ("given", "break_glass")

    @property
    def with_post(self) -> bool:
        return self.branch == "post" or self.source == "holding"


def grants_of(account_ids: Iterable[UUID], *, past: bool = True) -> dict[UUID, list[GrantView]]:
    """Grants of these accounts, the newest first, whatever their number in three queries."""
    now = clock.now()
    rows = Grant.objects.filter(account_id__in=list(account_ids)).select_related("area").order_by("-valid_from", "id")
    shown = list(rows if past else rows.filter(live(now)))
    names = _names(shown)
    found: dict[UUID, list[GrantView]] = defaultdict(list)
    for row in shown:
        found[row.account_id].append(_view(row, names, now))
    return found


def live_grants(account_ids: Iterable[UUID]) -> dict[UUID, list[GrantView]]:
    return grants_of(account_ids, past=False)


def named_once(found: Iterable[GrantView]) -> list[GrantView]:
    """One role in one place once, however often it was given: by hand and with a post. The one that lasts longest stays."""
    ordered = sorted(found, key=lambda one: (one.with_post, one.valid_to is not None))
    return list({(one.role, one.branch == "zone", one.label): one for one in reversed(ordered)}.values())[::-1]


def _names(rows: Iterable[Grant]) -> dict[UUID, tuple[str, str]]:
    """(name, area path) of areas and organisations; other branches are named by the area they lie in."""
    ids = {row.branch: [one.branch_id for one in rows if one.branch == row.branch] for row in rows}
    areas = Area.objects.filter(id__in=ids.get("area", [])).values_list("id", "name", "path") if "area" in ids else []
    found = {key: (name, path) for key, name, path in areas}
    for branch in ids.keys() - {"area", "zone"}:
        found |= {key: (place.label, place.path) for key in set(ids[branch]) if (place := branches.find(branch, key))}
    return found


def _view(row: Grant, names: dict[UUID, tuple[str, str]], now: datetime) -> GrantView:
    label, path = names.get(row.branch_id, ("", ""))
    place = row.area.path if row.area else path
    return GrantView(
        id=row.id, account_id=row.account_id, role=row.role, role_label=str(row.get_role_display()),
        branch=row.branch, branch_id=row.branch_id, branch_label=str(row.get_branch_display()),
        label=label or (row.area.name if row.area else ""), place=place, valid_from=row.valid_from,
        valid_to=row.valid_to, source=row.source, reason=row.reason,
        live=row.valid_from <= now and (row.valid_to is None or row.valid_to > now),
    )  # fmt: skip


def grant(scope: Scope, grant_id: UUID) -> Grant:
    """A grant of an account of the scope, that lies in the scope itself."""
    row = Grant.objects.select_related("area", "account").filter(id=grant_id).first()
    if row is None or not scope.covers(place_of(row)) or not accounts(scope).filter(id=row.account_id).exists():
        raise Refused("not_found", status=404)
    return row


def place_of(row: Grant) -> str:
    """The path of the area a grant lies in; the whole zone is the empty path."""
    if row.area:
        return row.area.path
    place = branches.find(row.branch, row.branch_id)
    return place.path if place else ""


def grants_on(branch: str, branch_id: UUID) -> int:
    return Grant.objects.filter(not_over(clock.now()), branch=branch, branch_id=branch_id).count()


def broken_glass(grant_id: UUID) -> Grant:
    row = Grant.objects.filter(id=grant_id, source="break_glass").first()
    if row is None:
        raise Refused("not_found", status=404)
    return row


def glass(*, account_id: UUID | None = None) -> QuerySet[Grant]:
    """Wider access that somebody took, the newest first; one's own with `account_id`."""
    rows = Grant.objects.select_related("account", "area").filter(source="break_glass").order_by("-valid_from")
    return rows.filter(account_id=account_id) if account_id else rows


def organisation(scope: Scope, organisation_id: UUID) -> Organisation:
    row = organisations(scope).filter(id=organisation_id).first()
    if row is None:
        raise Refused("not_found", status=404)
    return row


def organisations(scope: Scope) -> QuerySet[Organisation]:
    inside = branches.within(scope.area_paths, "area__path")
    whole = Q(area__isnull=True) if scope.covers("") else Q(pk__in=[])
    return Organisation.objects.select_related("area", "parent").filter(inside | whole).order_by("name")


def secret_hash(secret: str) -> str:
    """How tokens are kept: they are long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


TOKEN = ("id", "account_id", "label", "token_hash", "verbs", "expires_at", "revoked_at", "last_used_at")
_tokens = Read(
    lambda hashes: Token.objects.filter(token_hash__among=hashes).values_list(
        *TOKEN, "account__login", "account__is_active"
    )
)


def token(secret: str) -> Token | None:
    """The live token behind a bearer header, or None. Of its account only what an Actor needs is read."""
    return _live(_tokens([secret_hash(secret)]))


def holder(secret: str) -> Actor | None:
    """Who acts with a bearer token, if it is live."""
    mark = secret_hash(secret)
    with together():
        rows, actor = _tokens.ask([mark]), ask_for_token(mark)
    found = _live(rows())
    return actor(found) if found else None


def _live(rows: Sequence[tuple[Any, ...]]) -> Token | None:
    now = clock.now()
    if not rows:
        return None
    *columns, login, is_active = rows[0]
    found = Token(**dict(zip(TOKEN, columns, strict=True)))
    found.account = Account(id=found.account_id, login=login, is_active=is_active)
    if found.revoked_at or found.expires_at <= now or not found.account.is_active:
        return None
    if not found.last_used_at or (now - found.last_used_at).total_seconds() > 60:
        Token.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def tokens_of(account_id: UUID) -> QuerySet[Token]:
    return Token.objects.filter(account_id=account_id).order_by("-expires_at")


def token_in(scope: Scope, token_id: UUID) -> Token:
    row = Token.objects.filter(id=token_id, account_id__in=accounts(scope).values("id")).first()
    if row is None:
        raise Refused("not_found", status=404)
    return row


def has_second_factor(account: Account) -> bool:
    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=account, type__in=types).exists())


def names(account_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """What accounts are called, for lists of who did something."""
    rows = Account.objects.filter(id__in={key for key in account_ids if key})
    return {row.id: row.get_full_name() for row in rows}


def _by(account_id: UUID | None) -> Q:
    """Rows of one account; whoever acts without one (the operator) has none."""
    return Q(account_id=account_id) if account_id else Q(pk__in=[])


UNDECIDED = Q(needs_second=True, approved_at__isnull=True, declined_at__isnull=True)


def open_reveal(account_id: UUID | None, kind: str, subject_id: UUID, field_class: str) -> Reveal | None:
    """One's own request for this that is shown now, or still waits."""
    rows = Reveal.objects.filter(_by(account_id), subject_kind=kind, subject_id=subject_id, field_class=field_class)
    return rows.filter(Q(shown_until__gt=clock.now()) | UNDECIDED).order_by("-asked_at").first()


def shown_now(account_id: UUID | None, kind: str, ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """{record: field classes} that this reader sees in full at this moment, because they gave a reason."""
    rows = Reveal.objects.filter(
        _by(account_id), subject_kind=kind, subject_id__in=list(ids), shown_until__gt=clock.now()
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for subject_id, field_class in rows.values_list("subject_id", "field_class"):
        found[subject_id].add(field_class)
    return found


def own_reveal(account_id: UUID | None, reveal_id: UUID) -> Reveal:
    """One's own request."""
    row = Reveal.objects.filter(_by(account_id), id=reveal_id).first()
    if row is None:
        raise Refused("not_found", status=404)
    return row


def reveals_in(scope: Scope) -> QuerySet[Reveal]:
    """Requests about records that lie in areas of the scope."""
    areas = Area.objects.filter(branches.within(scope.area_paths)).values("id")
    inside = Q(area_id__in=areas)
    rows = Reveal.objects.select_related("account").order_by("-asked_at")
    return rows.filter(inside | Q(area_id__isnull=True) if scope.covers("") else inside)


def waiting_reveals(scope: Scope, account_id: UUID | None) -> QuerySet[Reveal]:
    """Requests of others that wait for a second person."""
    return reveals_in(scope).filter(UNDECIDED).exclude(_by(account_id)).order_by("asked_at")


def own_reveals(account_id: UUID | None) -> QuerySet[Reveal]:
    return Reveal.objects.filter(_by(account_id)).order_by("-asked_at")


def reveal_in(scope: Scope, reveal_id: UUID) -> Reveal:
    row = reveals_in(scope).filter(id=reveal_id).first()
    if row is None:
        raise Refused("not_found", status=404)
    return row


def any_reveal(reveal_id: UUID) -> Reveal:
    """For the auditor, whose verb has no branch."""
    row = Reveal.objects.filter(id=reveal_id).first()
    if row is None:
        raise Refused("not_found", status=404)
    return row


def all_reveals(*, open_only: bool = False) -> QuerySet[Reveal]:
    """Those not looked at yet, or all. Of what waits for a second person nothing was shown: it is looked at afterwards."""
    rows = Reveal.objects.select_related("account").order_by("-asked_at")
    return rows.filter(reviewed_at__isnull=True).exclude(UNDECIDED) if open_only else rows


def undecided_reveals() -> QuerySet[Reveal]:
    return Reveal.objects.filter(UNDECIDED)


def place_names(area_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    return dict(Area.objects.filter(id__in={key for key in area_ids if key}).values_list("id", "name"))


def place_names_by_code(codes: Iterable[str]) -> dict[str, str]:
    wanted = set(codes)
    return dict(Area.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}


# What forms offer to choose from.
ROLE_NAMES = Role.choices
KINDS = Account.Kind.choices
BRANCH_NAMES = Grant.Branch.choices
ORGANISATION_KINDS = [
    ("party_branch", _("Party branch")),
    ("department", _("Department")),
    ("company", _("Company")),
    ("property", _("Property firm")),
    ("owners", _("Owners' committee")),
    ("police", _("Police station")),
    ("health", _("Health service")),
    ("other", _("Other")),
]


def log_rows(
    *, action: str = "", login: str = "", subject: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[LogRow]:
    """The action log for whoever may read it, the newest first."""
    rows = LogRow.objects.all().order_by("-at", "-id")
    if action:
        rows = rows.filter(action__startswith=action.strip())
    if login:
        rows = rows.filter(actor_id__in=Account.objects.filter(login=login.strip().lower()).values("id"))
    if subject:
        rows = rows.filter(_about(subject.strip()))
    if since:
        rows = rows.filter(at__gte=clock.day_bounds(since)[0])
    if until:
        rows = rows.filter(at__lt=clock.day_bounds(until)[1])
    return rows


def _about(subject: str) -> Q:
    """Subjects are a JSON list of ids: looked for as text, which both engines can do."""
    try:
        wanted = str(UUID(subject))
    except ValueError:
        return Q(pk__in=[])
    rows = LogRow.objects.annotate(text=Cast("subjects", TextField())).filter(text__contains=wanted)
    return Q(id__in=rows.values("id"))


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the action log is sealed; whether it is sound is proven by `firstline audit verify`."""

    sealed: int
    waiting: int


def chain() -> Chain:
    head = LogHead.objects.filter(pk=1).first()
    return Chain(head.seq if head else 0, LogRow.objects.filter(seq__isnull=True).count())
