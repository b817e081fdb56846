from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "firstline.intake"
    label = "intake"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from firstline.console.nav import NavItem, register
        from firstline.core.errors import register_messages
        from firstline.intake import errors, jobs, keeping, panels  # noqa: F401 - jobs registers its work

        register_messages(errors.MESSAGES)
        keeping.register()
        panels.register_panels()
        register(
            NavItem("in", _("Rosters"), "intake:imports", "roster.import", icon="file-import", order=20),
            NavItem(
                "in",
                _("Rows to review"),
                "intake:review",
                "roster.import",
                icon="inbox",
                order=21,
                count=panels.waiting,
            ),
        )
