from __future__ import annotations

from django.urls import path

from firstline.duty import views

app_name = "duty"
urlpatterns = [
    path("duty/", views.board, name="board"),
    path("duty/hand-over/", views.hand_over, name="hand_over"),
    path("duty/posts/<uuid:post_id>/", views.post, name="post"),
    path("duty/undo/<uuid:log_id>/", views.undo, name="undo"),
    path("duty/<uuid:area_id>/", views.board_of, name="board_of"),
    path("duty/<uuid:area_id>/assign/", views.assign, name="assign"),
    path("duty/<uuid:area_id>/end/", views.end, name="end"),
    path("duty/<uuid:area_id>/split/", views.split, name="split"),
    path("duty/<uuid:area_id>/split/accept/", views.accept_split, name="accept_split"),
]
