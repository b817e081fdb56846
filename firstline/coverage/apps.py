from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "firstline.coverage"
    label = "coverage"
