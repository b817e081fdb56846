import gc

from django.apps import AppConfig

# Rows by the thousand make the collector walk through everything every few hundred objects, and find nothing: without it an
# import of a roster takes an eighth less.
THRESHOLDS = (50_000, 20, 100)


class ConfigConfig(AppConfig):
    name = "firstline.config"
    label = "config"

    def ready(self) -> None:
        from firstline.config.errors import MESSAGES
        from firstline.config.reactions import register_reactions
        from firstline.core.errors import register_messages

        register_messages(MESSAGES)
        register_reactions()
        gc.freeze()  # what has been loaded by now stays as long as the process
        gc.set_threshold(*THRESHOLDS)
