from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "firstline.visits"
    label = "visits"

    def ready(self) -> None:
        from firstline.core.errors import register_messages
        from firstline.visits.errors import MESSAGES

        register_messages(MESSAGES)
