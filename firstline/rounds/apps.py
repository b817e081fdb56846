from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "firstline.rounds"
    label = "rounds"

    def ready(self) -> None:
        from firstline.core.errors import register_messages
        from firstline.rounds import jobs  # noqa: F401  registers what falls due
        from firstline.rounds.errors import MESSAGES

        register_messages(MESSAGES)
