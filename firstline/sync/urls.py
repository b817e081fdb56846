from __future__ import annotations

from django.urls import path

from firstline.sync import conflict_views, device_views, views

app_name = "sync"
urlpatterns = [
    path("devices/", device_views.devices, name="devices"),
    path("devices/<uuid:device_id>/", device_views.device, name="device"),
    path("held/", views.inbox, name="inbox"),
    path("held/<uuid:held_id>/", views.item, name="item"),
    path("held/<uuid:held_id>/decide/", views.decide, name="decide"),
    path("held/conflicts/", conflict_views.inbox, name="conflicts"),
    path("held/conflicts/<uuid:conflict_id>/", conflict_views.item, name="conflict"),
    path("held/conflicts/<uuid:conflict_id>/decide/", conflict_views.decide, name="decide_conflict"),
    path("held/waiting/", conflict_views.waiting, name="waiting"),
    path("held/waiting/<uuid:received_id>/end/", conflict_views.end_wait, name="end_wait"),
]
