"""One's own things: the account page, the language, setting a password with a printed code."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.views import PasswordChangeView
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from firstline.access import actions, forms, queries
from firstline.access.adapter import speak
from firstline.access.doors import actor_of, public, signed_in
from firstline.console.toasts import toast
from firstline.core.errors import Refused


@signed_in("one's own name, language, roles and second step")
def me(request: HttpRequest) -> HttpResponse:
    actor_of(request)
    form = forms.MeForm(request.POST or None, initial={"name": request.user.name, "language": request.user.language})  # type: ignore[union-attr]
    if form.is_valid():
        return _saved(request, form.cleaned_data["name"], form.cleaned_data["language"])
    return render(request, "access/me.html", {
        "form": form,
        "grants": queries.named_once(queries.live_grants([request.user.id])[request.user.id]),  # type: ignore[union-attr]
        "second_step": queries.has_second_factor(request.user),  # type: ignore[arg-type]
        "must_have": settings.REQUIRE_MFA and request.user.kind == "office",  # type: ignore[union-attr]
    })  # fmt: skip


def _saved(request: HttpRequest, name: str, language: str) -> HttpResponse:
    actions.edit_own(actor_of(request), name=name, language=language)
    response = redirect("access:me")
    speak(response, language)
    toast(request, _("Saved."))
    return response


@signed_in("an office account sets up its second step before anything else")
def second_step(request: HttpRequest) -> HttpResponse:
    if queries.has_second_factor(request.user):  # type: ignore[arg-type]
        return redirect("/")
    return render(request, "access/second_step.html")


@public("somebody with a printed code has no password yet")
@never_cache
@sensitive_post_parameters()
def activate(request: HttpRequest, code: str = "") -> HttpResponse:
    """Set a password with a printed code; signed in at once, and led to the second step where one is needed."""
    form = forms.ActivateForm(request.POST or None, initial={"code": code})
    if form.is_valid():
        given = form.cleaned_data
        try:
            account = actions.activate(given["code"], given["password"], address=get_adapter().get_client_ip(request))
        except Refused as refused:
            form.add_error("password" if refused.code == "account.password_weak" else "code", refused.text)
            return render(request, "access/activate.html", {"form": form}, status=refused.status)
        login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect("/")
    return render(request, "access/activate.html", {"form": form})


class _ChangePassword(PasswordChangeView):  # type: ignore[misc]
    form_class = forms.PasswordForm


change_password = signed_in("one's own password")(_ChangePassword.as_view())


@public("somebody who forgot the password cannot sign in")
def forgotten(request: HttpRequest) -> HttpResponse:
    """There is no e-mail: the office prints a new sheet."""
    return render(request, "access/forgotten.html")
