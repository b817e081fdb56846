from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "firstline.registry"
    label = "registry"

    def ready(self) -> None:
        from firstline.core.errors import register_messages
        from firstline.registry import counting, jobs  # noqa: F401 - they register the recounts and the work for later
        from firstline.registry.errors import MESSAGES

        register_messages(MESSAGES)
