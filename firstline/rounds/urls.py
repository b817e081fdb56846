from __future__ import annotations

from django.urls import path

from firstline.rounds import views

app_name = "rounds"
urlpatterns = [
    path("rounds/", views.rounds, name="list"),
    path("rounds/new/", views.new, name="new"),
    path("rounds/questionnaires/", views.questionnaires, name="questionnaires"),
    path("rounds/questionnaires/<uuid:questionnaire_id>/", views.questionnaire, name="questionnaire"),
    path("rounds/<uuid:round_id>/", views.round_, name="round"),
    path("rounds/<uuid:round_id>/open/", views.open_, name="open"),
    path("rounds/<uuid:round_id>/pause/", views.pause, name="pause"),
    path("rounds/<uuid:round_id>/resume/", views.resume, name="resume"),
    path("rounds/<uuid:round_id>/extend/", views.extend, name="extend"),
    path("rounds/<uuid:round_id>/close/", views.close, name="close"),
]
