from __future__ import annotations

from django.urls import path

from firstline.sync import views

app_name = "sync"
urlpatterns = [
    path("held/", views.inbox, name="inbox"),
    path("held/<uuid:held_id>/", views.item, name="item"),
    path("held/<uuid:held_id>/decide/", views.decide, name="decide"),
]
