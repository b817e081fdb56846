from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkforceConfig(AppConfig):
    name = "firstline.workforce"
    label = "workforce"

    def ready(self) -> None:
        from firstline.console.nav import NavItem, register
        from firstline.core.errors import register_messages
        from firstline.registry.posts import beats_from
        from firstline.workforce import due  # noqa: F401  (registers what falls due)
        from firstline.workforce.errors import MESSAGES
        from firstline.workforce.queries import beats

        register_messages(MESSAGES)
        beats_from(beats)
        register(
            NavItem("people", _("Posts"), "workforce:posts", "post.edit", icon="briefcase", order=10),
            NavItem("people", _("Staff and volunteers"), "workforce:responders", "post.edit", icon="users", order=20),
        )
