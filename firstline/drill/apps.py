from django.apps import AppConfig


class DrillConfig(AppConfig):
    name = "firstline.drill"
    label = "drill"
