"""The demonstration district with two days of response, and the drill that measures a whole response."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.access.scope import OPERATOR
from firstline.areas.models import Area
from firstline.core import clock, jobs, planner, seal
from firstline.core.errors import Refused
from firstline.core.models import Setting
from firstline.coverage import proof
from firstline.coverage import queries as coverage
from firstline.drill.district import SMALLEST, District, make_district
from firstline.drill.settle import PASSWORD, Settled, settle
from firstline.drill.team import Team
from firstline.drill.truth import truth_of

Say = Callable[[str], None]
DAYS = 2
ROLES = (
    "command", "street", "community", "grid_worker", "building_head", "inspector", "health", "partner", "department",
    "volunteer", "auditor", "admin",
)  # fmt: skip


def ensure(*, doors: int, seed: int, fresh: bool, say: Say) -> list[dict[str, str]]:
    """The demonstration, made where it is not there yet. Returns its logins."""
    if fresh and Area.objects.exists():
        say("Throwing the old demonstration away ...")
        call_command("flush", verbosity=0, interactive=False)
    done = Setting.objects.filter(key="demonstration").first()
    if done is None:
        if Area.objects.exists():
            raise Refused("drill.not_empty")
        done = make(doors=doors, seed=seed, days=DAYS, say=say)
    return list(done.value["logins"])


def make(*, doors: int, seed: int, days: int, say: Say, files: Path | None = None) -> Setting:
    """Build, settle and work a district; keep what a newcomer has to be told."""
    first = clock.reporting_day() - timedelta(days=days)
    district, settled, team = run(doors=doors, seed=seed, days=days, first=first, say=say, files=files)
    seal.seal()
    row, _created = Setting.objects.update_or_create(
        key="demonstration",
        defaults={
            "value": {
                "logins": _logins(district),
                "round": str(settled.round.id),
                "seed": seed,
                "outcomes": dict(team.tally.outcomes),
                "statuses": dict(team.tally.statuses),
            }
        },
    )
    return row


def run(
    *, doors: int, seed: int, days: int, first: date, say: Say, files: Path | None = None
) -> tuple[District, Settled, Team]:
    """The district worked for `days` days from `first` on."""
    if doors < SMALLEST or days < 0:
        raise Refused("drill.too_small", doors=SMALLEST)
    district = make_district(doors=doors, seed=seed, day=first)
    morning = timezone.make_aware(datetime.combine(first, time(7)))
    settled = settle(district, morning, say=say, files=files)
    team = Team(district, settled)
    with clock.at(morning):
        jobs.run_ready()
    planner.look_again()
    say(_("The team works %(days)s days ...") % {"days": days})
    team.work(first, days)
    jobs.run_ready()
    return district, settled, team


def _logins(district: District) -> list[dict[str, str]]:
    """One account for each role, the best known first."""
    found: dict[str, dict[str, str]] = {}
    cast = {"chen": 0, "bai": 0, "lin": 0, "gao": 0}
    for one in sorted(district.roll.staff, key=lambda staff: cast.get(staff.username, 1)):
        found.setdefault(one.role, {"role": one.role, "login": one.username, "password": PASSWORD})
    return [found[role] for role in ROLES if role in found]


def as_text(logins: list[dict[str, str]], address: str) -> str:
    """What `./run demo` prints."""
    lines = [_("The demonstration is ready: %(address)s") % {"address": address}, ""]
    lines += [f"  {row['role']:14} {row['login']:12} {row['password']}" for row in logins]
    lines += ["", _("The field app for phones, for lin: %(address)s") % {"address": f"{address.rstrip('/')}/phone/"}]
    lines += [_("Every person, number and place below the streets is invented.")]
    return "\n".join(lines)


def drill(*, doors: int, days: int, seed: int, files: Path | None) -> dict[str, Any]:
    """A whole response on a synthetic district, measured against what is true there.

    Runs in the present database, which must be empty. Returns counts of the truth, of the product, and their differences.
    """
    if Area.objects.exists():
        raise Refused("drill.not_empty")
    first = clock.reporting_day() - timedelta(days=days)
    district, settled, team = run(doors=doors, seed=seed, days=days, first=first, say=lambda line: None, files=files)
    truth = truth_of(district)
    scope = OPERATOR.may("coverage.read")
    counts = coverage.counts(scope, settled.round).as_dict()
    seal.seal()
    verdict = seal.verify()
    return {
        "seed": seed,
        "doors_in_truth": truth.total.doors,
        "doors_listed": truth.total.listed,
        "doors_missing_from_rosters": truth.total.missing,
        "doors_in_product": counts["doors"],
        "households_in_truth": truth.total.households,
        "people_in_truth": truth.total.people,
        "standing": counts,
        "attempts": dict(team.tally.outcomes),
        "outcomes": dict(team.tally.statuses),
        "counters_wrong": sum(proof.drift_by_area().values()),
        "log_sound": verdict.sound,
        "imports": [{name: row[name] for name in row if name != "import_id"} for row in settled.imports],
    }
