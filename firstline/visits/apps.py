from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "firstline.visits"
    label = "visits"
