from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "firstline.registry"
    label = "registry"

    def ready(self) -> None:
        from firstline.access import branches
        from firstline.console.nav import NavItem, Search, register, register_search
        from firstline.core.errors import register_messages
        from firstline.registry import branch, counting, follow, jobs  # noqa: F401 - they register the recounts and the work for later
        from firstline.registry.errors import MESSAGES

        branches.register("estate", branch.find, branch.options)
        register_messages(MESSAGES)
        register(
            NavItem("places", _("Doors"), "registry:doors", "door.read", icon="door", order=20),
            NavItem("places", _("Estates"), "registry:estates", "door.read", icon="building", order=30),
            NavItem("places", _("Present elsewhere"), "registry:present", "household.edit", icon="map-pin", order=60),
            NavItem(
                "places", _("Possible duplicates"), "registry:doubles", "duplicate.merge", icon="git-merge", order=70
            ),
        )
        register_search(Search("registry:search", "door.read", _("Door, full phone or full name")))
        _declare_fingerprints()


def _declare_fingerprints() -> None:
    """So that a change of keys renews the index of telephone numbers, and leaves those of identity numbers matching."""
    from firstline.core.fields import blind_index, keep_fingerprints
    from firstline.registry.search import phone_index

    blind_index("registry.Contact", "phone", "phone_index", phone_index)
    keep_fingerprints("identity")
