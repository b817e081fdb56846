from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "firstline.today"
    label = "today"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from firstline.console.nav import NavItem, register

        register(
            NavItem("now", _("Today"), "today:board", "coverage.read", icon="layout-dashboard", order=10),
            NavItem("now", _("Gaps"), "today:gaps", "area.read", icon="alert-triangle", order=25),
        )
