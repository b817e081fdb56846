from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "firstline.access"
    label = "access"

    def ready(self) -> None:
        from firstline.access import errors, sessions  # noqa: F401 - sessions listens to sign-in
        from firstline.access.nav import register_nav
        from firstline.core.errors import register_messages

        register_messages(errors.MESSAGES)
        register_nav()
