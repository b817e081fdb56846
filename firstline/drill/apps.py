from django.apps import AppConfig


class DrillConfig(AppConfig):
    name = "firstline.drill"
    label = "drill"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from firstline.core.errors import register_messages

        register_messages(
            {
                "drill.not_empty": _(
                    "This installation already holds data, and a drill must never mix with it. Nothing was changed; "
                    "set FIRSTLINE_HOME (or FIRSTLINE_DATABASE_URL) to an empty place."
                ),
                "drill.too_small": _(
                    "A district has at least %(doors)s doors and is worked no fewer than 0 days. Nothing was made."
                ),
            }
        )
