from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "firstline.core"
    label = "core"

    def ready(self) -> None:
        from firstline.core import rotation  # noqa: F401  registers what it does at night
