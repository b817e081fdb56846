from __future__ import annotations

from django.urls import path

from firstline.privacy import views

app_name = "privacy"
urlpatterns = [
    path("protection/held/", views.held, name="held"),
    path("protection/register/", views.register, name="register"),
    path("protection/deletions/", views.deletions, name="deletions"),
    path("protection/deletions/run/", views.run_now, name="run"),
    path("protection/deletions/seen/", views.deletions_seen, name="deletions_seen"),
    path("protection/end/", views.endings, name="endings"),
    path("protection/end/<uuid:ending_id>/", views.ending, name="ending"),
    path("protection/end/<uuid:ending_id>/agree/", views.agree, name="agree"),
    path("protection/end/<uuid:ending_id>/withdraw/", views.withdraw, name="withdraw"),
    path("protection/end/<uuid:ending_id>/certificate/", views.paper, name="certificate"),
]
