"""What is held and why, what was deleted, and the end of an emergency."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstline.access import queries as access
from firstline.access.doors import actor_of, needs, signed_in
from firstline.console.paging import numbered
from firstline.console.words import moment
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.privacy import actions, certificate, queries, retention, words
from firstline.privacy.forms import AskForm


@require_GET
@signed_in("what is held and why is no secret to those who work with it; it shows declarations and counts")
def held(request: HttpRequest) -> HttpResponse:
    """The table of all declarations."""
    return render(request, "privacy/held.html", {"tables": queries.register(), "as_of": clock.now()})


@require_GET
@signed_in("the processing register, to be printed: declarations and counts")
def register(request: HttpRequest) -> HttpResponse:
    crumbs = [(_("What is held and why"), reverse("privacy:held")), (_("Processing register"), "")]
    context = {"tables": queries.register(), "as_of": clock.now(), "crumbs": crumbs}
    return render(request, "privacy/register.html", context)


@require_GET
@needs("retention.configure")
def deletions(request: HttpRequest) -> HttpResponse:
    return _deletions(request, may_run=True)


@require_GET
@needs("log.read")
def deletions_seen(request: HttpRequest) -> HttpResponse:
    """The same for the auditor, who changes nothing."""
    return _deletions(request, may_run=False)


def _deletions(request: HttpRequest, *, may_run: bool) -> HttpResponse:
    context = {
        "rules": queries.last_runs(),
        "page": numbered(queries.runs(), request.GET.get("page", "")),
        "backups": queries.backups(),
        "may_run": may_run,
        "backup_command": "firstline backup FILE",
        "words": words.RULES,
        "table_words": words.TABLES,
    }
    return render(request, "privacy/deletions.html", context)


@require_POST
@needs("retention.configure")
def run_now(request: HttpRequest) -> HttpResponse:
    done = retention.run(actor_of(request))
    messages.success(request, _("Done. Records deleted: %(rows)s.") % {"rows": sum(done.values())})
    return redirect("privacy:deletions")


@require_http_methods(["GET", "POST"])
@needs("emergency.end")
def endings(request: HttpRequest) -> HttpResponse:
    """Ask for the end of the emergency, and see how earlier requests went."""
    actor = actor_of(request)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.ask_for_the_end(actor, new_id(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Asked for. Nothing is deleted before a second person has agreed."))
        return redirect("privacy:ending", ending_id=made.id)
    found = queries.endings(actor.may("emergency.end"))
    context = {
        "form": form,
        "endings": found,
        "open": queries.open_ending(found),
        "names": access.names(one.asked_by for one in found),
        "emptied": queries.to_be_emptied(),
        "now": clock.now(),
    }
    return render(request, "privacy/endings.html", context)


@require_GET
@needs("emergency.end")
def ending(request: HttpRequest, ending_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = queries.ending(actor.may("emergency.end"), ending_id)
    context = {
        "ending": found,
        "asked_by": queries.staff_name(found.asked_by),
        "agreed_by": queries.staff_name(found.agreed_by),
        "is_mine": found.asked_by == actor.id,
        "emptied": queries.to_be_emptied() if found.state == "waiting" else [],
        "lines": queries.certificate_lines(found) if found.state == "done" else {},
        "crumbs": _crumbs(),
        "now": clock.now(),
    }
    return render(request, "privacy/ending.html", context)


def _crumbs(found: Any = None) -> list[tuple[str, str]]:
    """The way back to the list, and from a paper to what it is about."""
    crumbs = [(_("End of the emergency"), reverse("privacy:endings"))]
    if found:
        crumbs.append((moment(found.asked_at), reverse("privacy:ending", args=[found.id])))
    return [*crumbs, (_("Certificate") if found else _("Request"), "")]


@require_POST
@needs("emergency.end")
def agree(request: HttpRequest, ending_id: UUID) -> HttpResponse:
    found = actions.agree_to_the_end(actor_of(request), ending_id)
    return redirect("privacy:ending", ending_id=found.id)


@require_POST
@needs("emergency.end")
def withdraw(request: HttpRequest, ending_id: UUID) -> HttpResponse:
    actions.withdraw_the_end(actor_of(request), ending_id)
    messages.success(request, _("Called off. Nothing was deleted."))
    return redirect("privacy:endings")


@require_GET
@needs("emergency.end")
def paper(request: HttpRequest, ending_id: UUID) -> HttpResponse:
    """The certificate, to be printed, or as JSON with its signature."""
    found = queries.ending(actor_of(request).may("emergency.end"), ending_id)
    if found.certificate is None:
        raise Refused("ending.not_done", status=409)
    if request.GET.get("format") == "json":
        told = {"certificate": found.certificate, "signature": found.signature, "public_key": found.public_key}
        answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
        answer["Content-Disposition"] = 'attachment; filename="certificate.json"'
        return answer
    context = {
        "ending": found,
        "asked_by": queries.staff_name(found.asked_by),
        "agreed_by": queries.staff_name(found.agreed_by),
        "genuine": certificate.is_genuine(found.certificate, found.signature, found.public_key),
        "lines": queries.certificate_lines(found),
        "crumbs": _crumbs(found),
    }
    return render(request, "privacy/certificate.html", context)
