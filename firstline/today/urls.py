from django.urls import path

from firstline.today import views

app_name = "today"
urlpatterns = [
    path("", views.start, name="start"),
    path("today/", views.today, name="board"),
    path("gaps/", views.gaps, name="gaps"),
]
