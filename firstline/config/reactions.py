"""What happened leads to what follows: the one place where it is written down.

For each action name: what follows **now**, in the same transaction, and what follows **later**, as jobs.
"""

from __future__ import annotations

from firstline.core.planner import LOOK_AGAIN
from firstline.core.reactions import Follows, register


def reactions() -> dict[str, Follows]:
    """The table. Built when the product starts, because the modules have to be loaded by then."""
    from firstline.coverage import actions as coverage
    from firstline.duty import actions as duty
    from firstline.sync import waiting

    return {
        # places
        "areas.imported": Follows(later=("registry.follow_areas",)),
        "grid.ended": Follows(later=("registry.leave_grids",)),
        "area.joined": Follows(later=("duty.project_joined",)),
        # doors come and go
        "door.added": Follows(now=(duty.project, coverage.join_doors, waiting.arrived)),
        "doors.placed": Follows(now=(duty.project, coverage.move_areas)),
        "doors.merged": Follows(now=(duty.project, coverage.leave, coverage.apply_household_change)),
        "doors.split": Follows(now=(duty.project, coverage.join_doors, coverage.apply_household_change)),
        "household.changed": Follows(now=(duty.project_households, coverage.apply_household_change, waiting.arrived)),
        # rosters
        "roster.published": Follows(
            later=(LOOK_AGAIN, "duty.project_batch", "coverage.join_published", "registry.find_doubles")
        ),
        "roster.undone": Follows(now=(coverage.leave,), later=("duty.project_undone",)),
        # posts
        "post.ended": Follows(now=(duty.close_with_post,)),
        # rounds and visits
        "round.opened": Follows(later=("coverage.join_round", LOOK_AGAIN)),
        "round.closed": Follows(now=(coverage.seal,)),
        "visits.recorded": Follows(now=(coverage.apply_visits, waiting.arrived)),
    }


def register_reactions() -> None:
    """Called once when the product starts."""
    from firstline.coverage.actions import mark_unanswered
    from firstline.duty.projection import follow_answers

    register(reactions())
    follow_answers(mark_unanswered)  # no action of its own: a door that changes hands says so where it is projected
