from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "firstline.config"
    label = "config"

    def ready(self) -> None:
        from firstline.config.reactions import register_reactions

        register_reactions()
