from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "firstline.privacy"
    label = "privacy"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from firstline.access import log_words, subjects
        from firstline.console import residents
        from firstline.console.nav import NavItem, register
        from firstline.console.queries import Work, register_work
        from firstline.core.errors import register_messages
        from firstline.privacy import errors, export_jobs, export_words, panels, rights_words, takes, todo, words
        from firstline.privacy import jobs as jobs  # its work registers itself
        from firstline.privacy.subjects import named

        register_messages(errors.MESSAGES)
        takes.register()
        export_jobs.register()
        todo.register()
        panels.register()
        subjects.register(named)
        register_work("privacy.export", Work(_("Writing an export"), "privacy:export", "export"))
        register_work(
            "privacy.end_emergency", Work(_("Deleting at the end of the emergency"), "privacy:ending", "ending")
        )
        log_words.register("rule", words.RULES)
        log_words.register("tables", words.TABLES)
        log_words.register("purpose", export_words.PURPOSES)
        log_words.register("kind", {**export_words.KINDS, **rights_words.KINDS})
        log_words.register("way", rights_words.WAYS)
        log_words.register("how", rights_words.HOW)
        log_words.register("outcome", rights_words.ALL_OUTCOMES)
        log_words.register("parts", rights_words.PARTS)
        residents.register(residents.Link(_("What is held about us"), "privacy:about"))
        register(
            NavItem("care", _("What is held and why"), "privacy:held", "", icon="shield-check", order=5),
            NavItem(
                "care",
                _("Residents' requests"),
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
