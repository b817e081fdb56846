"""From judged rows to doors: written in short chunks under a batch nobody sees, then published in one flip."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import transaction

from firstline.areas.models import Area
from firstline.core import clock, jobs, log
from firstline.core.jobs import Progress
from firstline.core.log import Who
from firstline.intake.judging import count_rows, door_groups, portions, write_outcomes
from firstline.intake.matching import Judged, areas_of, code_of, decisions, judged
from firstline.intake.merging import Decision, declared, phones_by_home
from firstline.intake.models import Import
from firstline.intake.people import Member
from firstline.intake.records import ParsedRow
from firstline.intake.rules import Home, Verdict
from firstline.registry import bulk

TOLD_AT_ONCE = 500


def derived_id(roster: Import, n: int, part: str) -> UUID:
    """The same UUIDv7 each time a chunk is written: in the order of the file, from the import's id, the row and the part."""
    digest = hashlib.sha256(f"{roster.id}:{n}:{part}".encode()).digest()
    high = (roster.id.int >> 80) << 80  # the import's millisecond
    order = ((n >> 20) & 0xFFF) << 64 | (n & 0xFFFFF) << 42
    return UUID(int=high | 0x7 << 76 | order | 0x2 << 62 | int.from_bytes(digest[:5], "big") & ((1 << 40) - 1))


class OthersFirst(Exception):
    """Another import of the same places is being applied: this one waits until it sees what that one wrote."""


def apply(roster: Import, who: Who, progress: Progress | None = None) -> None:
    """Write and publish. Resumes after the last chunk that was committed; run twice it changes nothing."""
    _begin(roster)
    done = 0
    for groups in door_groups(roster, after=roster.cursor):
        for doors in portions(judged(groups)):  # judged before anything is locked: others go on writing meanwhile
            with transaction.atomic():
                _write(roster, doors)
                roster.cursor = doors[-1].group[0].door
                roster.save(update_fields=["cursor"])
            done += len(doors)
            if progress:
                progress(done, roster.counts.get("doors", 0))
    publish(roster, who)


@transaction.atomic
def _begin(roster: Import) -> None:
    """Imports of the same places are applied one after the other, in the order in which they came."""
    applying = Import.objects.select_for_update().filter(state=Import.State.APPLYING).order_by("id")
    paths = dict(Area.objects.filter(pk__in=applying.values("area_id")).values_list("id", "path"))
    mine = roster.area.path
    for other in applying:
        theirs = paths[other.area_id]
        near = theirs.startswith(mine) or mine.startswith(theirs)
        if near and other.pk != roster.pk and (other.batch_id or other.pk < roster.pk) and roster.batch_id is None:
            raise OthersFirst
    if roster.batch_id is None:
        roster.batch_id = bulk.open_batch().id
        roster.save(update_fields=["batch_id"])


def _write(roster: Import, judged_doors: Sequence[Judged]) -> None:
    """The register may have changed since the preview: rows are decided again, and say what became of them."""
    assert roster.batch_id is not None
    areas = areas_of([door.group for door in judged_doors])
    doors, additions, uses, sizes = [], [], {}, {}
    found = decisions(judged_doors)
    write_outcomes((group, decision.outcomes) for group, _, _, decision in found)
    for group, rows, verdict, decision in found:
        if decision.door is None:
            doors.append(new_door(roster, group[0].n, rows, verdict, areas[code_of(group)].id))
        elif not decision.is_asked and (addition := addition_to(roster, group[0].n, rows, verdict, decision)):
            additions.append(addition)
        sizes |= decision.sizes
        if decision.door and (decision.use or decision.review):
            uses[decision.door] = (decision.use, decision.review)
    bulk.insert_doors(roster.batch_id, doors)
    bulk.add_to_doors(roster.batch_id, additions)
    bulk.note_uses(roster.batch_id, uses)
    bulk.note_sizes(roster.batch_id, sizes)


def new_door(roster: Import, n: int, rows: list[ParsedRow], verdict: Verdict, area_id: UUID) -> bulk.NewDoor:
    homes = _homes(roster, n, rows, verdict.homes)
    return bulk.NewDoor(
        id=derived_id(roster, n, "door"),
        area_id=area_id,
        place=verdict.key.place,
        building=verdict.key.building,
        entrance=verdict.key.entrance,
        room=verdict.key.room,
        floor=verdict.floor,
        use="unknown" if verdict.use == "conflict" else verdict.use,
        review=verdict.review[:24],
        households=homes,
        owners=_owners(rows, verdict, has_homes=bool(homes)),
    )


def addition_to(
    roster: Import, n: int, rows: list[ParsedRow], verdict: Verdict, decision: Decision
) -> bulk.Addition | None:
    """What a known door gets: new households, new members of known ones, telephones and owners not known there."""
    assert decision.door is not None and decision.known is not None
    known = decision.known
    homes = _homes(roster, n, rows, decision.new_homes)
    identities = _identities(rows)
    lodgers = _lodgers(verdict.homes)
    joining = {
        home: [
            _person(
                roster,
                n,
                f"join{home}{place}",
                member,
                is_mobile=id(member) in lodgers,
                identity=identities.get(member.name),
            )
            for place, member in enumerate(members)
        ]
        for home, members in decision.joining.items()
    }
    taken = {phone for home in homes for phone in home.phones} | set(known.phones)
    taken |= {phone for home in homes for person in home.members for phone in person.phones}
    taken |= {phone for members in joining.values() for person in members for phone in person.phones}
    phones = _phones_of_known(rows, verdict, decision, taken)
    has_homes = bool(homes or known.homes)
    owners = [
        (name, phone)
        for name, phone in _owners(rows, verdict, has_homes=has_homes)
        if (phone and phone not in known.phones) or (name and name not in known.owners)
    ]
    found = bulk.Addition(decision.door, homes, owners, joining, phones)
    return found if homes or owners or joining or phones else None


def _phones_of_known(
    rows: list[ParsedRow], verdict: Verdict, decision: Decision, taken: set[str]
) -> dict[UUID, list[str]]:
    """New telephones by the household on the register they belong to; whoever's they are, the household can be called."""
    found: dict[UUID, list[str]] = {}
    given = phones_by_home(rows, verdict.homes)
    for home, phones, match in zip(verdict.homes, given, decision.matched, strict=True):
        own = [phone for member in (*home.members, *home.lodgers) for phone in member.phones]
        fresh = [phone for phone in dict.fromkeys((*phones, *own)) if phone not in taken]
        if match and fresh:
            found[match] = fresh
    return found


def _homes(roster: Import, n: int, rows: list[ParsedRow], homes: tuple[Home, ...]) -> list[bulk.NewHousehold]:
    phones = phones_by_home(rows, homes)
    note = "\n".join(dict.fromkeys(remark for row in rows for remark in row.remarks))[:500]
    identities = _identities(rows)
    return [
        bulk.NewHousehold(
            id=derived_id(roster, n, f"home{place}"),
            declared_size=declared(home),
            note=note if place == 0 else "",
            members=list(_members(roster, n, place, home, identities)),
            phones=phones[place],
        )
        for place, home in enumerate(homes)
    ]


def _members(
    roster: Import, n: int, place: int, home: Home, identities: dict[str, dict[str, str | None]]
) -> Iterator[bulk.NewPerson]:
    """Those known by name who still belong there; the others are counted by the declared size."""
    lodgers = _lodgers([home])
    for number, member in enumerate((*home.members, *home.lodgers)):
        if member.belongs and member.name:
            yield _person(
                roster, n, f"person{place}.{number}", member,
                is_mobile=id(member) in lodgers, identity=identities.get(member.name),
            )  # fmt: skip


def _lodgers(homes: Iterable[Home]) -> set[int]:
    """Which members are of the mobile population: by identity, for two of one name may live together."""
    return {id(member) for home in homes for member in home.lodgers}


def _person(
    roster: Import,
    n: int,
    part: str,
    member: Member,
    *,
    is_mobile: bool = False,
    identity: dict[str, str | None] | None = None,
) -> bulk.NewPerson:
    born = member.born or (clock.reporting_day().year - member.age if member.age is not None else None)
    return bulk.NewPerson(
        id=derived_id(roster, n, part),
        name=member.name[:60],
        relation=member.relation[:20],
        birth_year=born,
        presence="away" if member.status == "away" else "here",
        identity_last4=(identity or {}).get("last4") or "",
        identity_hash=(identity or {}).get("token") or "",
        mobile=is_mobile,
        phones=member.phones,
    )


def _identities(rows: list[ParsedRow]) -> dict[str, dict[str, str | None]]:
    """Whose number a row held can only be told where the row names one person."""
    found = {}
    for row in rows:
        names = [member.name for member in row.household.members if member.name] if row.household else []
        if len(row.identities) == 1 and len(names) == 1:
            found[names[0]] = row.identities[0]
    return found


def _owners(rows: list[ParsedRow], verdict: Verdict, *, has_homes: bool) -> list[tuple[str, str]]:
    """People who own the door and do not live there; and, at a door without a household, whoever can be called about it."""
    found: dict[tuple[str, str], None] = {}
    for row in rows:
        for owner in row.owners:
            if owner.name in verdict.owners or (not owner.name and owner.phones):
                for phone in owner.phones or ("",):
                    found[owner.name, phone] = None
        if not has_homes:
            found |= {("", phone): None for phone in row.phones if not any(key[1] == phone for key in found)}
    return list(found)


def publish(roster: Import, who: Who) -> None:
    """The flip: doors, counts and the import's state change together; then the doors join duties and rounds as jobs."""
    counted = count_rows(roster)  # reads every row of the file: before anything is locked
    with transaction.atomic():
        _flip(roster, who, counted)


def _flip(roster: Import, who: Who, counted: dict[str, int]) -> None:
    assert roster.batch_id is not None
    locked = Import.objects.select_for_update().get(pk=roster.pk)
    if locked.state == Import.State.PUBLISHED:
        return
    added = bulk.publish(roster.batch_id)
    roster.counts = roster.counts | counted | {"added_doors": added["doors"]}
    roster.state = Import.State.PUBLISHED
    roster.published_at = clock.now()
    roster.save(update_fields=["state", "published_at", "counts"])
    data = {"import": str(roster.id), "batch": str(roster.batch_id), "doors": added["doors"]}
    row = log.record(who, "roster.published", [roster.id], data=data)
    jobs.queue("intake.announce", args={"batches": [str(roster.batch_id)]}, log_id=row.id)


def announce(batch_id: UUID, who: Who, progress: Progress | None = None) -> None:
    """Tell duties and rounds of doors that were there before, and behind which somebody was added (or taken back)."""
    doors = bulk.touched(batch_id)
    for start in range(0, len(doors), TOLD_AT_ONCE):
        log.record(who, "household.changed", doors[start : start + TOLD_AT_ONCE], data={"what": "roster"})
        if progress:
            progress(start, len(doors))


__all__ = ["OthersFirst", "addition_to", "announce", "apply", "derived_id", "new_door", "publish"]
