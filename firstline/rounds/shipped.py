"""Installing questionnaires: those that come with the product, and any XLSForm of an office."""

from __future__ import annotations

from importlib.resources import files
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.core.ids import content_hash
from firstline.core.log import SYSTEM, Who
from firstline.rounds import forms
from firstline.rounds.models import Questionnaire

SHIPPED = ("arrival_screening", "welfare_check")


def install_shipped(actor: Who = SYSTEM) -> list[Questionnaire]:
    """The questionnaires of the product, in this version of it. Safe to repeat: what is there stays as it is."""
    folder = files("firstline.rounds") / "questionnaires"
    sources = [(folder / f"{name}.md").read_text(encoding="utf-8") for name in SHIPPED]
    return [_keep(actor, forms.compile(source, kind=".md")) for source in sources]


def install(actor: Actor, source: bytes) -> Questionnaire:
    """A questionnaire of an office, as an XLSForm workbook. One version never changes; a change is a new version."""
    actor.may("round.open")
    return _keep(actor, forms.compile(source))


@transaction.atomic
def _keep(who: Who, made: forms.Compiled) -> Questionnaire:
    mark = content_hash([made.xform, made.questions])
    stored, is_new = Questionnaire.objects.get_or_create(
        code=made.code,
        version=made.version,
        defaults={
            "titles": made.titles,
            "xform": made.xform,
            "questions": made.questions,
            "content_hash": mark,
            "created_at": clock.now(),
        },
    )
    if is_new:
        log.record(who, "questionnaire.installed", [stored.id], data={"code": made.code, "version": made.version})
    elif stored.content_hash != mark and who is not SYSTEM:
        raise Refused("form.version_taken", status=409, version=made.version)
    return stored


@transaction.atomic
def withdraw(actor: Actor, form_id: UUID) -> None:
    """No new round may use it; visits made from now on with it are held."""
    actor.may("round.open")
    if Questionnaire.objects.filter(pk=form_id, withdrawn_at__isnull=True).update(withdrawn_at=clock.now()):
        log.record(actor, "questionnaire.withdrawn", [form_id])
