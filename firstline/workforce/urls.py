from __future__ import annotations

from django.urls import path

from firstline.workforce import views

app_name = "workforce"
urlpatterns = [
    path("posts/", views.posts, name="posts"),
    path("posts/new/", views.new_post, name="new_post"),
    path("posts/<uuid:post_id>/", views.post, name="post"),
    path("posts/<uuid:post_id>/hold/", views.hold, name="hold"),
    path("posts/<uuid:post_id>/end/", views.end_post, name="end_post"),
    path("holdings/<uuid:holding_id>/leave/", views.leave, name="leave"),
    path("staff/", views.responders, name="responders"),
    path("staff/new/", views.new_responder, name="new_responder"),
    path("staff/import/", views.import_list, name="import"),
    path("staff/<uuid:responder_id>/", views.responder, name="responder"),
    path("staff/<uuid:responder_id>/away/", views.away, name="away"),
    path("staff/<uuid:responder_id>/account/", views.account, name="account"),
    path("staff/<uuid:responder_id>/end/", views.end_responder, name="end_responder"),
    path("absences/<uuid:absence_id>/back/", views.back, name="back"),
]
