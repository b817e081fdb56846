from django.urls import path

from firstline.reports import views

app_name = "reports"
urlpatterns = [
    path("briefs/", views.brief, name="brief"),
    path("briefs/freeze/", views.freeze, name="freeze"),
    path("briefs/figures/<slug:code>/", views.figure, name="figure"),
    path("briefs/<uuid:brief_id>/", views.frozen, name="frozen"),
    path("briefs/<uuid:brief_id>/sign/", views.sign, name="sign"),
]
