"""Who is there to do the work: organisations, staff with accounts, and the posts to be made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from .layout import Ground
from .names import Namer, staff_phone
from .places import ZONE_CODE
from .shapes import Area, AreaKind, Grid, Organisation, Post, Staff

DEPARTMENTS = (("health", "卫生健康局", "department"), ("civil", "民政局", "department"), ("commerce", "商务局", "department"),
               ("market", "市场监管局", "department"), ("party", "党群工作部", "department"), ("hospital", "演练区医院", "health"))  # fmt: skip
ZONE_STAFF = (
    ("chen", "陈建平", "command"),
    ("admin", "苏慧敏", "admin"),
    ("auditor", "贺文山", "auditor"),
    ("inspector", "乔瑞芳", "inspector"),
)


@dataclass(frozen=True)
class Roll:
    organisations: tuple[Organisation, ...]
    staff: tuple[Staff, ...]
    posts: tuple[Post, ...]


class _Hiring:
    """Hands out names and the responders' own telephone numbers."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.namer = rng, Namer(rng)
        self.staff: list[Staff] = []

    def hire(self, username: str, role: str, organisation: str, area: str, name: str | None = None) -> str:
        sex = self.rng.choice("男女")
        called = name or self.namer.full(sex, self.rng.randint(1968, 1996))
        language = "mn" if self.rng.random() < 0.05 else None
        identity = f"S{len(self.staff) + 1:05d}"
        self.staff.append(
            Staff(identity, username, called, staff_phone(len(self.staff)), role, organisation, area, language)
        )
        return identity


def make_roll(areas: tuple[Area, ...], grounds: tuple[Ground, ...], grids: tuple[Grid, ...], seed: int) -> Roll:
    """chen leads the zone, bai is the clerk of the first community, lin works its first grid."""
    hiring = _Hiring(Random(f"{seed}/staff"))
    organisations = _organisations(areas)
    posts = _zone_posts(hiring, areas)
    for ground in grounds:
        if ground.area.kind is not AreaKind.QUASI:
            posts += _committee_posts(hiring, ground)
    _name_the_cast(hiring)
    _outsiders(hiring)
    return Roll(organisations, tuple(hiring.staff), _with_gaps(posts))


def _organisations(areas: tuple[Area, ...]) -> tuple[Organisation, ...]:
    made = [Organisation("O-zone", "防控指挥部办公室", "command", None, ZONE_CODE)]
    made += [Organisation(f"O-{code}", name, kind, "O-zone", ZONE_CODE) for code, name, kind in DEPARTMENTS]
    for area in areas:
        if area.level == 4:
            made.append(
                Organisation(
                    f"O-{area.code}",
                    f"{area.name}办事处" if area.kind is AreaKind.STREET else f"{area.name}政府",
                    "office",
                    "O-zone",
                    area.code,
                )
            )
            made.append(Organisation(f"P-{area.code}", f"{area.name}派出所", "police", "O-zone", area.code))
        if area.kind in (AreaKind.COMMUNITY, AreaKind.VILLAGE):
            made.append(Organisation(f"O-{area.code}", area.name, "committee", f"O-{area.parent_code}", area.code))
            made.append(
                Organisation(f"B-{area.code}", f"{area.place}党支部", "branch", f"O-{area.parent_code}", area.code)
            )
        if area.kind is AreaKind.COMMUNITY:
            made.append(
                Organisation(f"M-{area.code}", f"{area.place}物业服务公司", "property", f"O-{area.code}", area.code)
            )
            made.append(
                Organisation(f"W-{area.code}", f"{area.place}业主委员会", "owners", f"O-{area.code}", area.code)
            )
    return tuple(made)


def _zone_posts(hiring: _Hiring, areas: tuple[Area, ...]) -> list[Post]:
    ids = {username: hiring.hire(username, role, "O-zone", ZONE_CODE, name) for username, name, role in ZONE_STAFF}
    posts = [Post("P-zone", "指挥部值班岗", "command", ZONE_CODE, None, None, ids["chen"], None)]
    for number, area in enumerate((area for area in areas if area.level == 4), 1):
        clerk = hiring.hire(f"street{number}", "street", f"O-{area.code}", area.code)
        posts.append(Post(f"P-{area.code}", f"{area.name}值班岗", "street_office", area.code, None, None, clerk, None))
    return posts


def _committee_posts(hiring: _Hiring, ground: Ground) -> list[Post]:
    area, organisation = ground.area, f"O-{ground.area.code}"
    short = area.code[4:]
    clerk = hiring.hire(f"c{short}", "community", organisation, area.code)
    second = hiring.hire(f"d{short}", "community", organisation, area.code)
    posts = [Post(f"P-{area.code}", f"{area.place}值班岗", "community_office", area.code, None, None, clerk, second)]
    workers = [hiring.hire(f"g{grid.code[4:]}", "grid_worker", organisation, area.code) for grid in ground.grids]
    for number, grid in enumerate(ground.grids):
        # neighbours stand in for one another; a lone grid worker is backed by the second clerk
        deputy = workers[(number + 1) % len(workers)] if len(workers) > 1 else second
        posts.append(
            Post(
                f"P-{grid.code}",
                f"{grid.name}网格员",
                "grid_worker",
                area.code,
                grid.code,
                None,
                workers[number],
                deputy,
            )
        )
    for number, building in enumerate((b for estate in ground.estates for b in estate.buildings if b.doors >= 16), 1):
        head = hiring.hire(f"b{short}{number:02d}", "building_head", organisation, area.code)
        title = f"{area.place}{building.label}{'组长' if building.style == 'group' else '楼栋长'}"
        posts.append(
            Post(f"P-{building.id}", title, "building_head", area.code, building.grid_code, building.id, head, None)
        )
    return posts


def _name_the_cast(hiring: _Hiring) -> None:
    for role, username, surname in (("community", "bai", "白"), ("grid_worker", "lin", "林")):
        spot = next(number for number, one in enumerate(hiring.staff) if one.role == role)
        one = hiring.staff[spot]
        hiring.staff[spot] = replace(one, username=username, name=surname + hiring.namer.full("女", 1985, "林")[1:])


def _outsiders(hiring: _Hiring) -> None:
    """One account for each remaining role of the matrix. gao is a partner with nothing to see but an estate."""
    home = next(one for one in hiring.staff if one.role == "community")
    for username, role, organisation, name in (
        ("volunteer", "volunteer", f"B-{home.area_code}", None),
        ("department", "department", "O-civil", None),
        ("gao", "partner", f"M-{home.area_code}", "高晓东"),
        ("medic", "health", "O-hospital", None),
    ):
        hiring.hire(
            username, role, organisation, home.area_code if role in ("volunteer", "partner") else ZONE_CODE, name
        )


def _with_gaps(posts: list[Post]) -> tuple[Post, ...]:
    """Every ninth grid has nobody yet, every eleventh worker is away with no deputy: gaps to be shown in red."""
    grid_posts = [post.id for post in posts if post.kind == "grid_worker"]
    vacant, away = set(grid_posts[8::9]), set(grid_posts[5::11])

    def change(post: Post) -> Post:
        if post.id in vacant:
            return replace(post, holder_id=None, deputy_id=None)
        return replace(post, deputy_id=None, absent=True) if post.id in away else post

    return tuple(change(post) for post in posts)
