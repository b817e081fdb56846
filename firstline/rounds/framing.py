"""A questionnaire inside the form that ODK Collect and its kin fill in: which door, how it went, then the questions.

The frame (questionnaires/visit_frame.md) is an XLSForm like any other. The questionnaire's own XForm is moved into its
group `answers`, one step deeper, so that nothing a form can say (choice filters, repeat counts, outputs) is lost.
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from hashlib import md5
from importlib.resources import files
from typing import Any
from uuid import UUID

from lxml import etree  # type: ignore[import-untyped]
from pyxform.xls2xform import convert

from firstline.rounds import forms
from firstline.rounds.models import Round

X = "{http://www.w3.org/2002/xforms}"
H = "{http://www.w3.org/1999/xhtml}"
PREFIX = "firstline-"  # of a form's id; the rest is the round's
FRAME = "visit_frame.md"
INTO = "answers"
PATH = re.compile(r"/data(?=/)")
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
Element = Any


def form_id(round_id: UUID) -> str:
    return f"{PREFIX}{round_id}"


def form_of(chosen: Round) -> bytes:
    """The form of a round. Made once: neither a questionnaire nor the frame changes while the product runs."""
    form = chosen.questionnaire
    return _made(chosen.id, chosen.name, form.id, form.version, form.xform if form.questions else "")


def hash_of(content: bytes) -> str:
    """As OpenRosa wants it; it recognises a change and protects nothing."""
    return "md5:" + md5(content, usedforsecurity=False).hexdigest()


@lru_cache(maxsize=1)
def _frame() -> str:
    source = (files("firstline.rounds") / "questionnaires" / FRAME).read_text(encoding="utf-8")
    return str(convert(source, file_type=".md").xform)


@lru_cache(maxsize=128)
def _made(round_id: UUID, name: str, questionnaire_id: UUID, version: str, xform: str) -> bytes:
    frame = etree.fromstring(_frame().encode(), PARSER)
    frame.find(f"{H}head/{H}title").text = name
    data = _data(frame)
    data.set("id", form_id(round_id))
    data.set("version", version)
    for field, value in (("round", round_id), ("form", questionnaire_id), ("form_version", version)):
        data.find(X + field).text = str(value)
    if xform:
        _put_in(frame, etree.fromstring(xform.encode(), PARSER))
    made: bytes = etree.tostring(frame, xml_declaration=True, encoding="UTF-8")
    return made


def _model(form: Element) -> Element:
    return form.find(f"{H}head/{X}model")


def _data(form: Element) -> Element:
    return _model(form).find(f"{X}instance")[0]


def _put_in(frame: Element, form: Element) -> None:
    _one_step_deeper(form)
    _never_required(form)
    _instances(frame, form)
    _words(frame, form)
    model = _model(frame)
    for bind in _model(form).findall(f"{X}bind"):
        if not bind.get("nodeset", "").startswith(f"/data/{INTO}/meta"):
            model.append(deepcopy(bind))
    group = frame.find(f"{H}body/{X}group[@ref='/data/{INTO}']")
    group.extend(deepcopy(control) for control in form.find(f"{H}body"))


def _one_step_deeper(form: Element) -> None:
    for element in form.iter(etree.Element):
        for name, value in element.attrib.items():
            if "/data/" in value:
                element.set(name, PATH.sub(f"/data/{INTO}", value))


def _never_required(form: Element) -> None:
    """Not obtained is a lawful answer, and a question left empty is how one gives it there."""
    for bind in _model(form).findall(f"{X}bind"):
        bind.attrib.pop("required", None)


def _instances(frame: Element, form: Element) -> None:
    """The questions after the frame's own hint, and the choice lists after its own."""
    inside = _data(frame).find(X + INTO)
    inside.extend(deepcopy(node) for node in _data(form) if etree.QName(node).localname != "meta")
    lists = _model(frame).findall(f"{X}instance")
    have = {one.get("id") for one in lists}
    for one in reversed(_model(form).findall(f"{X}instance")[1:]):
        if one.get("id") not in have:
            lists[-1].addnext(deepcopy(one))


def _words(frame: Element, form: Element) -> None:
    """Each language of the frame gets the texts of the form's same language; else of its first one."""
    theirs = _model(form).findall(f"{X}itext/{X}translation")
    by_code = {_code(one): one for one in theirs}
    for ours in _model(frame).findall(f"{X}itext/{X}translation"):
        found = by_code.get(_code(ours), theirs[0] if theirs else [])
        ours.extend(deepcopy(text) for text in found)


def _code(translation: Element) -> str:
    match = forms.LANGUAGE.search(translation.get("lang", ""))
    return match[1] if match else ""
