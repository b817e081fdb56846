from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "firstline.rounds"
    label = "rounds"
