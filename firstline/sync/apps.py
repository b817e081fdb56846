from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncConfig(AppConfig):
    name = "firstline.sync"
    label = "sync"

    def ready(self) -> None:
        from firstline.console import nav
        from firstline.console.nav import NavItem
        from firstline.core.errors import register_messages
        from firstline.core.fields import keep_key
        from firstline.sync import devices, keeping, push_errors, queries, sealing, waiting  # noqa: F401 - waiting registers its work
        from firstline.sync.errors import MESSAGES

        register_messages(MESSAGES | push_errors.MESSAGES)
        keep_key(sealing.PURPOSE)
        devices.register()
        keeping.register()
        nav.register(
            NavItem(
                "field", _("Held items"), "sync:inbox", "held.decide", icon="inbox", order=60, count=queries.waiting
            )
        )
