from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "firstline.coverage"
    label = "coverage"

    def ready(self) -> None:
        from firstline.core.errors import register_messages
        from firstline.coverage import actions, errors, proof  # noqa: F401 - registers jobs, due kinds, recounts

        register_messages(errors.MESSAGES)
