from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "firstline.areas"
    label = "areas"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from firstline.areas import errors, queries
        from firstline.console import context, nav
        from firstline.core.errors import register_messages

        register_messages(errors.MESSAGES)
        context.register_zone_name(queries.zone_name)
        nav.register(
            nav.NavItem("places", _("Areas"), "areas:tree", "area.read", icon="sitemap", order=60),
            nav.NavItem("places", _("Grids"), "areas:grids", "area.read", icon="grid-dots", order=61),
            nav.NavItem("in", _("Official lists"), "areas:lists", "area.import", icon="list-check", order=10),
        )
