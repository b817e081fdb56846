from __future__ import annotations

from django.urls import path

from firstline.visits import openrosa
from firstline.visits.views import paper, record, resident

app_name = "visits"
urlpatterns = [
    path("doors/<uuid:door_id>/visit/", record.record, name="record"),
    path("paper/", paper.paper, name="paper"),
    path("paper/print/", paper.print_, name="print"),
    path("paper/<uuid:list_id>/", paper.worklist, name="worklist"),
    path("paper/<uuid:list_id>/entry/", paper.entry, name="entry"),
    path("paper/<uuid:list_id>/back/", paper.back, name="back"),
    path("calls/", paper.calls, name="calls"),
    path("r/", resident.start, name="start"),
    path("r/done/", resident.done, name="report_done"),
    path("r/write/", resident.write, name="write"),
    path("r/<str:code>/", resident.report, name="report"),
    path("openrosa/submission", openrosa.submission, name="openrosa_submission"),
]
