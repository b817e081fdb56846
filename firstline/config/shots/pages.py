"""Which pages are photographed, by whom and at which sizes. A page that is not here fails tests/test_shots.py."""

from __future__ import annotations

from dataclasses import dataclass

PHONE, LAPTOP, WALL = 390, 1366, 1920
BOTH, DESK, BOARD = (LAPTOP, PHONE), (LAPTOP,), (PHONE, LAPTOP, WALL)
TYPICAL, EMPTY_TOO, CROWDED_TOO = ("typical",), ("typical", "empty"), ("typical", "crowded")
ALL_STATES = ("typical", "empty", "crowded")
LANGUAGES = ("zh-hans", "en")
MOST = 400  # pictures of the default set


@dataclass(frozen=True, slots=True)
class Shot:
    """`address` may hold {door}, {round}, {area} ...: filled from what the demonstration made (drill/stage.py).

    `login` is one of the cast, or a role whose first account is taken; "" is a resident, or somebody not signed in.
    """

    name: str
    address: str
    login: str = "bai"
    sizes: tuple[int, ...] = BOTH
    states: tuple[str, ...] = TYPICAL
    status: int = 200
    fresh: bool = False  # shown only to somebody who has just typed the password

    def sizes_in(self, language: str, *, everything: bool = False) -> tuple[int, ...]:
        """English words are the longer ones: in the default set they are looked at where there is least room."""
        if everything:
            return BOARD
        return (min(self.sizes),) if language == "en" else self.sizes


NOW = (
    Shot("today", "/today/", "bai", BOARD, ALL_STATES),
    Shot("today-command", "/today/", "chen", (LAPTOP, WALL), CROWDED_TOO),
    Shot("today-worker", "/today/", "lin"),
    Shot("map", "/map/", "chen", BOARD, EMPTY_TOO),
    Shot("map-community", "/map/?area={area}", "bai", DESK),
    Shot("gaps", "/gaps/", "chen", BOTH, ALL_STATES),
    Shot("missed", "/coverage/?waiting=1", "bai", BOTH, ALL_STATES),
    Shot("missed-refused", "/coverage/?standing=refused&unhanded=1", "bai", DESK),
    Shot("accountability", "/coverage/posts/?area={area}", "bai", BOTH, CROWDED_TOO),
    Shot("job", "/work/{job}/", "chen", DESK),
)

PLACES = (
    Shot("areas", "/areas/", "chen", BOTH, EMPTY_TOO),
    Shot("area", "/areas/{area}/", "chen", DESK),
    Shot("area-lists", "/areas/lists/", "chen", DESK, EMPTY_TOO),
    Shot("area-list", "/areas/lists/{list}/", "chen", DESK),
    Shot("area-list-columns", "/areas/lists/{columns}/", "chen", DESK),
    Shot("outlines", "/areas/outlines/", "chen", DESK),
    Shot("grids", "/areas/grids/", "chen", DESK),
    Shot("grid", "/areas/grids/{grid}/", "bai", DESK),
    Shot("grid-new", "/areas/grids/new/", "bai", DESK),
    Shot("grids-import", "/areas/grids/import/", "chen", DESK),
    Shot("doors", "/doors/", "bai", BOTH, ALL_STATES),
    Shot("doors-worker", "/doors/", "lin", (PHONE,)),
    Shot("door", "/doors/{door}/", "bai"),
    Shot("door-worker", "/doors/{waiting_door}/", "lin", (PHONE,)),
    Shot("door-add", "/doors/add/", "bai", DESK),
    Shot("door-search", "/doors/search/", "bai", DESK),
    Shot("door-owner", "/doors/{door}/owner/", "bai", (PHONE,)),
    Shot("door-safety", "/doors/{door}/safety/", "bai", (PHONE,)),
    Shot("door-merge", "/doors/{door}/merge/", "bai", DESK),
    Shot("door-split", "/doors/{door}/split/", "bai", DESK),
    Shot("household-add", "/doors/{door}/household/", "bai", DESK),
    Shot("household", "/households/{household}/", "bai", DESK),
    Shot("household-end", "/households/{household}/end/", "bai", DESK),
    Shot("person-add", "/households/{household}/person/", "bai", DESK),
    Shot("person", "/people/{person}/", "bai", DESK),
    Shot("person-move", "/people/{person}/move/", "bai", DESK),
    Shot("person-end", "/people/{person}/end/", "bai", DESK),
    Shot("reveal", "/reveal/contact/{contact}/phone/", "bai", DESK),
    Shot("present", "/doors/present/", "bai", DESK),
    Shot("doubles", "/doors/doubles/", "bai", DESK),
    Shot("estates", "/estates/", "bai", DESK),
    Shot("buildings", "/estates/{estate}/", "bai", DESK),
)

FIELD = (
    Shot("rounds", "/rounds/", "bai", DESK, EMPTY_TOO),
    Shot("round", "/rounds/{round}/", "chen", DESK),
    Shot("round-new", "/rounds/new/", "bai", DESK),
    Shot("questionnaires", "/rounds/questionnaires/", "chen", DESK),
    Shot("questionnaire", "/rounds/questionnaires/{questionnaire}/", "chen", DESK),
    Shot("visit", "/doors/{waiting_door}/visit/", "bai"),
    Shot("visit-worker", "/doors/{waiting_door}/visit/", "lin", (PHONE,)),
    Shot("paper", "/paper/", "bai", DESK),
    Shot("paper-list", "/paper/{worklist}/", "bai", DESK),
    Shot("paper-entry", "/paper/{worklist}/entry/", "bai"),
    Shot("calls", "/calls/", "bai", DESK),
    Shot("devices", "/devices/", "bai", DESK, EMPTY_TOO),
    Shot("device", "/devices/{device}/", "bai", DESK),
    Shot("held", "/held/", "bai", DESK),
    Shot("held-item", "/held/{held}/", "bai"),
    Shot("conflicts", "/held/conflicts/", "bai", DESK),
    Shot("conflict", "/held/conflicts/{conflict}/", "bai"),
    Shot("waiting", "/held/waiting/", "bai", DESK),
)

IN = (
    Shot("imports", "/imports/", "chen", DESK),
    Shot("import-new", "/imports/new/", "chen", DESK),
    Shot("import", "/imports/{import}/", "bai", DESK),
    Shot("import-unread", "/imports/{unread}/", "bai", DESK),
    Shot("import-ready", "/imports/{ready}/", "bai", DESK),
    Shot("import-columns", "/imports/{ready}/columns/", "bai", DESK),
    Shot("import-rows", "/imports/{import}/rows/", "bai", DESK),
    Shot("import-row", "/imports/{review}/rows/{row}/", "chen", DESK),
    Shot("import-review", "/imports/review/", "chen", DESK),
)

RESIDENT = (
    Shot("resident-start", "/r/", ""),
    Shot("resident-report", "/r/{slip}/", ""),
    Shot("resident-unknown", "/r/NOSUCHCODE/", "", (PHONE,), status=404),
    Shot("resident-write", "/r/write/", "", (PHONE,)),
    Shot("resident-about", "/r/about/code/", "", (PHONE,)),
    Shot("resident-held", "/r/{slip}/held/", "", (PHONE,)),
    Shot("resident-ask", "/r/{slip}/ask/contest/", "", (PHONE,)),
    Shot("resident-follow", "/r/about/follow/", "", (PHONE,)),
    Shot("resident-form", "/r/about/form/", "", DESK),
    Shot("resident-done", "/r/done/?n=1234-5678", "", (PHONE,)),
)

REPORTS = (
    Shot("brief", "/briefs/", "chen", BOTH, ALL_STATES),
    Shot("brief-frozen", "/briefs/{brief}/", "bai", DESK),
    Shot("brief-figure", "/briefs/figures/not_reached/", "bai"),
)

PEOPLE = (
    Shot("duty-places", "/duty/", "chen", DESK, CROWDED_TOO),
    Shot("duty", "/duty/{area_id}/", "bai", DESK),
    Shot("duty-post", "/duty/posts/{post}/", "bai", DESK),
    Shot("duty-split", "/duty/{area_id}/split/?n=3", "bai", DESK, CROWDED_TOO),
    Shot("duty-hand-over", "/duty/hand-over/", "bai", DESK),
    Shot("posts", "/posts/", "bai", DESK, ALL_STATES),
    Shot("post", "/posts/{post}/", "bai", DESK),
    Shot("post-new", "/posts/new/", "bai", DESK),
    Shot("staff", "/staff/", "bai", DESK),
    Shot("staff-one", "/staff/{responder}/", "bai", DESK),
    Shot("staff-new", "/staff/new/", "bai", DESK),
    Shot("staff-import", "/staff/import/", "bai", DESK),
    Shot("accounts", "/people/accounts/", "admin", DESK, CROWDED_TOO),
    Shot("account", "/people/accounts/{account}/", "admin", DESK),
    Shot("account-edit", "/people/accounts/{account}/edit/", "admin", DESK),
    Shot("account-new", "/people/accounts/new/", "admin", DESK),
    Shot("accounts-import", "/people/accounts/import/", "admin", DESK),
    Shot("organisations", "/people/organisations/", "admin", DESK),
    Shot("organisation", "/people/organisations/{organisation}/", "admin", DESK),
    Shot("organisation-new", "/people/organisations/new/", "admin", DESK),
)

CARE = (
    Shot("me", "/me/", "bai", DESK),
    Shot("privacy-held", "/protection/held/", "bai", DESK),
    Shot("privacy-register", "/protection/register/", "bai", DESK),
    Shot("deletions", "/protection/deletions/", "admin", DESK),
    Shot("deletions-seen", "/protection/deletions/seen/", "auditor", DESK),
    Shot("requests", "/protection/residents/", "bai", DESK),
    Shot("request", "/protection/residents/{request}/", "bai", DESK),
    Shot("request-enter", "/protection/residents/new/{door}/", "bai", DESK),
    Shot("exports", "/protection/exports/", "bai", DESK),
    Shot("export-ask", "/protection/exports/new/", "bai", (PHONE,)),
    Shot("export", "/protection/exports/{export}/", "bai", DESK),
    Shot("endings", "/protection/end/", "chen", DESK),
    Shot("ending", "/protection/end/{ending}/", "chen", DESK),
    Shot("ending-done", "/protection/end/{ended}/", "chen", DESK, ("ended",)),
    Shot("certificate", "/protection/end/{ended}/certificate/", "chen", DESK, ("ended",)),
    Shot("reveals", "/protection/requests/", "chen", DESK),
    Shot("glass", "/protection/wider/", "chen", DESK),
    Shot("review", "/protection/review/", "auditor", DESK),
    Shot("log", "/protection/log/", "auditor", DESK),
)

DOORSTEP = (
    Shot("login", "/accounts/login/", ""),
    Shot("logout", "/accounts/logout/", "bai", (PHONE,)),
    Shot("password", "/accounts/password/change/", "bai", DESK),
    Shot("reauthenticate", "/accounts/reauthenticate/", "bai", (PHONE,)),
    Shot("forgotten", "/accounts/password/reset/", "", (PHONE,)),
    Shot("inactive", "/accounts/inactive/", "", (PHONE,)),
    Shot("activate", "/activate/", "", (PHONE,)),
    Shot("activate-code", "/activate/ABCD-EFGH/", "", (PHONE,)),
    Shot("second-step", "/second-step/", "bai", DESK),
    Shot("mfa", "/accounts/2fa/", "bai", DESK),
    Shot("mfa-totp", "/accounts/2fa/totp/activate/", "bai", DESK, fresh=True),
    Shot("mfa-keys", "/accounts/2fa/webauthn/", "bai", DESK),
    Shot("mfa-key-add", "/accounts/2fa/webauthn/add/", "bai", DESK, fresh=True),
    Shot("not-found", "/areas/000000000000/", "bai", DESK, status=404),
    Shot("refused", "/people/accounts/", "lin", (PHONE,), status=403),
)

PAGES: tuple[Shot, ...] = (*NOW, *PLACES, *FIELD, *IN, *RESIDENT, *REPORTS, *PEOPLE, *CARE, *DOORSTEP)
