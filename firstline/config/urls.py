"""Every address of the product: pages by module, the API, sign-in."""

from __future__ import annotations

from django.urls import include, path

from firstline.config.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("firstline.console.urls")),
    path("", include("firstline.workforce.urls")),
    path("", include("firstline.duty.urls")),
]
