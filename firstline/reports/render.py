"""The same brief as plain text and as a Word file. The page is a template; JSON is `Briefing.as_json`."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from firstline.console import words
from firstline.core import clock
from firstline.reports.queries import Briefing


def title(brief: Briefing) -> str:
    return _("%(place)s: brief of %(day)s") % {"place": brief.area.name, "day": words.day(brief.day)}


def as_of(brief: Briefing) -> str:
    """Of an earlier day only what happened on it is that day's; stocks are those of the moment."""
    moment = {"moment": words.moment(brief.as_of)}
    if brief.day < clock.reporting_day(brief.as_of):
        return _("Attempts and finds are those of the day; all other figures as of %(moment)s") % moment
    return _("Figures as of %(moment)s") % moment


def lead(brief: Briefing) -> str:
    """The sentence that opens the brief: the first thing said is who is not reached yet."""
    if brief.get("not_reached") is None:
        return _("No round is open here. %(doors)s doors are on the register.") % {
            "doors": words.number(brief.get("doors") or 0)
        }
    return _("%(not_reached)s doors are not reached yet, %(untried)s of them never tried; %(reached)s are reached.") % {
        "not_reached": words.number(brief.get("not_reached")),
        "untried": words.number(brief.get("untried")),
        "reached": words.number(brief.get("reached")),
    }


def text(brief: Briefing) -> str:
    """For messages and printers: one figure a line."""
    lines = [title(brief), as_of(brief), "", lead(brief), ""]
    lines += [
        _("%(name)s: %(value)s %(unit)s") % {"name": told.name, "value": words.number(told.value), "unit": told.unit}
        for told in brief.figures
    ]
    if brief.frozen and brief.frozen.correction_reason:
        lines += ["", _("Correction: %(reason)s") % {"reason": brief.frozen.correction_reason}]
    return "\n".join(lines) + "\n"


def docx(brief: Briefing) -> bytes:
    """A Word file in the form offices pass on: title, as-of line, lead, one table of figures."""
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "SimSun")
    heading = document.add_heading(title(brief), level=1)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(as_of(brief)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(lead(brief))
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, word in zip(table.rows[0].cells, (_("Figure"), _("Value"), _("Unit")), strict=True):
        cell.text = word
    for told in brief.figures:
        for cell, word in zip(table.add_row().cells, (told.name, words.number(told.value), told.unit), strict=True):
            cell.text = word
    if brief.frozen and brief.frozen.correction_reason:
        document.add_paragraph(_("Correction: %(reason)s") % {"reason": brief.frozen.correction_reason})
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
