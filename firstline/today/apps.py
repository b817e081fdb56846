from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "firstline.today"
    label = "today"
