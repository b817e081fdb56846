"""When data has served its purpose: the clocks of retention, by name (P6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` after its beginning (the close of a round, a decision ...); None = never by itself, only by an act."""

    name: str
    days: int | None

    def before(self, now: datetime) -> datetime | None:
        """What began before this moment is past its time; None where time alone ends nothing."""
        return None if self.days is None else now - timedelta(days=self.days)


RULES = {
    rule.name: rule
    for rule in (
        Rule("emergency_end", None),
        Rule("held_decided_30_days", 30),
        Rule("round_closed_30_days", 30),
        Rule("uploads_after_review", 0),
        Rule("account_closed_1_year", 365),
        Rule("sign_in_over_30_days", 30),
        Rule("export_over", 0),
        Rule("request_answered_180_days", 180),
    )
}
# Ends with the emergency as well, whatever its own clock says. Those who worked are not those who were asked.
ENDS_WITH_THE_EMERGENCY = frozenset(
    {
        "emergency_end",
        "held_decided_30_days",
        "request_answered_180_days",
        "round_closed_30_days",
        "uploads_after_review",
    }
)
