from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncConfig(AppConfig):
    name = "firstline.sync"
    label = "sync"

    def ready(self) -> None:
        from firstline.console import nav, todo
        from firstline.console.nav import NavItem
        from firstline.core.errors import register_messages
        from firstline.core.fields import keep_key
        from firstline.sync import (  # noqa: F401 - waiting registers its work
            device_queries,
            devices,
            holding,
            inbox_figures,
            keeping,
            keeping_push,
            push_errors,
            sealing,
            waiting,
        )
        from firstline.sync.errors import MESSAGES

        register_messages(MESSAGES | push_errors.MESSAGES)
        keep_key(sealing.PURPOSE)
        todo.register_to_decide(inbox_figures.lines)
        devices.register()
        keeping.register()
        keeping_push.register()
        holding.register()
        todo.register_to_decide(device_queries.lines)
        nav.register(NavItem("people", _("Phones"), "sync:devices", "device.revoke", icon="device-mobile", order=65))
        nav.register(
            NavItem(
                "field",
                _("Held and conflicts"),
                "sync:inbox",
                "held.decide",
                icon="inbox",
                order=60,
                count=inbox_figures.to_do,
            )
        )
