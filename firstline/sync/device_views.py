"""The phones of one's staff: who is up to date, whose phone holds something unsent, and revoking a lost one."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from firstline.access.doors import actor_of, needs
from firstline.console import paging
from firstline.console.toasts import toast
from firstline.sync import device_queries as queries
from firstline.sync import sign_in
from firstline.sync.device_forms import FilterForm, RevokeForm


@needs("device.revoke")
def devices(request: HttpRequest) -> HttpResponse:
    scope = actor_of(request).may("device.revoke")
    form = FilterForm(request.GET or None)
    chosen = form.chosen()
    page = paging.numbered(queries.devices(scope, **chosen), request.GET.get("page"))
    context = {"page": page, "views": queries.views(page.items), "form": form, "state": chosen["state"]}
    context["phone_address"] = f"{settings.PUBLIC_URL}/phone/"
    return render(request, "sync/devices.html", context)


@needs("device.revoke")
def device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """One phone; with a reason, it is revoked."""
    actor = actor_of(request)
    [view] = queries.views([queries.device(actor.may("device.revoke"), device_id)])
    form = RevokeForm(request.POST or None)
    if form.is_valid():
        sign_in.revoke(actor, device_id, reason=form.cleaned_data["reason"])
        toast(request, _("Revoked: at its next contact the phone is wiped, and what it sends is held for you."))
        return redirect("sync:device", device_id)
    return render(request, "sync/device.html", {"view": view, "form": form})
