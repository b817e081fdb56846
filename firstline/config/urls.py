"""Every address of the product: pages by module, the API, sign-in."""

from __future__ import annotations

from django.urls import include, path

from firstline.config.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("firstline.access.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("firstline.console.urls")),
    path("areas/", include("firstline.areas.urls")),
    path("", include("firstline.registry.urls")),
    path("", include("firstline.workforce.urls")),
    path("", include("firstline.duty.urls")),
    path("", include("firstline.rounds.urls")),
    path("", include("firstline.visits.urls")),
    path("", include("firstline.sync.urls")),
    path("", include("firstline.privacy.urls")),
    path("", include("firstline.coverage.urls")),
    path("", include("firstline.reports.urls")),
    path("", include("firstline.today.urls")),
    path("", include("firstline.intake.urls")),
]
