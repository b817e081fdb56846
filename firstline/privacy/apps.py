from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "firstline.privacy"
    label = "privacy"
