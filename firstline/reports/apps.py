from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "firstline.reports"
    label = "reports"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from firstline.console.nav import NavItem, register
        from firstline.core.errors import register_messages
        from firstline.reports.errors import MESSAGES

        register_messages(MESSAGES)
        register(NavItem("out", _("Brief of the day"), "reports:brief", "brief.read", icon="report", order=10))
