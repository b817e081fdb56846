from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "firstline.sync"
    label = "sync"
