from __future__ import annotations

from django.urls import path

from firstline.rounds import openrosa, views

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
    path("openrosa/formList", openrosa.form_list, name="openrosa_forms"),
    path("openrosa/forms/<uuid:round_id>/", openrosa.form, name="openrosa_form"),
    path("openrosa/forms/<uuid:round_id>/manifest", openrosa.manifest, name="openrosa_manifest"),
    path("openrosa/forms/<uuid:round_id>/<str:list_name>", openrosa.list_, name="openrosa_list"),
]
