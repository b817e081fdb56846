from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "firstline.console"
    label = "console"
