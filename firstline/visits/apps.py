from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "firstline.visits"
    label = "visits"

    def ready(self) -> None:
        from firstline.console import nav
        from firstline.console.nav import NavItem
        from firstline.core.errors import register_messages
        from firstline.core.fields import blind_index
        from firstline.visits.errors import MESSAGES
        from firstline.visits.panels import register_panels
        from firstline.visits.slips import fingerprint

        blind_index("visits.Slip", "code", "code_index", fingerprint)
        register_messages(MESSAGES)
        register_panels()
        nav.register(
            NavItem("field", _("Paper lists"), "visits:paper", "worklist.print", icon="printer", order=30),
            NavItem("field", _("Call-backs"), "visits:calls", "visit.record", icon="phone", order=40),
        )
