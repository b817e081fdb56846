from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "firstline.coverage"
    label = "coverage"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from firstline.console.nav import NavItem, register
        from firstline.core.errors import register_messages
        from firstline.coverage import actions, errors, proof, queries  # noqa: F401 - registers jobs, due kinds, recounts
        from firstline.coverage.panels import register_panels
        from firstline.visits.worklists import register_settled

        register_settled(queries.settled_doors)
        register_messages(errors.MESSAGES)
        register_panels()
        register(
            NavItem("now", _("Map and tree"), "coverage:map", "coverage.read", icon="map", order=20),
            NavItem(
                "now",
                _("Not reached yet"),
                "coverage:missed",
                "coverage.read",
                icon="list-check",
                order=30,
                query="?waiting=1",
            ),
            NavItem("now", _("Who answers"), "coverage:accountability", "coverage.read", icon="users", order=40),
        )
