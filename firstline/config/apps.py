from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "firstline.config"
    label = "config"

    def ready(self) -> None:
        from firstline.config.errors import MESSAGES
        from firstline.config.reactions import register_reactions
        from firstline.core.errors import register_messages

        register_messages(MESSAGES)
        register_reactions()
