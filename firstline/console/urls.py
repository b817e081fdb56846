from __future__ import annotations

from django.urls import path

from firstline.console import views

app_name = "console"
urlpatterns = [
    path("language/", views.language, name="language"),
    path("work/<uuid:job_id>/", views.job, name="job"),
    path("work/<uuid:job_id>/stop/", views.job_cancel, name="job_cancel"),
]
