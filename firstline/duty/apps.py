from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutyConfig(AppConfig):
    name = "firstline.duty"
    label = "duty"

    def ready(self) -> None:
        from firstline.console.nav import NavItem, register
        from firstline.core.errors import register_messages
        from firstline.duty import jobs  # noqa: F401  (registers the jobs, and what falls due)
        from firstline.duty.badges import register_tree_badges
        from firstline.duty.errors import MESSAGES
        from firstline.duty.grids import register_grid_facts
        from firstline.duty.panels import register_panels

        register_messages(MESSAGES)
        register(NavItem("places", _("Duty board"), "duty:board", "duty.assign", icon="user-check", order=30))
        register_panels()
        register_tree_badges()
        register_grid_facts()
