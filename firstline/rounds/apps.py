from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    name = "firstline.rounds"
    label = "rounds"

    def ready(self) -> None:
        from firstline.console import nav
        from firstline.console.nav import NavItem
        from firstline.core.errors import register_messages
        from firstline.rounds import jobs  # noqa: F401  registers what falls due
        from firstline.rounds.errors import MESSAGES

        register_messages(MESSAGES)
        nav.register(NavItem("field", _("Rounds"), "rounds:list", "coverage.read", icon="target", order=10))
