from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "firstline.intake"
    label = "intake"

    def ready(self) -> None:
        from firstline.core.errors import register_messages
        from firstline.intake import errors, jobs  # noqa: F401 - registers the jobs

        register_messages(errors.MESSAGES)
