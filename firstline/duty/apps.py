from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "firstline.duty"
    label = "duty"
