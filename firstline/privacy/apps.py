from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "firstline.privacy"
    label = "privacy"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from firstline.console import residents
        from firstline.console.nav import NavItem, register
        from firstline.core.errors import register_messages
        from firstline.privacy import errors, export_jobs, jobs, panels, takes, todo  # noqa: F401  jobs register their work

        register_messages(errors.MESSAGES)
        takes.register()
        export_jobs.register()
        todo.register()
        panels.register()
        residents.register(residents.Link(_("What is held about us"), "privacy:about"))
        register(
            NavItem("care", _("What is held and why"), "privacy:held", "", icon="shield-check", order=5),
            NavItem(
                "care",
                _("Requests of residents"),
                "privacy:requests",
                "rights.answer",
                icon="inbox",
                order=10,
                count=todo.requests_waiting,
            ),
            NavItem(
                "care",
                _("Exports of people"),
                "privacy:exports",
                "person.export",
                icon="file-export",
                order=20,
                count=todo.exports_waiting,
            ),
            NavItem(
                "care", _("Deletions and backups"), "privacy:deletions", "retention.configure", icon="trash", order=50
            ),
            NavItem("care", _("Deletions and backups"), "privacy:deletions_seen", "log.read", icon="trash", order=51),
            NavItem("care", _("End of the emergency"), "privacy:endings", "emergency.end", icon="lock", order=60),
        )
