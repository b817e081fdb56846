from django.urls import path

from firstline.coverage import views

app_name = "coverage"
urlpatterns = [
    path("coverage/", views.missed, name="missed"),
    path("coverage/posts/", views.accountability, name="accountability"),
    path("coverage/<uuid:round_id>/refusals/<uuid:door_id>/", views.hand_refusal, name="hand_refusal"),
    path("map/", views.map_and_tree, name="map"),
    path("map/shapes.json", views.map_shapes, name="shapes"),
]
