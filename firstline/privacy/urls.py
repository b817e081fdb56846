from __future__ import annotations

from django.urls import path

from firstline.privacy import export_views, rights_resident, rights_views, views

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
    path("protection/exports/", export_views.exports, name="exports"),
    path("protection/exports/new/", export_views.ask, name="ask"),
    path("protection/exports/<uuid:export_id>/", export_views.export, name="export"),
    path("protection/exports/<uuid:export_id>/approve/", export_views.approve, name="export_approve"),
    path("protection/exports/<uuid:export_id>/refuse/", export_views.refuse, name="export_refuse"),
    path("protection/exports/<uuid:export_id>/withdraw/", export_views.withdraw, name="export_withdraw"),
    path("protection/exports/<uuid:export_id>/again/", export_views.again, name="export_again"),
    path("protection/exports/<uuid:export_id>/file/", export_views.fetch, name="export_fetch"),
    path("protection/residents/", rights_views.requests, name="requests"),
    path("protection/residents/new/<uuid:door_id>/", rights_views.enter, name="enter"),
    path("protection/residents/<uuid:request_id>/", rights_views.request_, name="request"),
    path("protection/residents/<uuid:request_id>/open/", rights_views.open_, name="request_open"),
    path("protection/residents/<uuid:request_id>/identify/", rights_views.identify, name="request_identify"),
    path("protection/residents/<uuid:request_id>/copy/", rights_views.copy, name="request_copy"),
    path("protection/residents/<uuid:request_id>/delete/", rights_views.delete, name="request_delete"),
    path("protection/residents/<uuid:request_id>/answer/", rights_views.answer, name="request_answer"),
    path("protection/residents/<uuid:request_id>/decline/", rights_views.decline, name="request_decline"),
    path("protection/residents/<uuid:request_id>/pin/", rights_views.pin, name="request_pin"),
    path("r/about/code/", rights_resident.about, name="about"),
    path("r/about/follow/", rights_resident.follow, name="follow"),
    path("r/about/form/", rights_resident.form, name="form"),
    path("r/<str:code>/held/", rights_resident.door, name="door"),
    path("r/<str:code>/ask/<slug:kind>/", rights_resident.ask, name="resident_ask"),
]
