from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "firstline.workforce"
    label = "workforce"
